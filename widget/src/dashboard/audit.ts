import en from "../../../static/i18n/en/dashboard.json";
import { fill, h } from "../view/h.ts";
import { ago, call, type Desk, day, type Hint, known, type Params, type Screen, t, words } from "./desk.ts";
import { icon } from "./icons.ts";
import { proven } from "./prove.ts";
import type { AuditEntry } from "./shapes.ts";
import { dateBox, listing, pager } from "./table.ts";

const kinds = ["", "comment", "person", "thread", "rules", "settings", "ban"] as const;
const levels = ["new", "member", "regular", "trusted"] as const;
/** written are the hints that the log has an entry for, by its kind. */
const written: Readonly<Record<string, string>> = {
	decided: "comment",
	undone: "comment",
	person: "person",
	thread: "thread",
	rules: "rules",
	settings: "settings",
	ban: "ban",
};
const kept = new Set(["ban", "suspend", "unban"]); // acts on a person that are told of as a ban as well
const stamp = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;

/** audit is the log of every administrative act, newest first. */
export function audit(desk: Desk, p: Params): Screen {
	const kind = kinds.find((k) => k === p["kind"]) ?? "";
	const keep: Params = {
		screen: "audit",
		kind,
		from: p["from"] ?? "",
		to: p["to"] ?? "",
		actor: p["actor"] ?? "",
		target: p["target"] ?? "",
	};
	const asked: Params = {
		kind,
		from: day(keep["from"] ?? "", false),
		to: day(keep["to"] ?? "", true),
		actor: keep["actor"] ?? "",
		target: keep["target"] ?? "",
	};
	const go = (more: Params) => desk.go({ ...keep, ...more });
	const rows = h("ol.auditl", { "aria-label": t("audit") });
	const list = pager<AuditEntry>(
		(cursor) => listing(desk, "/moderation/audit", asked, cursor),
		(answer) => (answer as { entries: AuditEntry[] }).entries,
		(got, first) => {
			if (first) fill(rows, []);
			rows.append(...got.map((e) => row(desk, e, go)));
		},
		t("empty_audit"),
	);
	// What others do waits behind a line: the loaded pages and the focus stay.
	const late = new Map<string, number>();
	let missed = false; // the line to the server was down
	const arrivals = h("button.arrive", { type: "button", hidden: true, onclick: () => void fresh() });
	const tell = () => {
		const n = [...late].reduce((sum, [k, v]) => (kind === "" || k === kind ? sum + v : sum), 0);
		arrivals.textContent = missed ? t("something_new") : t("arrived", { n });
		arrivals.hidden = !missed && n === 0;
	};
	const fresh = async () => {
		late.clear();
		missed = false;
		await list.load();
		const first = rows.querySelector("li");
		first?.setAttribute("tabindex", "-1");
		first?.focus();
		tell(); // hidden once the focus has gone on
	};
	const hint = (x: Hint) => {
		const of = written[x.type];
		if (x.type === "reset") missed = true;
		else if (!of || !fits(x)) return;
		else {
			const more = (k: string, n: number) => late.set(k, Math.max(0, (late.get(k) ?? 0) + n));
			if (of === "person" && kept.has(x.action ?? "")) more("ban", -1); // told of twice, written down once
			more(of, 1);
		}
		tell();
	};
	const fits = (x: Hint) =>
		(!asked["actor"] || x.by_id === asked["actor"]) &&
		(!asked["target"] || x.id === asked["target"]) &&
		(!asked["to"] || new Date().toISOString() < asked["to"]);
	void list.load();
	const box = h(
		"select",
		{ "aria-label": t("kind"), onchange: () => go({ kind: box.value }) },
		...kinds.map((k) => h("option", { value: k, selected: k === kind }, k === "" ? t("every_kind") : t(`kind_${k}`))),
	);
	const off = (label: string, more: Params) =>
		h("button.btn.sm", { type: "button", onclick: () => go(more) }, label, icon("x", "i s"));
	// What is taken out is what is shown.
	const file = (format: string, label: string) => {
		const q = new URLSearchParams(Object.entries(asked).filter(([, v]) => v));
		const href = desk.api(`/moderation/audit.${format}?${q}`);
		const link = h("a.btn.sm", { href, download: `audit.${format}` }, label);
		let known = false;
		link.addEventListener("click", async (e) => {
			if (known) return;
			e.preventDefault();
			known = await proven();
			if (known) link.click();
			known = false;
		});
		return link;
	};
	return {
		title: t("audit"),
		el: h(
			"div",
			{},
			h(
				"div.bar",
				{},
				h("span.sel.box", {}, box, icon("cd", "i s")),
				dateBox(t("from"), keep["from"] ?? "", (v) => go({ from: v })),
				dateBox(t("to"), keep["to"] ?? "", (v) => go({ to: v })),
				keep["actor"] ? off(t("one_actor"), { actor: "" }) : null,
				keep["target"] ? off(t("one_target"), { target: "" }) : null,
				h("span.grow"),
				...(desk.may("export") ? [file("csv", t("export_csv")), file("jsonl", t("export_json"))] : []),
			),
			arrivals,
			rows,
			list.el,
		),
		hint,
	};
}

/** actor and deed are the words of an act's sentence; changed is from what to what. */
const actor = (e: AuditEntry): string => (e.erased ? t("erased") : e.by || t("the_program"));
const deed = (e: AuditEntry): string => {
	const key = `act_${e.action.replace(/ /g, "_")}`;
	return known(key) ? t(key) : e.action;
};
const changed = (e: AuditEntry): string =>
	[e.before, e.after]
		.filter(Boolean)
		.map((v) => plain(e, v))
		.join(" → ");

/** past is what was done about one person of late, for the drawer; it fills itself. */
export function past(desk: Desk, person: string): HTMLElement {
	const list = h("ul.hist");
	const all = h("a", { href: "#" }, t("audit"));
	all.addEventListener("click", (e) => {
		e.preventDefault();
		desk.go({ screen: "audit", target: person });
	});
	const box = h("div.sect", {}, h("div.cap", {}, h("h3", {}, t("history")), all), list);
	void call<{ entries: AuditEntry[] }>("GET", listing(desk, "/moderation/audit", { target: person, limit: "5" }, null)).then(
		(r) => {
			const acts = r.body?.entries ?? [];
			if (!r.body) list.replaceWith(h("p.hint", {}, r.detail));
			else if (acts.length === 0) list.replaceWith(h("p.hint", {}, t("no_history")));
			else
				fill(
					list,
					acts.map((e) => {
						const why = e.reason || e.note || changed(e);
						return h(
							"li",
							{},
							icon("clock"),
							h("p", {}, h("bdi", {}, actor(e)), ` ${deed(e)} `, h("bdi", {}, e.target_name), why ? `: ${why}` : ""),
							h("time.t", { datetime: e.at, title: words.full(new Date(e.at)) }, ago(e.at)),
						);
					}),
				);
		},
	);
	return box;
}

/** row is one act as a sentence: who did what to whom, then what changed and why. */
function row(desk: Desk, e: AuditEntry, go: (more: Params) => void): HTMLElement {
	const by = actor(e);
	const change = changed(e);
	const at = new Date(e.at);
	return h(
		"li",
		{},
		h("time", { datetime: e.at, title: e.at }, words.full(at)),
		h(
			"div",
			{},
			h(
				"p.what3",
				{},
				e.by_id
					? h(
							"button.lnk.quiet",
							{ type: "button", title: t("only_actor"), onclick: () => go({ actor: e.by_id }) },
							h("bdi", {}, by),
						)
					: h("b", {}, by),
				" ",
				deed(e),
				" ",
				target(desk, e),
			),
			change ? h("p", {}, change) : null,
			e.reason ? h("p.muted", {}, t("reason_was", { reason: e.reason })) : null,
			e.note && e.kind !== "ban" ? h("p.muted", {}, e.note) : null,
		),
		h("code", { title: e.hash }, e.hash.slice(0, 12)),
	);
}

/** target is what the act was about, and the way to it. */
function target(desk: Desk, e: AuditEntry): HTMLElement | null {
	if (e.kind === "ban") return h("code", {}, e.note);
	const to: Params | null =
		e.kind === "person"
			? { screen: "people", person: e.target }
			: e.kind === "thread"
				? { screen: "threads", thread: e.target }
				: e.kind === "comment"
					? { screen: "comments", comment: e.target }
					: null;
	if (!to) return null;
	const name = e.target_name || t(`kind_${e.kind}` as "kind_person");
	const label = e.kind === "comment" && e.target_name ? t("comment_of", { name: e.target_name }) : name;
	return h("button.lnk", { type: "button", onclick: () => desk.go(to) }, h("bdi", {}, label));
}

/** plain turns what a machine wrote into words: times, levels, statuses. */
function plain(e: AuditEntry, v: string): string {
	if (e.action === "trust") return t(`level_${levels[Number(v)] ?? "new"}`);
	const status = `status_${v}`;
	if (status in en) return t(status as "status_spam");
	const role = `role_${v}`;
	if (role in en) return t(role as "role_admin");
	return v.replace(stamp, (iso) => words.full(new Date(iso)));
}
