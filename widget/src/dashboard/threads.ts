import { fill, h } from "../view/h.ts";
import { ago, call, type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { icon } from "./icons.ts";
import type { ThreadRow } from "./shapes.ts";
import { beside, closing, goTo, listing, mark, pager, redraw, search, table, tabs } from "./table.ts";

const filters = ["", "open", "closed"] as const;
const modes = ["", "publish", "newcomers", "guests", "links", "all"] as const;
const slows = [0, 30, 60, 300, 900] as const;

/** threads lists the pages: open, close, rename, what is held there. */
export function threads(desk: Desk, p: Params): Screen {
	const filter = (filters as readonly string[]).includes(p["filter"] ?? "") ? (p["filter"] ?? "") : "";
	const q = p["q"] ?? "";
	let open = p["thread"] ?? "";
	let shown = ""; // the thread that the drawer holds
	const known = new Map<string, ThreadRow>();
	const rows = table("wrap", [
		[t("col_thread")],
		[t("col_state")],
		[t("col_comments"), "num"],
		[t("col_waiting"), "num wide2"],
		[t("col_last"), "wide2"],
	]);
	const list = pager<ThreadRow>(
		(cursor) => listing(desk, "/moderation/threads", { filter, q }, cursor),
		(answer) => (answer as { threads: ThreadRow[] }).threads,
		(got, first) => {
			if (first) fill(rows.body, []);
			for (const r of got) known.set(r.id, r);
			rows.body.append(...got.map(tr));
			if (open && shown !== open) show(open);
		},
		t("empty_threads"),
	);
	const tabbed = tabs(
		desk,
		filters.map((f) => ({
			label: t(f === "" ? "threads_all" : `state_${f}`),
			current: f === filter,
			go: { screen: "threads", filter: f, q },
		})),
	);
	const page = beside(t("about_thread"), tabbed, rows.el, list.el);
	const show = (id: string) => {
		if (id && id === shown) return; // what is typed there stays
		const was = open;
		open = id;
		desk.go({ screen: "threads", filter, q, thread: id }, true);
		mark(rows.body, id);
		draw();
		if (!id && !goTo(rows.body, was)) find.focus();
	};
	const draw = () => {
		const close = () => show("");
		const th = known.get(open);
		shown = th ? open : "";
		page.put(!open ? null : th ? form(desk, th, close, changed) : [head(h("p.hint", { role: "status" }, t("not_listed")), close)]);
	};
	const changed = (th: ThreadRow) => {
		const old = known.get(th.id);
		const now = { ...th, waiting: old?.waiting ?? 0, last_comment_at: old?.last_comment_at ?? null };
		known.set(th.id, now);
		redraw(rows.body, th.id, cells(now));
		if (open === th.id) draw();
		desk.toast(t("saved"));
	};
	const tr = (x: ThreadRow) =>
		h("tr", { "data-id": x.id, "aria-selected": String(x.id === open), onclick: () => show(x.id) }, ...cells(x));
	closing(page.drawer, () => show(""));
	void list.load();
	const find = search(t("search_threads"), q, (v) => desk.go({ screen: "threads", filter, q: v }));
	return {
		title: t("threads"),
		el: page.el,
		tools: find.el,
		search: find.focus,
		key: (e) => {
			if (e.key !== "Escape" || !open) return false;
			show("");
			return true;
		},
	};
}

/** cells are what the list tells of a thread. */
function cells(x: ThreadRow): HTMLElement[] {
	return [
		h(
			"td",
			{},
			h(
				"div.pn",
				{},
				h(
					"span",
					{},
					h("button", { type: "button" }, x.title || x.key),
					x.mode ? h("span.bdg.warn", {}, t(`mode_${x.mode}` as "mode_all")) : null,
					h("small", {}, x.key),
				),
			),
		),
		h("td", {}, h(x.state === "open" ? "span.bdg.ok" : "span.bdg", {}, t(`state_${x.state}`))),
		h("td.num", {}, words.number(x.comment_count)),
		h("td.num.wide2", {}, x.waiting >= 100 ? "99+" : words.number(x.waiting)),
		h("td.muted.wide2", {}, x.last_comment_at ? ago(x.last_comment_at) : "–"),
	];
}

function head(what: HTMLElement, close: () => void): HTMLElement {
	what.classList.add("grow");
	return h("div.who", {}, what, h("button.ib", { type: "button", "aria-label": t("close"), onclick: close }, icon("x")));
}

function form(desk: Desk, x: ThreadRow, close: () => void, changed: (t: ThreadRow) => void): HTMLElement[] {
	const say = h("p.alert", { role: "alert", hidden: true });
	const send = async (body: object) => {
		const r = await call<ThreadRow>("PATCH", desk.api(`/moderation/threads/${x.id}`), body);
		if (r.body) changed("aliases" in body ? r.body : { ...r.body, aliases: x.aliases }); // an answer tells only those that were sent
		else {
			say.textContent = r.detail;
			say.hidden = false;
		}
	};
	const may = desk.may("thread");
	const title = h("input.inp", { id: "th-title", value: x.title, maxlength: 300, disabled: !may });
	const aliases = h("textarea.inp.mono", { id: "th-alias", rows: 3, disabled: !may });
	aliases.defaultValue = x.aliases.join("\n");
	const mode = h(
		"select",
		{ id: "th-mode", disabled: !may },
		...modes.map((m) => h("option", { value: m, selected: m === x.mode }, m === "" ? t("mode_site") : t(`mode_${m}`))),
	);
	const slow = h(
		"select",
		{ id: "th-slow", disabled: !may },
		...[...new Set([...slows, x.slow_seconds])].map((s) =>
			h("option", { value: s, selected: s === x.slow_seconds }, s === 0 ? t("slow_site") : t("seconds", { n: s })),
		),
	);
	const link = /^https?:/.test(x.url)
		? h("a", { href: x.url, target: "_blank", rel: "noopener noreferrer" }, x.url)
		: h("span", {}, x.key);
	const field = (id: string, label: string, el: HTMLElement, hint?: string) =>
		h("div.field", {}, h("label", { for: id }, label), el, hint ? h("p.hint", {}, hint) : null);
	return [
		head(h("div", {}, h("b", {}, x.title || x.key), h("span.t", {}, link)), close),
		h(
			"div.fx",
			{},
			may
				? h(
						x.state === "open" ? "button.btn" : "button.btn.pri",
						{ type: "button", onclick: () => void send({ state: x.state === "open" ? "closed" : "open" }) },
						x.state === "open" ? t("close_thread") : t("open_thread"),
					)
				: null,
			h("button.btn.ghost", { type: "button", onclick: () => desk.go({ screen: "comments", thread: x.id }) }, t("its_comments")),
		),
		x.closes_at ? h("p.hint", {}, t("closes_at", { date: words.full(new Date(x.closes_at)) })) : h("span"),
		field("th-title", t("title_of_page"), title),
		field("th-mode", t("mode_here"), h("span.sel.box.full", {}, mode, icon("cd", "i s"))),
		field("th-slow", t("slow_mode"), h("span.sel.box.full", {}, slow, icon("cd", "i s")), t("slow_hint")),
		field("th-alias", t("aliases"), aliases, t("aliases_hint")),
		say,
		may
			? h(
					"button.btn.pri",
					{
						type: "button",
						onclick: () =>
							void send({
								title: title.value,
								mode: mode.value,
								slow_seconds: Number(slow.value),
								aliases: aliases.value
									.split("\n")
									.map((a) => a.trim())
									.filter((a) => a !== ""),
							}),
					},
					t("save"),
				)
			: h("span"),
	];
}
