import type { Comment } from "../../shared/api/shapes.ts";
import { type FoldReason, foldReason, insist, moreReplies } from "../state/discussion.ts";
import { canWrite, type Context, type Shown } from "./context.ts";
import { fill, h, icon } from "../../shared/dom/h.ts";
import { nodes } from "../../shared/dom/html.ts";
import { avatar, ReplyLine, time, tomb } from "./reply-line.ts";

const NARROW_DEPTH = 3; // a narrow widget draws no further: words take over there
const MANY = 60; // beyond, buttons are drawn where the reader comes near them
const NEAR = "600px";

/** tones are how some badges look. */
const tones: Record<string, string> = { staff: "acc", moderator: "ok", admin: "ok", expert: "pick" };

const draws = new WeakMap<Element, () => void>();
let nearness: IntersectionObserver | undefined;

/** whenNear calls back once an element comes near the window. */
function whenNear(el: Element, draw: () => void): void {
	draws.set(el, draw);
	nearness ??= new IntersectionObserver(
		(all) => {
			for (const { target, isIntersecting } of all)
				if (isIntersecting) {
					nearness?.unobserve(target);
					draws.get(target)?.();
				}
		},
		{ rootMargin: NEAR },
	);
	nearness.observe(el);
}

/**
 * CommentView is one comment on the page. It is made once; update touches only
 * the parts whose facts have changed, so nothing under the cursor is redrawn.
 */
export class CommentView implements Shown {
	readonly el: HTMLLIElement;
	readonly article: HTMLElement;
	private readonly side = h("div.c-av");
	private readonly head = h("div.c-h");
	private readonly body = h("div.c-b", { dir: "auto", part: "body" });
	readonly bar = h("div.c-a");
	readonly main: HTMLElement;
	readonly line: ReplyLine | null;
	readonly made = new Map<string, HTMLElement>();
	private readonly drawn = new Map<string, string>();
	private rail: HTMLElement | undefined;
	private later: boolean;

	constructor(
		private readonly x: Context,
		readonly id: string,
	) {
		const c = this.comment;
		const deep = c.depth >= x.maxDepth;
		this.line = c.in_reply_to && (x.flat || c.depth > NARROW_DEPTH) ? new ReplyLine(x, c.in_reply_to) : null;
		if (!x.flat && !deep) this.line?.el.classList.add("narrow");
		this.main = h("div.c-main", {}, this.head, this.line?.el, this.body, this.bar);
		this.article = h("article.c", { id: `parley-${id}`, tabindex: "-1", "aria-labelledby": `n-${id}`, part: "comment" }, this.side, this.main);
		this.el = h("li", { class: deep ? "deep" : null }, this.article);
		this.later = x.d.known.size > MANY;
		if (this.later) whenNear(this.article, () => {
			this.later = false;
			this.update();
		});
	}

	/** part is an element that not every comment has; it is made when it is first wanted. */
	part(tag: "ol.kids" | "div.c-more" | "div.slot" | "div.c-m", into: Element, before: Element | null = null): HTMLElement {
		const el = this.made.get(tag) ?? h(tag);
		if (!this.made.has(tag)) into.insertBefore(el, before);
		this.made.set(tag, el);
		return el;
	}

	get kids(): HTMLElement {
		return this.part("ol.kids", this.el, this.made.get("div.c-more"));
	}

	/** slot holds the reader's answer, or his edit, right under the text. */
	get slot(): HTMLElement {
		return this.part("div.slot", this.main);
	}

	private get comment(): Comment {
		const c = this.x.d.known.get(this.id);
		if (!c) throw new Error("a view of an unknown comment");
		return c;
	}

	private get folded(): boolean {
		return !this.x.flat && this.x.folded.has(this.id);
	}

	/** when runs draw if the facts are not those it last drew. */
	when(part: string, facts: unknown[], draw: () => void): void {
		const said = facts.join();
		if (this.drawn.get(part) === said) return;
		this.drawn.set(part, said);
		draw();
	}

	update(): void {
		const c = this.comment;
		const { d, words, folded: folds } = this.x;
		const gone = c.author === null;
		const mine = d.mine.has(c.id);
		const why = foldReason(d, c);
		const kids = d.kids.get(c.id)?.length ?? 0;
		const has = !this.x.flat && (kids > 0 || d.more.has(c.id));
		const can = has || folds.has(c.id);
		this.article.className = `c${gone ? " tomb" : ""}${c.status === "pending" ? " wait" : ""}${why ? " low" : ""}${c.pinned ? " pinned" : ""}${this.article.classList.contains("target") ? " target" : ""}${this.article.classList.contains("arrive") ? " arrive" : ""}`;
		this.el.classList.toggle("has", has);
		if (has) this.rail ??= this.el.insertBefore(h("button.c-line", { type: "button", tabindex: -1, "aria-hidden": "true", "data-act": "fold" }), this.article.nextSibling);
		this.el.classList.toggle("folded", this.folded && can);
		this.when("side", [gone, c.author?.avatar_url], () =>
			fill(this.side, [gone ? h("span.gone", {}, icon("trash")) : avatar(c.author?.avatar_url ?? "", 36)]),
		);
		const age = words.ago(new Date(c.created_at), this.x.now());
		this.when(
			"head",
			[
				c.author?.name,
				c.status,
				c.edited_at,
				c.featured,
				c.pinned,
				age,
				mine,
				d.fresh.has(c.id),
				this.folded,
				c.reply_count,
				can,
				why,
				d.undo.has(c.id),
				c.up - c.down,
			],
			() => this.drawHead(c, mine, can, why),
		);
		this.when("body", [c.html], () => {
			fill(this.body, [nodes(c.html)]);
			this.x.pics?.(this.body);
		});
		this.body.hidden = gone;
		const may = canWrite(this.x);
		this.when("bar", [this.later, gone, c.up, c.down, d.votes.get(c.id) ?? 0, may, mine, d.site?.votes, c.status], () =>
			this.drawBar(c, gone, may, mine),
		);
		this.drawMore();
		this.x.own?.(this, c);
		this.x.reach?.(this, c);
		for (const draw of this.x.also) draw(this, c);
	}

	private link(act: string, text: string): HTMLElement {
		return h("button.lk", { type: "button", "data-act": act }, text);
	}

	private drawHead(c: Comment, mine: boolean, can: boolean, why: FoldReason): void {
		const { words, d } = this.x;
		const fold =
			can &&
			h(
				"button.ib.c-x",
				{
					type: "button",
					"aria-expanded": String(!this.folded),
					"aria-label": words.t(this.folded ? "unfold" : "fold"),
					"data-act": "fold",
				},
				icon("minus"),
			);
		if (!c.author) {
			fill(this.head, [
				h("span", { id: `n-${this.id}` }, words.t(tomb(c))),
				this.time(c),
				d.undo.has(c.id) && this.link("undo", words.t("undo")),
				fold,
			]);
			return;
		}
		const { badges } = c.author;
		const name = h(why ? "span.c-n" : "b.c-n", { id: `n-${this.id}`, part: "author", dir: "auto", "data-act": "person" }, c.author.name);
		fill(
			this.head,
			why
				? [
						name,
						this.time(c),
						h("span.c-t", {}, words.t(`hush_${why}`, { n: c.up - c.down })),
						this.link("open", words.t(why === "reported" ? "undo" : "show_comment")),
						fold,
					]
				: [
						name,
						c.pinned && h("span.bdg", {}, icon("pin"), words.t("pinned")),
						c.featured && h("span.bdg.pick", {}, icon("star"), words.t("pick")),
						// Two at most, the rest is on the card. An admin is a moderator too.
						...badges
							.filter((b) => b !== "moderator" || !badges.includes("admin"))
							.slice(0, 2)
							.map((b) => h(`span.bdg.${tones[b] ?? "ink"}`, {}, tones[b] === "ok" && icon("shield"), words.t(b as "staff"))),
						mine && h("span.bdg", {}, words.t("you")),
						c.author.guest && h("span.bdg.ink", {}, words.t("guest")),
						this.time(c),
						c.edited_at &&
							h(
								"button.c-t",
								{
									type: "button",
									title: words.full(new Date(c.edited_at)),
									"data-act": "history",
								},
								words.t("edited"),
							),
						d.fresh.has(c.id) && h("span.new-dot", {}, words.t("new")),
						this.folded && h("span.c-t", {}, words.t("n_replies", { n: c.reply_count })),
						this.folded && this.link("fold", words.t("unfold")),
						fold,
					],
		);
	}

	private time(c: Comment): HTMLElement {
		return h("a.c-t", { href: this.x.permalink(c.id), "data-act": "link" }, time(this.x, c));
	}

	/** fold hides or shows everything under this comment, and its text. */
	fold(): void {
		const { folded } = this.x;
		if (!folded.delete(this.id)) folded.add(this.id);
		this.update();
		this.head.querySelector<HTMLElement>(".c-x")?.focus();
	}

	/** open shows what is folded to who wants to read it after all. */
	open(): void {
		insist(this.x.d, this.id);
		this.update();
		this.article.focus();
	}

	private drawBar(c: Comment, gone: boolean, may: boolean, mine: boolean): void {
		const { words, d } = this.x;
		const none = gone || c.status !== "published";
		this.bar.hidden = none;
		if (none || this.later) {
			fill(this.bar, []);
			return;
		}
		const own = d.votes.get(c.id) ?? 0;
		const arrow = (value: 1 | -1, name: string) =>
			h(
				"button.v",
				{
					type: "button",
					"data-act": name,
					"aria-pressed": String(own === value),
					"aria-label": words.t(value === 1 ? "vote_up" : "vote_down"),
					"aria-disabled": mine ? "true" : null,
				},
				icon(name),
			);
		const votes = d.site?.votes ?? "off";
		const button = (name: string, label: string, cls = "") =>
			h("button", { type: "button", "data-act": name }, icon(name, cls), h("span", {}, label));
		// What has the focus is drawn anew: the focus stays where it was.
		const root = this.bar.getRootNode() as ShadowRoot;
		const had = [...this.bar.querySelectorAll("button:not(.rx)")].indexOf(root.activeElement as HTMLButtonElement);
		fill(this.bar, [
			votes !== "off" &&
				h(
					"span.vg",
					{ role: "group", "aria-label": words.t("votes") },
					arrow(1, "up"),
					h("output", { "aria-live": "off" }, words.number(c.up - c.down)),
					votes === "updown" && arrow(-1, "down"),
				),
			h(
				"span.ra", // together on a line, whatever the width
				{},
				may && button("reply", words.t("reply"), "flip"),
				button("share", words.t("share")),
				h(
					"button",
					{
						type: "button",
						"data-act": "menu",
						"aria-haspopup": "menu",
						"aria-expanded": "false",
						"aria-label": words.t("more_acts"),
					},
					icon("more"),
				),
			),
		]);
		if (had >= 0) this.bar.querySelectorAll("button")[had]?.focus(); // what is drawn beside them comes after
	}

	private drawMore(): void {
		const { d, flat, words, maxDepth } = this.x;
		const n = flat ? 0 : moreReplies(d, this.id);
		const further = n > 0 && this.comment.depth + 1 >= maxDepth && !d.kids.get(this.id)?.length;
		if (n > 0 || this.made.has("div.c-more"))
			this.when("more", [n, further], () =>
				fill(this.part("div.c-more", this.el), [
					n > 0 && h("button.more", { type: "button", "data-act": "more" }, icon("cd"), words.t(further ? "continue_thread" : "more_replies", { n })),
				]),
			);
	}

	/** focus moves the reader here, for keyboard and screen reader too. */
	focus(mark = false): void {
		this.article.classList.toggle("target", mark);
		this.article.focus({ preventScroll: true });
		this.x.home.scroll(this.article, mark);
	}
}
