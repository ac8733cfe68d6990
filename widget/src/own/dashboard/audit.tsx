import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/icon.tsx";
import { mounted } from "../ui/mounted.tsx";
import { Select } from "../ui/select.tsx";
import { reasonText } from "./reasons.ts";
import { type Answer, ago, call, type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { actor, changed, entryText } from "./entry-text.ts";
import { Pages } from "./parts/pages.tsx";
import { Arrivals, DateBox, Off } from "./parts/search.tsx";
import { ToAudit } from "./person/person.tsx";
import { proven } from "./prove.tsx";
import type { AuditEntry, PersonDetail } from "./shapes.ts";
import { Audit, kinds } from "./state/audit.ts";
import { address } from "./state/listing.ts";

/** audit is the log of every administrative act, newest first. */
export function audit(desk: Desk, p: Params): Screen {
	const state = new Audit(desk, p);
	const page = mounted(<Page s={state} />);
	return {
		title: t("audit"),
		el: page.el,
		stop: page.stop,
		hint: (x) => state.hint(x),
		place: () => state.list.place(),
		restore: (at) => state.list.restore(page.el, at),
	};
}

function Page({ s }: { s: Audit }) {
	const { keep, go } = s;
	const rows = useRef<HTMLOListElement>(null);
	const fresh = async () => {
		await s.fresh();
		setTimeout(() => {
			const first = rows.current?.querySelector("li"); // drawn by now
			first?.setAttribute("tabindex", "-1");
			first?.focus();
			s.settle(); // hidden once the focus has gone on
		});
	};
	return (
		<div>
			<div class="bar">
				<Select
					label={t("kind")}
					value={s.kind}
					options={kinds.map((k) => [k, k === "" ? t("every_kind") : t(`kind_${k}`)])}
					change={(kind) => go({ kind })}
				/>
				<DateBox label={t("from")} value={keep["from"] ?? ""} run={(from) => go({ from })} />
				<DateBox label={t("to")} value={keep["to"] ?? ""} run={(to) => go({ to })} />
				{keep["actor"] && <Off label={t("one_actor")} run={() => go({ actor: "" })} />}
				{keep["target"] && <Off label={t("one_target")} run={() => go({ target: "" })} />}
				<span class="grow" />
				{s.desk.may("export") && (
					<>
						<File s={s} format="csv" label={t("export_csv")} />
						<File s={s} format="jsonl" label={t("export_json")} />
					</>
				)}
			</div>
			<Arrivals n={s.late.value} missed={s.missed.value} show={() => void fresh()} />
			<ol class="auditl" aria-label={t("audit")} ref={rows}>
				{s.list.rows.value.map((e) => (
					<Row key={e.id} s={s} e={e} />
				))}
			</ol>
			<Pages list={s.list} empty={t("empty_audit")} />
		</div>
	);
}

/** File takes out what is shown, once the server knows of late who asks. */
function File({ s, format, label }: { s: Audit; format: string; label: string }) {
	const known = useRef(false);
	const click = async (e: MouseEvent) => {
		if (known.current) return;
		e.preventDefault();
		const link = e.currentTarget as HTMLElement;
		known.current = await proven();
		if (known.current) link.click();
		known.current = false;
	};
	return (
		<a class="btn sm" href={s.file(format)} download={`audit.${format}`} onClick={click}>
			{label}
		</a>
	);
}

/** Row is one act as a sentence: who did what to whom, then what changed and why. */
function Row({ s, e }: { s: Audit; e: AuditEntry }) {
	const by = actor(e);
	const change = changed(e);
	return (
		<li>
			<time dateTime={e.at} title={e.at}>
				{words.full(new Date(e.at))}
			</time>
			<div>
				<p class="what3">
					{e.by_id ? (
						<button type="button" class="lnk quiet" title={t("only_actor")} onClick={() => s.go({ actor: e.by_id })}>
							<bdi>{by}</bdi>
						</button>
					) : (
						<b>{by}</b>
					)}{" "}
					{entryText(e)} <Target desk={s.desk} e={e} />
				</p>
				{change.map((line) => (
					<p key={line} dir="auto">
						{line}
					</p>
				))}
				{e.reason && <p class="muted">{t("reason_was", { reason: reasonText(e.reason) })}</p>}
				{e.note && e.kind !== "ban" && (
					<p class="muted" dir="auto">
						{e.note}
					</p>
				)}
			</div>
			<code title={e.hash}>{e.hash.slice(0, 12)}</code>
		</li>
	);
}

/** ways are where the things lie that acts are about, by kind. */
const ways: Readonly<Record<string, (target: string) => Params>> = {
	person: (person) => ({ screen: "people", person }),
	thread: (thread) => ({ screen: "threads", thread }),
	comment: (comment) => ({ screen: "comments", comment }),
};

/** Target is what the act was about, and the way to it. */
function Target({ desk, e }: { desk: Desk; e: AuditEntry }) {
	if (e.kind === "ban") return <code>{e.note}</code>;
	const way = ways[e.kind];
	if (!way || e.action === "remap") return null; // that is about many
	const name = e.target_name || t(`kind_${e.kind}` as "kind_person");
	const label = e.kind === "comment" && e.target_name ? t("comment_of", { name: e.target_name }) : name;
	return (
		<button type="button" class="lnk" onClick={() => desk.go(way(e.target))}>
			<bdi>{label}</bdi>
		</button>
	);
}

type Told = Answer<{ entries: AuditEntry[] }>;

/** Past is what was done about one person of late, for the drawer; it reads itself anew after every act. */
export function Past({ desk, person }: { desk: Desk; person: PersonDetail }) {
	const told = useSignal<Told | null>(null);
	useEffect(() => {
		let late = false;
		const q = address(desk, "/moderation/audit", { target: person.id, limit: "5" }, null);
		void call<{ entries: AuditEntry[] }>("GET", q).then((r) => {
			if (!late) told.value = r;
		});
		return () => {
			late = true;
		};
	}, [person]);
	const acts = told.value?.body?.entries ?? [];
	return (
		<div class="sect">
			<div class="cap">
				<h3>{t("history")}</h3>
				<ToAudit desk={desk} person={person.id} />
			</div>
			{told.value && acts.length === 0 ? (
				<p class="hint">{told.value.body ? t("no_history") : told.value.detail}</p>
			) : (
				<ul class="hist">
					{acts.map((e) => (
						<Done key={e.id} e={e} />
					))}
				</ul>
			)}
		</div>
	);
}

function Done({ e }: { e: AuditEntry }) {
	const why = reasonText(e.reason) || e.note || changed(e).join("; ");
	return (
		<li>
			<Icon name="clock" />
			<p>
				<bdi>{actor(e)}</bdi> {entryText(e)} <bdi>{e.target_name}</bdi>
				{why && (
					<>
						: <bdi>{why}</bdi>
					</>
				)}
			</p>
			<time class="t" dateTime={e.at} title={words.full(new Date(e.at))}>
				{ago(e.at)}
			</time>
		</li>
	);
}
