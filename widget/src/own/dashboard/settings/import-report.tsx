import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { isWord, t, words } from "../desk.ts";
import type { Import, Imports, Report } from "../state/imports.ts";
import { HowFields, useHow } from "./import-how.tsx";

const JOINS = 3; // threads that are named at first
const HOSTS = 20; // that can be mapped here
const ORDER = ["published", "pending", "spam", "rejected", "deleted"];

interface Props {
	s: Imports;
	at: Import;
	report: Report;
}

/** ReportOf is what a file would bring, or brings. */
export function ReportOf({ s, at, report }: Props) {
	const skipped = report.skipped.reduce((n, g) => n + g.count, 0);
	const ready = at.state === "ready";
	return (
		<>
			<section class="sub2" aria-label={t("import_dry")}>
				<h3 class="h3">{t("import_dry")}</h3>
				<p class="hint">{t(ready ? "import_dry_says" : "import_dry_now")}</p>
				<dl class="kpi">
					{(
						[
							["import_pages", report.threads],
							["import_people", report.people],
							["import_comments", report.comments],
							["import_skipped", skipped],
						] as const
					).map(([name, n]) => (
						<div key={name}>
							<dt>{t(name)}</dt>
							<dd>{words.number(n)}</dd>
						</div>
					))}
				</dl>
				{report.known > 0 && <p class="hint">{t("import_known", { n: report.known })}</p>}
				<div class="two2">
					<Statuses report={report} />
					{report.skipped.length > 0 && <Skipped report={report} />}
				</div>
				{report.skipped.length > 0 && at.file && (
					<p>
						<a class="lnk" href={s.api(`/${at.id}/skipped.csv`)} download="">
							{t("import_skipped_file")}
						</a>
					</p>
				)}
			</section>
			{ready && <Hosts key={JSON.stringify(at.how)} s={s} at={at} report={report} />}
			{report.joined > 0 && <Joins report={report} />}
		</>
	);
}

/** statusName is what a comment's state is called. */
function statusName(status: string): string {
	const key = `status_${status}`;
	return isWord(key) ? t(key) : status;
}

function Statuses({ report }: { report: Report }) {
	const rows = Object.entries(report.statuses).sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
	return (
		<table class="ct">
			<caption class="h3">{t("import_by_status")}</caption>
			<tbody>
				{rows.map(([status, n]) => (
					<tr key={status}>
						<th scope="row">
							{statusName(status)}
							{status === "deleted" && <small>{t("import_deleted_says")}</small>}
						</th>
						<td>{words.number(n)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Skipped({ report }: { report: Report }) {
	return (
		<table class="ct">
			<caption class="h3">{t("import_skipped")}</caption>
			<tbody>
				{report.skipped.map((g) => (
					<tr key={g.why}>
						<th scope="row">
							<details>
								<summary>{g.why.charAt(0).toUpperCase() + g.why.slice(1)}</summary>
								<ul>
									{g.first.map((x, i) => (
										<li key={`${i} ${x.id}`}>
											<code>{x.id}</code>
											{x.why.startsWith(g.why) ? x.why.slice(g.why.length) : ""}
										</li>
									))}
									{g.count > g.first.length && <li>{t("import_more_rows", { n: g.count - g.first.length })}</li>}
								</ul>
							</details>
						</th>
						<td>{words.number(g.count)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

/** Hosts are addresses that are not this site's, with what they are now. */
function Hosts({ s, at, report }: Props) {
	const box = useRef<HTMLDivElement>(null);
	const changed = useSignal(false);
	const busy = useSignal(false);
	const how = useHow(at.how);
	const foreign = [...report.hosts].sort((a, b) => b.comments - a.comments);
	const mapped = Object.keys(at.how.map_host).filter((x) => !foreign.some((y) => y.host === x));
	const rows = [...foreign.slice(0, HOSTS), ...mapped.map((host) => ({ host, pages: 0, comments: 0 }))];
	const own = s.desk.site.origin.replace(/^https?:\/\//, "");
	const read = async () => {
		const map: Record<string, string> = {};
		for (const el of box.current?.querySelectorAll<HTMLInputElement>("input[data-host]") ?? [])
			if (el.value.trim()) map[el.dataset["host"] ?? ""] = el.value.trim();
		busy.value = true;
		await s.change({ ...how.said(), map_host: map });
		busy.value = false;
	};
	return (
		<>
			{rows.length > 0 && (
				<section class="sub2" aria-label={t("import_hosts")}>
					<h3 class="h3">{t("import_hosts")}</h3>
					<p class="hint">{t("import_hosts_says")}</p>
					<div class="rows" ref={box}>
						{rows.map((x) => (
							<div class="map" key={x.host}>
								<span>
									<code>{x.host}</code>
									<span class="t">
										{x.pages > 0
											? `${t("import_n_pages", { n: x.pages })} · ${t("import_n_comments", { n: x.comments })}`
											: t("import_mapped")}
									</span>
								</span>
								<Icon name="cl" cls="i to" />
								<input
									class="inp"
									data-host={x.host}
									aria-label={t("import_now_at", { host: x.host })}
									placeholder={own}
									defaultValue={at.how.map_host[x.host] ?? ""}
									autocomplete="off"
									spellcheck={false}
									onInput={() => {
										changed.value = true;
									}}
									onKeyDown={(e) => e.key === "Enter" && void read()}
								/>
							</div>
						))}
					</div>
					{foreign.length > HOSTS && <p class="hint">{t("import_more_hosts", { n: foreign.length - HOSTS })}</p>}
					<div class="fx">
						<button type="button" class="btn sm" disabled={!changed.value || busy.value} onClick={() => void read()}>
							{t("import_read_again")}
						</button>
					</div>
				</section>
			)}
			<HowFields how={how}>
				<div class="fx">
					<button type="button" class="btn sm" disabled={busy.value} onClick={() => void read()}>
						{t("import_read_so")}
					</button>
				</div>
			</HowFields>
		</>
	);
}

function Joins({ report }: { report: Report }) {
	const all = useSignal(false);
	const shown = all.value ? report.joins : report.joins.slice(0, JOINS);
	return (
		<section class="sub2" aria-label={t("import_joins", { n: report.joined })}>
			<h3 class="h3">{t("import_joins", { n: report.joined })}</h3>
			<p class="hint">{t("import_joins_says")}</p>
			<table class="ct">
				<thead class="sr">
					<tr>
						<th scope="col">{t("import_thread")}</th>
						<th scope="col">{t("import_here")}</th>
					</tr>
				</thead>
				<tbody>
					{shown.map((x) => (
						<tr key={x.key}>
							<th scope="row">{x.title || x.key}</th>
							<td>{`${words.number(x.here)} + ${words.number(x.adds)}`}</td>
						</tr>
					))}
				</tbody>
			</table>
			{report.joins.length > shown.length && (
				<p>
					<button
						type="button"
						class="lnk"
						onClick={() => {
							all.value = true;
						}}
					>
						{t("import_show", { n: report.joins.length })}
					</button>
				</p>
			)}
		</section>
	);
}
