import { fill, h } from "../view/h.ts";
import { type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { icon } from "./icons.ts";
import type { AuditEntry } from "./shapes.ts";
import { listing, pager, table } from "./table.ts";

const kinds = ["", "comment", "person", "thread", "rules", "settings", "ban"] as const;

/** audit is the log of every administrative act, newest first. */
export function audit(desk: Desk, p: Params): Screen {
	const kind = (kinds as readonly string[]).includes(p["kind"] ?? "") ? (p["kind"] ?? "") : "";
	const { el: rows, body } = table("log", [
		[t("col_when")],
		[t("col_who")],
		[t("col_what")],
		[t("col_change")],
		[t("col_hash"), "wide2"],
	]);
	const time = new Intl.DateTimeFormat(words.lang, { dateStyle: "short", timeStyle: "medium" });
	const tr = (e: AuditEntry) =>
		h(
			"tr",
			{},
			h("td.muted", {}, time.format(new Date(e.at))),
			h("td", {}, e.erased ? t("erased") : e.by || t("the_program")),
			h("td", {}, h("b", {}, e.action), h("small", {}, t(`kind_${e.kind}` as "kind_ban"))),
			h(
				"td",
				{},
				e.before || e.after ? `${e.before || "–"} → ${e.after || "–"}` : "",
				e.reason ? h("small", {}, e.reason) : null,
				e.note ? h("small", {}, e.note) : null,
			),
			h("td.wide2", {}, h("code", { title: e.hash }, e.hash.slice(0, 12))),
		);
	const list = pager<AuditEntry>(
		(cursor) => listing(desk, "/moderation/audit", { kind }, cursor),
		(answer) => (answer as { entries: AuditEntry[] }).entries,
		(rows, first) => {
			if (first) fill(body, []);
			body.append(...rows.map(tr));
		},
		t("empty_audit"),
	);
	void list.load();
	const box = h(
		"select",
		{ "aria-label": t("kind"), onchange: () => desk.go({ screen: "audit", kind: box.value }) },
		...kinds.map((k) => h("option", { value: k, selected: k === kind }, k === "" ? t("every_kind") : t(`kind_${k}`))),
	);
	return {
		title: t("audit"),
		el: h(
			"div",
			{},
			h(
				"div.bar",
				{},
				h("span.sel.box", {}, box, icon("cd", "i s")),
				h("span.grow"),
				...(desk.may("export")
					? [
							h("a.btn.sm", { href: desk.api("/moderation/audit.csv"), download: "audit.csv" }, t("export_csv")),
							h("a.btn.sm", { href: desk.api("/moderation/audit.jsonl"), download: "audit.jsonl" }, t("export_json")),
						]
					: []),
			),
			rows,
			list.el,
		),
		hint: (x) => {
			if (x.type !== "moderators" && x.type !== "hello" && x.type !== "waiting") void list.load();
		},
	};
}
