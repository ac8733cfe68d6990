import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { mounted } from "../../ui/mounted.tsx";
import { ago, clock, type Desk, type Screen, t, words } from "../desk.ts";
import { newSite } from "../newsite.tsx";
import { useFocusKept } from "../parts/beside.tsx";
import { Sections } from "../parts/sections.tsx";
import { Server, type State } from "../state/server.ts";
import { Jobs } from "./jobs.tsx";
import { Operators } from "./operators.tsx";

const KB = 1024;
const LOW = 1024 ** 3; // bytes of free disk below which it is said

/** size is a number of bytes as people say it. */
export function size(n: number): string {
	if (n < 0) return t("not_known");
	let v = n;
	let i = 0;
	const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
	while (v >= KB && i < units.length - 1) {
		v /= KB;
		i++;
	}
	return new Intl.NumberFormat(words.lang, { style: "unit", unit: units[i] ?? "byte", maximumFractionDigits: v < 10 && i > 0 ? 1 : 0 }).format(v);
}

/** server is the whole server, for those who run it: no site's own. */
export function server(desk: Desk): Screen {
	const state = new Server(desk);
	const page = mounted(<Page s={state} />);
	return { title: t("server"), el: page.el, stop: page.stop };
}

const sections = {
	trouble: ({ s, v }) => <Troubles s={s} v={v} />,
	sites: ({ v }) => <Sites v={v} />,
	operators: ({ s, v }) => <Operators s={s} v={v} />,
	mail: ({ s, v }) => (
		<>
			<Rows
				rows={[
					[t("srv_relay"), v.mail.outbound ? t(v.mail.relay ? "srv_relay_on" : "srv_relay_off") : t("srv_outbound_off")],
					[t("srv_sent"), v.mail.last_sent_at ? t("srv_sent_n", { n: v.mail.sent_last_day, ago: ago(v.mail.last_sent_at) }) : t("srv_sent_none")],
					[t("srv_waiting"), words.number(v.mail.waiting)],
				]}
			/>
			<Jobs s={s} held={v.mail.held} />
		</>
	),
	disk: ({ v }) => (
		<Rows
			rows={[
				[t("srv_database"), `${size(v.disk.bytes)} · ${v.disk.database}`],
				[t("srv_free"), size(v.disk.free_bytes)],
			]}
		/>
	),
	backups: ({ v }) => <Backups v={v} />,
	version: ({ v }) => (
		<Rows
			rows={[
				[t("srv_version"), v.version],
				[t("srv_url"), v.public_url],
			]}
		/>
	),
} as const satisfies Record<string, (at: { s: Server; v: State }) => ComponentChildren>;

const names = Object.keys(sections) as (keyof typeof sections)[];

function Page({ s }: { s: Server }) {
	const root = useRef<HTMLDivElement>(null);
	useFocusKept(root);
	const v = s.now.value;
	if (!v) return s.failed.value ? <p class="alert">{`${t("failed")} ${s.failed.value}`}</p> : <div />;
	return (
		<div class="set" ref={root}>
			<Sections list={names.map((x) => [x, t(`srv_${x}_head`)] as const)} />
			<div>
				<p class="alert" role="alert" hidden={s.wrong.value === ""}>
					{s.wrong.value}
				</p>
				{names.map((x) => (
					<section key={x} class="blk" id={x}>
						<h2>{t(`srv_${x}_head`)}</h2>
						{sections[x]({ s, v })}
					</section>
				))}
			</div>
		</div>
	);
}

/** Rows are facts: what, and how it is. */
export function Rows({ rows }: { rows: readonly (readonly [string, string])[] }) {
	return (
		<dl class="rows facts">
			{rows.map(([name, value]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}

/** Troubles is what somebody has to see to, in a sentence each; or that there is nothing. */
function Troubles({ s, v }: { s: Server; v: State }) {
	const list = [
		v.disk.read_only && t("srv_trouble_read_only"),
		v.disk.free_bytes >= 0 && v.disk.free_bytes < Math.max(LOW, v.disk.bytes) && t("srv_trouble_disk", { free: size(v.disk.free_bytes) }),
		v.backups.trouble,
		!v.backups.folder && t("srv_trouble_no_backups"),
		!v.mail.outbound && t("srv_outbound_off"),
		v.mail.outbound && !v.mail.relay && t("srv_trouble_no_mail"),
		v.mail.failed > 0 && t("srv_trouble_jobs", { n: v.mail.failed }),
		v.mail.held > 0 && t("srv_trouble_held", { n: v.mail.held }),
	].filter(Boolean) as string[];
	return (
		<>
			{list.length === 0 ? (
				<div class="note ok">
					<Icon name="check" />
					<span>{t("srv_no_trouble")}</span>
				</div>
			) : (
				list.map((x) => (
					<div key={x} class="note warn">
						<Icon name="alert" />
						<span>{x}</span>
					</div>
				))
			)}
			<div class="fx">
				<button type="button" class="btn sm" onClick={() => void s.load()}>
					<Icon name="refresh" />
					{t("srv_again")}
				</button>
			</div>
		</>
	);
}

function Sites({ v }: { v: State }) {
	return (
		<>
			<div class="rows">
				{v.sites.map((x) => (
					<div key={x.key}>
						<Icon name="globe" />
						<span class="grow">
							<a class="lnk" href={`/dashboard/?${new URLSearchParams({ site: x.key, screen: "settings" })}`}>
								<b>{x.name}</b>
							</a>
							<span class="t">
								{x.key} · {t("srv_threads", { n: x.threads })} · {t("srv_comments", { n: x.comments })}
							</span>
						</span>
						{x.deletes_at ? (
							<span class="bdg bad">{t("srv_deletes", { date: clock(x.deletes_at) })}</span>
						) : (
							x.archived_at && <span class="bdg">{t("srv_archived")}</span>
						)}
					</div>
				))}
			</div>
			<div class="fx">
				<button type="button" class="btn" onClick={() => void newSite()}>
					<Icon name="plus" />
					{t("site_new_more")}
				</button>
			</div>
		</>
	);
}

function Backups({ v }: { v: State }) {
	const b = v.backups;
	if (!b.folder) return <p class="hint">{t("srv_backups_off")}</p>;
	return (
		<Rows
			rows={[
				[t("srv_newest"), b.newest_at ? `${ago(b.newest_at)} · ${size(b.newest_bytes)} · ${b.newest_file}` : t("srv_none_yet")],
				[t("srv_good"), b.good ? t("srv_good_yes") : b.trouble],
				[t("srv_every"), t("srv_every_n", { hours: words.number(Math.round(b.every_hours * 10) / 10), n: b.keep })],
				[t("srv_folder"), b.folder],
			]}
		/>
	);
}
