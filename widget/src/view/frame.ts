import type { Sort, View } from "../api/shapes.ts";
import { repliesToMe } from "../state/discussion.ts";
import { canWrite, type Context } from "./context.ts";
import { fill, h, icon } from "./h.ts";

const sorts: Sort[] = ["best", "newest", "oldest", "controversial"];
const views: View[] = ["threads", "flat"];
const ANNOUNCE_MS = 20_000; // arrivals are told to a screen reader at most this often

export interface FrameActs {
	sort(s: Sort): void;
	view(v: View): void;
	reload(): void;
}

/** Frame is everything around the comments. */
export class Frame {
	readonly el: HTMLElement;
	readonly composer = h("div.cp-slot");
	readonly list = h("div.list");
	private readonly count = h("span.n", {}, "\u00a0");
	private readonly meta = h("p.hd-m");
	private readonly select: HTMLSelectElement;
	private readonly seg: HTMLElement;
	private readonly pill: HTMLButtonElement;
	private readonly shownew: HTMLButtonElement;
	private readonly moreButton: HTMLButtonElement;
	private readonly banner = h("div.ban", { hidden: true });
	private readonly bar: HTMLElement;
	private readonly foot: HTMLElement;
	private readonly arrivals = h("p.sr", { "aria-live": "polite" });
	private readonly results = h("p.sr", { "aria-live": "polite" });
	private announced = 0;

	constructor(
		private readonly x: Context,
		private readonly acts: FrameActs,
	) {
		const { words } = x;
		this.select = h(
			"select",
			{ "aria-label": words.t("sort"), onchange: () => acts.sort(this.select.value as Sort) },
			...sorts.map((s) => h("option", { value: s }, words.t(s))),
		);
		this.seg = h(
			"div.seg",
			{ role: "radiogroup", "aria-label": words.t("view"), onkeydown: (e: KeyboardEvent) => this.arrow(e) },
			...views.map((v) =>
				h("button", { type: "button", role: "radio", "data-view": v, onclick: () => acts.view(v) }, words.t(v)),
			),
		);
		this.pill = h("button.pill", { type: "button", hidden: true, part: "button", onclick: () => void x.acts?.showNew() });
		this.shownew = h("button.shownew", { type: "button", onclick: () => x.d.waiting.length > 0 && void x.acts?.showNew() });
		this.moreButton = h(
			"button.btn.full",
			{ type: "button", hidden: true, onclick: () => void x.acts?.more() },
			words.t("more_comments"),
		);
		this.bar = h("div.bar", {}, h("h3", {}, words.t("all")), h("span.sel", {}, this.select, icon("down_s", "i s")), this.seg);
		this.foot = h(
			"div.ft",
			{ hidden: true },
			this.moreButton,
			this.shownew,
			h("div.ftl", {}, h("span"), h("span", {}, icon("mark"), " ", words.t("powered"))),
		);
		this.el = h(
			"section.w",
			{ "aria-label": words.t("discussion"), lang: words.lang, dir: /^(ar|fa|he|ur)\b/.test(words.lang) ? "rtl" : "ltr" },
			h("header.hd", {}, h("h2", {}, words.t("discussion"), " ", this.count), this.meta),
			this.composer,
			this.bar,
			h("div.pillwrap", {}, this.pill),
			this.banner,
			this.list,
			this.foot,
			this.arrivals,
			this.results,
		);
		this.skeleton();
	}

	private arrow(e: KeyboardEvent): void {
		if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(e.key)) return;
		e.preventDefault();
		this.acts.view(this.x.flat ? "threads" : "flat");
		this.seg.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
	}

	/** skeleton has the box of what will come, so that nothing jumps: until the comments are there, no less than the loader kept free. */
	private skeleton(): void {
		this.el.dataset["wait"] = "";
		const one = () =>
			h(
				"li",
				{},
				h(
					"div.c.sk-c",
					{},
					h("span.sk.av"),
					h("div.c-main", {}, h("span.sk.w1"), h("span.sk.w2"), h("span.sk.w3"), h("span.sk.w4")),
				),
			);
		fill(this.list, [
			h("p.sr", { role: "status" }, this.x.words.t("loading")),
			h("ol.top", { "aria-hidden": "true" }, one(), one(), one()),
		]);
	}

	/** update draws what is not a comment: numbers, choices, buttons. */
	update(sort: Sort, down: boolean): void {
		const { d, words } = this.x;
		if (d.site) delete this.el.dataset["wait"];
		const total = d.thread?.comment_count ?? 0;
		this.count.textContent = d.site ? new Intl.NumberFormat(words.lang).format(total) : "";
		fill(this.meta, [
			d.readers > 1 && h("span.live", {}, words.t("reading", { n: d.readers })),
			d.site?.rules_url &&
				h("a", { href: d.site.rules_url, target: "_blank", rel: "noopener" }, icon("book"), words.t("standards")),
		]);
		this.select.value = sort;
		for (const b of this.seg.querySelectorAll("button")) {
			const on = b.dataset["view"] === (this.x.flat ? "flat" : "threads");
			b.setAttribute("aria-checked", String(on));
			b.tabIndex = on ? 0 : -1;
		}
		this.bar.hidden = d.list.length === 0 && total === 0;
		this.moreButton.hidden = d.next === null;
		this.waiting();
		this.connection(down);
	}

	private waiting(): void {
		const { d, words } = this.x;
		const n = d.waiting.length;
		const mine = repliesToMe(d);
		const label =
			n === 0 ? words.t("show_new_none") : words.t("show_new", { n }) + (mine > 0 ? words.t("show_new_mine", { n: mine }) : "");
		this.pill.hidden = n === 0;
		fill(this.pill, [icon("arrow"), label]);
		fill(this.shownew, [icon("refresh"), label]);
		this.shownew.setAttribute("aria-disabled", String(n === 0));
		this.foot.hidden = d.site === null;
		if (n > 0 && Date.now() - this.announced > ANNOUNCE_MS) {
			this.announced = Date.now();
			this.arrivals.textContent = words.t("arrived", { n });
		}
	}

	private connection(down: boolean): void {
		const { words } = this.x;
		const offline = !navigator.onLine;
		this.banner.hidden = !offline && !down;
		if (offline) fill(this.banner, [words.t("offline")]);
		else if (down)
			fill(this.banner, [
				words.t("reconnecting"),
				h("button.lk", { type: "button", onclick: () => this.x.acts?.retryLive() }, words.t("retry_now")),
			]);
	}

	/** say tells the result of the reader's own act. */
	say(text: string): void {
		this.results.textContent = text;
	}

	/** empty stands where comments will. */
	empty(): void {
		const { words } = this.x;
		fill(this.list, [
			h(
				"div.big",
				{},
				icon("mark", "i art"),
				h("h4", {}, words.t("empty_head")),
				canWrite(this.x) && h("p", {}, words.t("empty_text")),
			),
		]);
	}

	error(text: string): void {
		const { words } = this.x;
		delete this.el.dataset["wait"];
		fill(this.list, [
			h(
				"div.big",
				{ role: "alert" },
				h("h4", {}, words.t("error_head")),
				h("p", {}, text),
				h("button.btn", { type: "button", onclick: () => this.acts.reload() }, words.t("try_again")),
			),
		]);
	}

	/** closed stands where the composer would. */
	closed(): void {
		const { words } = this.x;
		fill(this.composer, [
			h("div.closed", {}, icon("lock"), h("div", {}, h("b", {}, words.t("closed_head")), words.t("closed_text"))),
		]);
	}
}
