import { h } from "../../shared/dom/h.ts";
import { bar } from "./bar.ts";
import { type Desk, day, type Params, type Screen, t } from "./desk.ts";
import { icon } from "./icons.ts";
import { List } from "./list.ts";
import { dateBox, search } from "./parts/search.tsx";

const statuses = ["", "published", "pending", "rejected", "spam", "deleted"] as const;

/** comments searches everything that was written, newest first. */
export function comments(desk: Desk, p: Params): Screen {
	const q = p["q"] ?? "";
	const status = (statuses as readonly string[]).includes(p["status"] ?? "") ? (p["status"] ?? "") : "";
	const keep = {
		screen: "comments",
		q,
		status,
		author: p["author"] ?? "",
		thread: p["thread"] ?? "",
		from: p["from"] ?? "",
		to: p["to"] ?? "",
		comment: p["comment"] ?? "",
	};
	const everything = Object.entries(keep).every(([k, v]) => k === "screen" || v === ""); // nothing is looked for
	const go = (more: Params) => desk.go({ ...keep, comment: "", ...more });
	const query = (cursor: string | null, limit: number) => {
		if (keep.comment) return desk.api(`/moderation/comments/${encodeURIComponent(keep.comment)}`);
		const u = new URLSearchParams({ limit: String(limit) });
		for (const [k, v] of Object.entries({
			q,
			status,
			author: keep.author,
			thread: keep.thread,
			from: day(keep.from, false),
			to: day(keep.to, true),
			cursor: cursor ?? "",
		}))
			if (v) u.set(k, v);
		return desk.api(`/moderation/comments?${u}`);
	};
	const thumbs = bar(desk, () => list);
	const list: List = new List(
		desk,
		query,
		() => t("empty_found"),
		() => true,
		(row) => thumbs.paint(row),
	);
	const box = h(
		"select",
		{ "aria-label": t("status"), onchange: () => go({ status: box.value }) },
		...statuses.map((s) => h("option", { value: s, selected: s === status }, s === "" ? t("every_status") : t(`status_${s}`))),
	);
	const off = (label: string, more: Params) =>
		h("button.btn.sm", { type: "button", onclick: () => go(more) }, label, icon("x", "i s"));
	void list.load();
	const find = search(t("search_comments"), q, (v) => go({ q: v }));
	return {
		title: t("comments"),
		tools: find.el,
		search: find.focus,
		el: h(
			"div",
			{},
			h(
				"div.bar",
				{},
				h("span.sel.box", {}, box, icon("cd", "i s")),
				dateBox(t("from"), keep.from, (v) => go({ from: v })),
				dateBox(t("to"), keep.to, (v) => go({ to: v })),
				keep.author ? off(t("one_author"), { author: "" }) : null,
				keep.thread ? off(t("one_thread"), { thread: "" }) : null,
				keep.comment ? off(t("one_comment"), { comment: "" }) : null,
			),
			list.root,
			thumbs.el,
		),
		key: (e) => list.key(e),
		place: () => list.place(),
		restore: (at) => list.restore(at),
		hint: (x) => {
			if (x.type === "reset") void list.refresh();
			else if (x.type === "edited" && x.id) list.edited(x.id);
			else if ((x.type === "decided" || x.type === "undone" || x.type === "report") && x.id) list.moved(x.id);
			else if ((x.type === "published" || x.type === "waiting") && x.id && everything) list.arrived(x.id);
		},
	};
}
