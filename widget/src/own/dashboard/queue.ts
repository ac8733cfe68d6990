import { fill, h } from "../../shared/dom/h.ts";
import { bar } from "./bar.ts";
import { type Action, isPick, type Row } from "./card.ts";
import { call, type Desk, type Hint, isWord, type Params, type Screen, t } from "./desk.ts";
import { icon } from "./icons.ts";
import { List } from "./list.ts";
import { News } from "./news.ts";
import { search } from "./parts/search.tsx";
import { pane } from "./person/pane.tsx";
import { whole } from "./rail.ts";
import type { PersonDetail } from "./shapes.ts";

const states = ["all", "pending", "reported", "new", "rejected", "spam", "decided"] as const;
/** lists are the server's names, where a list of ours is not all that has the status. */
const lists: Partial<Record<State, string>> = { spam: "unseen", rejected: "refused" };
/** unordered are lists with one order: the newest first. */
const unordered: readonly State[] = ["new", "rejected", "spam", "decided"];
const checks = [
	"banned",
	"suspect",
	"rule",
	"links",
	"repeat",
	"classifier",
	"mode",
	"demoted",
	"burst",
	"reports",
	"notice",
	"image",
] as const;
type State = (typeof states)[number];

/** arrives are the news after which a list may hold one more, takes the decisions of others that bring it one. */
const arrives: Partial<Record<State, readonly string[]>> = {
	all: ["waiting", "report", "undone"],
	pending: ["waiting", "undone"],
	reported: ["report", "undone"],
	new: ["published"],
};
const takes: Partial<Record<State, readonly string[]>> = {
	rejected: ["reject", "spam"],
	decided: ["approve", "reject", "spam", "delete", "restore"],
};

const SAVED = "parley-dashboard-filters";

interface Filter {
	state: string;
	check: string;
}

function savedFilters(site: string): Filter[] {
	try {
		return (JSON.parse(localStorage.getItem(`${SAVED}-${site}`) ?? "[]") as Filter[]).slice(0, 8);
	} catch {
		return [];
	}
}

function saveFilters(site: string, list: Filter[]): void {
	try {
		localStorage.setItem(`${SAVED}-${site}`, JSON.stringify(list));
	} catch {
		/* a private window keeps nothing */
	}
}

/** queue is the one inbox: what waits for a person, most urgent first. */
export function queue(desk: Desk, p: Params, counts: () => Record<string, number>): Screen & { paint: () => void } {
	const state: State = (states as readonly string[]).includes(p["state"] ?? "") ? (p["state"] as State) : "all";
	const order = p["order"] === "oldest" ? "oldest" : "urgent";
	const check = (checks as readonly string[]).includes(p["check"] ?? "") ? (p["check"] ?? "") : "";
	const side = h("aside.pane", { "aria-label": t("about_author") });
	let wanted = ""; // the author of the current card
	let drawn = ""; // whom the pane shows
	const drafts = new Map<string, string>(); // notes that are half written, by person
	const box = () => side.querySelector<HTMLTextAreaElement>("textarea");
	const show = async (row: Row | null) => {
		wanted = row?.comment.author?.id ?? "";
		if (!side.contains(document.activeElement)) await draw(); // who writes there is left alone
	};
	const draw = async () => {
		const id = wanted;
		if (id === drawn || matchMedia("(max-width: 1160px)").matches) return;
		const note = box()?.value ?? "";
		if (drawn && note.trim()) drafts.set(drawn, note);
		else drafts.delete(drawn);
		drawn = id;
		if (!id) return fill(side, []);
		side.inert = true; // what is still to be seen is about somebody else
		side.setAttribute("aria-busy", "true");
		await new Promise((done) => setTimeout(done, 120)); // who runs down the list does not ask for everybody
		if (drawn !== id) return;
		const r = await call<PersonDetail>("GET", desk.api(`/moderation/people/${id}`));
		if (drawn !== id) return;
		side.inert = false;
		side.removeAttribute("aria-busy");
		fill(side, r.body ? pane(desk, r.body) : [h("p.alert", {}, `${t("failed")} ${r.detail}`)]);
		const at = box();
		if (at && drafts.has(id)) {
			at.value = drafts.get(id) ?? "";
			at.dispatchEvent(new Event("input"));
		}
	};
	side.addEventListener("focusout", (e) => {
		if (!side.contains(e.relatedTarget as Node | null)) void draw();
	});
	const stays = (_: Row, a: Action) => isPick(a);
	const thumbs = bar(desk, () => list);
	const news = state === "new" ? new News(desk, () => void list.load(false, true)) : null;
	const list: List = new List(
		desk,
		(cursor, limit) =>
			desk.api(
				`/moderation/queue?${new URLSearchParams({ fields: "card", state: lists[state] ?? state, order, limit: String(limit), ...(check ? { check } : {}), ...(cursor ? { cursor } : {}) })}`,
			),
		() => {
			const key = `empty_${state}`;
			return t(isWord(key) ? key : "empty_all");
		},
		stays,
		(row) => {
			thumbs.paint(row);
			desk.presence.look(row?.comment.id ?? "");
			void show(row);
		},
		news,
	);
	const go = (more: Params) => desk.go({ screen: "queue", state, order, check, ...more });
	const mine = savedFilters(desk.site.key);
	const isSaved = mine.some((f) => f.state === state && f.check === check);
	const count = (s: string) => {
		const n = counts()[s];
		return n === undefined ? "" : whole(n);
	};
	const tab = (label: string, on: boolean, name: string, run: () => void) =>
		h(
			"button",
			{ type: "button", "aria-current": on ? "page" : null, "aria-selected": null, class: on ? "on" : null, onclick: run },
			label,
			" ",
			h("span.n", { "data-count": name }, count(name)),
		);
	const orderBox = h(
		"select",
		{ "aria-label": t("order"), onchange: () => go({ order: orderBox.value }) },
		h("option", { value: "urgent", selected: order === "urgent" }, t("order_urgent")),
		h("option", { value: "oldest", selected: order === "oldest" }, t("order_oldest")),
	);
	const checkBox = h(
		"select",
		{ "aria-label": t("reason_filter"), onchange: () => go({ check: checkBox.value }) },
		h("option", { value: "", selected: check === "" }, t("every_reason")),
		...checks.map((c) => h("option", { value: c, selected: check === c }, t(`check_${c}`))),
	);
	const star = check
		? h(
				"button.ib",
				{
					type: "button",
					"aria-pressed": String(isSaved),
					"aria-label": t("save_filter"),
					onclick: () => {
						saveFilters(
							desk.site.key,
							isSaved ? mine.filter((f) => f.state !== state || f.check !== check) : [...mine, { state, check }],
						);
						go({});
					},
				},
				icon("star"),
			)
		: null;
	const tabs = h(
		"nav.ftabs",
		{ "aria-label": t("lists") },
		...states.map((s) => tab(t(`list_${s}`), s === state && check === "", s, () => go({ state: s, check: "" }))),
		...mine.map((f) =>
			tab(t(`check_${f.check}` as "check_rule"), f.state === state && f.check === check, "", () =>
				go({ state: f.state, check: f.check }),
			),
		),
		h("span.sel", {}, checkBox, icon("cd", "i s")),
		star,
		unordered.includes(state) ? null : h("span.sel", {}, orderBox, icon("cd", "i s")),
	);
	void list.load();
	const find = search(t("search"), "", (q) => desk.go({ screen: "comments", q }));
	return {
		title: t("queue"),
		tools: find.el,
		search: find.focus,
		el: h("div.q", {}, h("div.q-l", {}, tabs, news?.head ?? null, list.root), side, thumbs.el),
		key: (e) => list.key(e),
		place: () => list.place(),
		restore: (at) => list.restore(at),
		stop: () => {
			desk.presence.look("");
			news?.stop();
		},
		hint: (x: Hint) => {
			if (x.type === "edited" && x.id) list.edited(x.id);
			else if (x.type === "decided" && x.id) {
				if (!list.decided(x.id, x.by ?? "", x.action ?? "") && takes[state]?.includes(x.action ?? "")) list.arrived(x.id);
			} else if (x.id && (arrives[state] ?? []).includes(x.type)) list.arrived(x.id);
			else if (x.type === "looking") list.looked();
			else if (x.type === "reset") void list.refresh();
		},
		paint: () => {
			for (const n of tabs.querySelectorAll<HTMLElement>("[data-count]")) n.textContent = count(n.dataset["count"] ?? "");
		},
	};
}
