import type { Sort, View } from "../../shared/api/shapes.ts";
import { canWrite, type Context, type Key, stateOf } from "./context.ts";
import { fill, h, icon, set } from "../../shared/dom/h.ts";

const sorts: Sort[] = ["best", "newest", "oldest", "controversial"];
const views: View[] = ["threads", "flat"];
const RTL = /^(ar|fa|he|ur)\b/;
const CLOSING_MS = 86_400_000; // so long before, readers are told when a discussion closes
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "long" };

export interface FrameActs {
	sort(s: Sort): void;
	view(v: View): Promise<void>;
	reload(): void;
}

/** Frame is everything around the comments. */
export class Frame {
	readonly el: HTMLElement;
	readonly composer = h("div.cp-slot");
	readonly list = h("div.list");
	private readonly title = h("h2");
	private readonly powered = h("span");
	readonly heading = h("h3", { tabindex: -1 });
	private readonly count = h("span.n", {}, "\u00a0");
	readonly meta = h("div.hd-m");
	readonly follow: HTMLButtonElement;
	private readonly select: HTMLSelectElement;
	private readonly seg: HTMLElement;
	readonly shownew: HTMLButtonElement;
	readonly moreButton: HTMLButtonElement;
	/** pillwrap and banner are filled by what comes later. */
	readonly pillwrap = h("div.pillwrap");
	readonly banner = h("div.ban", { hidden: true, role: "status" });
	private readonly closing = h("p.ban");
	readonly bar: HTMLElement;
	private readonly find = h("button.ib.find", { type: "button", onclick: () => void this.x.acts.search() }, icon("search"));
	readonly foot: HTMLElement;
	private readonly links = h("nav");
	private readonly results = h("p.sr", { "aria-live": "polite" });
	private readonly drawn = new Map<Element, string>();

	constructor(
		private readonly x: Context,
		private readonly acts: FrameActs,
	) {
		this.select = h(
			"select",
			{ onchange: () => acts.sort(this.select.value as Sort) },
			...sorts.map((s) => h("option", { value: s })),
		);
		this.seg = h(
			"div.seg",
			{ role: "radiogroup", onkeydown: (e: KeyboardEvent) => void this.arrow(e) },
			...views.map((v) => h("button", { type: "button", role: "radio", "data-view": v, onclick: () => void acts.view(v) })),
		);
		this.follow = h("button.btn.sm", { type: "button", onclick: () => x.acts.follow() });
		this.shownew = h("button.shownew", { type: "button", onclick: () => x.d.waiting.length > 0 && void x.acts.showNew() });
		this.moreButton = h("button.btn.full", { type: "button", hidden: true, part: "button", onclick: () => void x.acts.more() });
		this.bar = h("div.bar", {}, this.heading, this.find, h("span.sel", {}, this.select, icon("cd", "s")), this.seg);
		this.foot = h("div.ft", { hidden: true }, this.moreButton, this.shownew, h("div.ftl", {}, this.links, this.powered));
		this.el = h(
			"section.w",
			{ part: "widget" },
			h("header.hd", { part: "header" }, this.title, this.follow, this.meta),
			this.closing,
			this.composer,
			this.bar,
			this.pillwrap,
			this.banner,
			this.list,
			this.foot,
			this.results,
		);
		this.speak();
		this.skeleton();
	}

	/** speak says what does not change but with the language. */
	speak(): void {
		const { words } = this.x;
		const t = (key: Key) => words.t(key);
		this.drawn.clear();
		set(this.el, { "aria-label": t("discussion"), lang: words.lang, dir: RTL.test(words.lang) ? "rtl" : "ltr" });
		fill(this.title, [t("discussion"), " ", this.count]);
		fill(this.heading, [t("all")]);
		set(this.select, { "aria-label": t("sort") });
		set(this.find, { "aria-label": t("search") });
		for (const o of this.select.options) o.text = t(o.value as Sort);
		set(this.seg, { "aria-label": t("view") });
		for (const b of this.seg.querySelectorAll("button")) {
			const v = b.dataset["view"] as View;
			fill(b, [v === "threads" && icon(v, "s"), t(v)]);
		}
		fill(this.moreButton, [t("more_comments")]);
		fill(this.powered, [icon("mark", "s"), " ", t("powered")]);
	}

	private async arrow(e: KeyboardEvent): Promise<void> {
		if (!/^Arrow/.test(e.key)) return;
		e.preventDefault();
		await this.acts.view(this.x.flat ? "threads" : "flat");
		this.seg.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
	}

	/** skeleton has the box of what will come, so that nothing jumps: until the comments are there, no less than the loader kept free. */
	private skeleton(): void {
		this.el.dataset["wait"] = "";
		const one = () =>
			h("li", {}, h("div.c.sk-c", {}, h("span.sk.av"), h("div.c-main", {}, ...[1, 2, 3, 4].map((n) => h(`span.sk.w${n}`)))));
		fill(this.list, [
			h("p.sr", { role: "status" }, this.x.words.t("loading")),
			h("ol.top", { "aria-hidden": "true" }, one(), one(), one()),
		]);
	}

	/** put fills an element if what it shows has changed. */
	put(el: Element, facts: unknown[], children: () => Parameters<typeof fill>[1]): void {
		const said = facts.join();
		if (this.drawn.get(el) === said) return;
		this.drawn.set(el, said);
		fill(el, children());
	}

	/** update draws what is not a comment: numbers, choices, buttons. */
	update(sort: Sort): void {
		const { d, words } = this.x;
		if (d.site) delete this.el.dataset["wait"];
		const total = d.thread?.comment_count ?? 0;
		const off = !navigator.onLine;
		this.count.textContent = d.site ? words.number(total) : "\u00a0";
		const rules = d.site?.rules_url;
		const book = () => [icon("book", "s"), words.t("standards")];
		const standards = () =>
			rules
				? h("a", { href: rules, target: "_blank", rel: "noopener" }, ...book())
				: h(
						"button.lk",
						{ type: "button", onclick: (e: Event) => this.x.acts.standards(e.currentTarget as HTMLElement) },
						...book(),
					);
		const open = d.thread?.state === "open";
		const at = new Date(d.thread?.closes_at ?? Number.NaN);
		const date = words.when.bind(words, at);
		this.put(this.meta, [d.readers, off, rules, !!d.site, open, +at], () => [
			off
				? h("span.live.off", {}, words.t("off"))
				: !open && +at
					? h("span", {}, words.t("closed_short", { date: date(DAY) }))
					: d.readers > 1 && h("span.live", {}, words.t("reading", { n: d.readers })),
			d.site && standards(),
		]);
		// The reader's clock decides no more than whether to tell: what is open is the server's word.
		const soon = open && !this.x.readOnly && +at - +this.x.now() < CLOSING_MS;
		this.put(this.closing, [soon && +at], () =>
			soon ? [icon("clock"), words.t("closes", { date: date(DAY), time: date({ timeStyle: "short" }) })] : [],
		);
		this.follow.hidden = this.x.readOnly;
		set(this.follow, { "aria-pressed": String(d.following) });
		this.put(this.follow, [d.following, 1], () => [icon("bell"), words.t(d.following ? "following" : "follow")]);
		this.select.value = sort;
		for (const b of this.seg.querySelectorAll("button")) {
			const on = b.dataset["view"] === (this.x.flat ? "flat" : "threads");
			b.setAttribute("aria-checked", String(on));
			b.tabIndex = on ? 0 : -1;
		}
		this.bar.hidden = d.list.length === 0 && total === 0;
		this.moreButton.hidden = d.next === null;
		const q = d.site && `${encodeURIComponent(d.site.key)}`;
		this.put(this.links, [q, d.thread?.key], () =>
			d.thread && q
				? [
						h("a", { href: `${this.x.base}/p/${q}?${new URLSearchParams({ thread: d.thread.key })}` }, words.t("page")),
						h("a", { href: `${this.x.base}/feeds/${q}.atom?${new URLSearchParams({ thread: d.thread.key })}` }, words.t("feed")),
					]
				: [],
		);
		this.waiting();
		for (const draw of this.x.also) draw();
	}

	private waiting(): void {
		const { d, words } = this.x;
		const n = d.waiting.length;
		const label = n === 0 ? words.t("show_new_none") : (this.x.label?.() ?? "");
		this.put(this.shownew, [label], () => [icon("refresh", "s"), label]);
		this.shownew.setAttribute("aria-disabled", String(n === 0));
		this.foot.hidden = d.site === null;
	}

	/** say tells the result of the reader's own act. */
	say(text: string): void {
		this.results.textContent = text;
	}

	/** focus goes to the head of the list when there is nothing nearer. */
	focus(): void {
		this.heading.focus();
	}

	/** empty stands where comments will. */
	empty(): void {
		const { words } = this.x;
		fill(this.list, [
			h(
				"div.big",
				{},
				icon("mark", "art"),
				h("h3", {}, words.t("empty_head")),
				canWrite(this.x) && h("p", {}, words.t("empty_text")),
			),
		]);
	}

	error(text: string): void {
		const { words } = this.x;
		delete this.el.dataset["wait"];
		this.retry(this.list, () => this.acts.reload(), h("h3", {}, words.t("error_head")), h("p", {}, text));
	}

	/** retry says in the place of what did not come that it can be tried again. */
	retry(into: Element, act: () => void, ...said: (Element | string)[]): void {
		fill(into, [
			h(
				"div.big",
				{ role: "alert" },
				...said,
				h("button.btn", { type: "button", onclick: act }, icon("refresh"), this.x.words.t("try_again")),
			),
		]);
	}

	/** closed stands where the composer would. */
	closed(): void {
		const { d, words } = this.x;
		const readOnly = stateOf(this.x) === "read_only"; // an archived site's discussions too
		const at = !readOnly && d.thread?.closes_at; // of what takes comments no more
		const text = at ? words.t("closed_on", { date: words.when(new Date(at), { dateStyle: "long" }) }) : words.t("closed_text");
		fill(this.composer, [
			h(
				"div.closed",
				{},
				h("span.ic", {}, icon(readOnly ? "book" : "lock")),
				h("div", {}, h("b", {}, words.t(readOnly ? "read_only" : "closed_head")), text),
			),
		]);
	}
}
