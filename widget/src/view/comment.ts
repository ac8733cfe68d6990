import type { Comment } from "../api/shapes.ts";
import { moreReplies } from "../state/discussion.ts";
import { canEdit, canWrite, type Context } from "./context.ts";
import { fill, h, icon } from "./h.ts";
import { nodes } from "./html.ts";
import { avatar, ReplyLine, time } from "./reply-line.ts";

/**
 * CommentView is one comment on the page. It is made once; update touches only
 * the parts whose facts have changed, so nothing under the cursor is redrawn.
 */
export class CommentView {
	readonly el: HTMLLIElement;
	readonly article: HTMLElement;
	readonly kids = h("ol.kids");
	/** slot holds the reader's answer, or his edit, right under the text. */
	readonly slot = h("div.slot");
	private readonly side = h("div.c-av");
	private readonly head = h("div.c-h");
	private readonly body = h("div.c-b", { dir: "auto" });
	private readonly meta = h("div.c-m");
	private readonly bar = h("div.c-a");
	private readonly more = h("div.c-more");
	readonly line: ReplyLine | null;
	private readonly drawn = new Map<string, string>();
	private folded = false;
	private asking = false;

	constructor(
		private readonly x: Context,
		readonly id: string,
	) {
		const c = this.comment;
		const deep = c.depth >= x.maxDepth;
		this.line = c.in_reply_to && (x.flat || deep) ? new ReplyLine(x, c.in_reply_to) : null;
		this.article = h(
			"article.c",
			{ id: `parley-${id}`, tabindex: "-1", "aria-labelledby": `n-${id}`, part: "comment" },
			this.side,
			h("div.c-main", {}, this.head, this.line?.el, this.body, this.meta, this.bar, this.slot),
		);
		this.el = h("li", { class: deep ? "deep" : null }, this.article, this.kids, this.more);
		this.update();
	}

	private get comment(): Comment {
		const c = this.x.d.known.get(this.id);
		if (!c) throw new Error("a view of an unknown comment");
		return c;
	}

	/** when runs draw if the facts are not those it last drew. */
	private when(part: string, facts: string, draw: () => void): void {
		if (this.drawn.get(part) === facts) return;
		this.drawn.set(part, facts);
		draw();
	}

	update(): void {
		const c = this.comment;
		const { d, words } = this.x;
		const gone = c.author === null;
		const mine = d.mine.has(c.id);
		this.article.classList.toggle("tomb", gone);
		this.article.classList.toggle("wait", c.status === "pending");
		const kids = d.kids.get(c.id)?.length ?? 0;
		this.article.classList.toggle("has", !this.x.flat && (kids > 0 || d.more.has(c.id)));
		this.when("side", `${gone}${c.author?.avatar_url}`, () =>
			fill(this.side, [gone ? h("span.ghost-av", {}, icon("gone")) : avatar(c, 36)]),
		);
		const age = words.ago(new Date(c.created_at), this.x.now());
		this.when(
			"head",
			[c.author?.name, c.status, c.edited_at, age, mine, d.fresh.has(c.id), this.folded, c.reply_count, kids > 0].join(),
			() => this.drawHead(c, gone, mine),
		);
		this.when("body", c.html, () => fill(this.body, [nodes(c.html)]));
		this.body.hidden = gone;
		this.when("meta", c.status, () =>
			fill(
				this.meta,
				c.status === "pending"
					? [h("span.bdg.warn", {}, icon("clock"), words.t("awaiting")), h("span", {}, words.t("only_you"))]
					: [],
			),
		);
		const may = canWrite(this.x);
		const editable = canEdit(this.x, c);
		this.when(
			"bar",
			[gone, c.up, c.down, d.votes.get(c.id) ?? 0, may, mine, editable, d.site?.votes, this.asking, c.status].join(),
			() => this.drawBar(c, gone, may, mine, editable),
		);
		this.drawMore();
	}

	private drawHead(c: Comment, gone: boolean, mine: boolean): void {
		const { words, d } = this.x;
		const fold =
			!this.x.flat &&
			(c.reply_count > 0 || (d.kids.get(c.id)?.length ?? 0) > 0) &&
			h(
				"button.ib.c-x",
				{
					type: "button",
					"aria-expanded": String(!this.folded),
					"aria-label": words.t(this.folded ? "unfold" : "fold"),
					onclick: () => this.fold(!this.folded),
				},
				icon("minus"),
			);
		if (gone) {
			fill(this.head, [
				h("span.muted", { id: `n-${this.id}` }, words.t(c.status === "deleted" ? "tomb_deleted" : "tomb_removed")),
				this.link(c),
				fold,
			]);
			return;
		}
		const badges = [
			c.author?.badges.includes("moderator") && h("span.bdg.ok", {}, words.t("moderator")),
			c.featured && h("span.bdg.pick", {}, words.t("pick")),
			mine && h("span.bdg", {}, words.t("you")),
			c.author?.guest && h("span.bdg.ink", {}, words.t("guest")),
		];
		fill(this.head, [
			h("b.c-n", { id: `n-${this.id}` }, h("bdi", {}, c.author?.name ?? "")),
			...badges,
			this.link(c),
			c.edited_at && h("span.c-t", { title: words.full(new Date(c.edited_at)) }, words.t("edited")),
			d.fresh.has(c.id) && h("span.new-dot", {}, words.t("new")),
			this.folded && h("span.c-t", {}, words.t("n_replies", { n: c.reply_count })),
			this.folded && h("button.lk", { type: "button", onclick: () => this.fold(false) }, words.t("unfold")),
			fold,
		]);
	}

	private link(c: Comment): HTMLElement {
		return h("a.c-t", { href: this.x.permalink(c.id), onclick: (e: MouseEvent) => this.permalink(e) }, time(this.x, c));
	}

	private permalink(e: MouseEvent): void {
		if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
		e.preventDefault();
		history.replaceState(history.state, "", this.x.permalink(this.id));
		void this.x.acts?.goTo(this.id);
	}

	private fold(yes: boolean): void {
		this.folded = yes;
		this.el.classList.toggle("folded", yes);
		this.update();
		this.head.querySelector<HTMLElement>(".c-x")?.focus();
	}

	private drawBar(c: Comment, gone: boolean, may: boolean, mine: boolean, editable: boolean): void {
		const { words, d } = this.x;
		if (gone || c.status !== "published") {
			fill(this.bar, editable ? this.ownActs(c, true) : mine && c.status === "pending" ? this.ownActs(c, false) : []);
			return;
		}
		if (this.asking) {
			fill(this.bar, [
				h("span.ask", { role: "alert" }, words.t("delete_ask")),
				h("button.dng", { type: "button", onclick: () => this.remove() }, words.t("delete")),
				h("button", { type: "button", onclick: () => this.ask(false) }, words.t("keep")),
			]);
			return;
		}
		const own = d.votes.get(c.id) ?? 0;
		const score = c.up - c.down;
		const arrow = (value: 1 | -1, name: string) =>
			h(
				"button.v",
				{
					type: "button",
					"aria-pressed": String(own === value),
					"aria-label": words.t(value === 1 ? "vote_up" : "vote_down"),
					"aria-disabled": mine ? "true" : null,
					onclick: () => !mine && this.x.acts?.vote(c.id, own === value ? 0 : value),
				},
				icon(name),
			);
		const votes = d.site?.votes ?? "off";
		fill(this.bar, [
			votes !== "off" &&
				h(
					"span.vg",
					{ role: "group", "aria-label": words.t("votes") },
					arrow(1, "up"),
					h("output", {}, score),
					votes === "updown" && arrow(-1, "down"),
				),
			may &&
				h(
					"button",
					{ type: "button", "data-act": "reply", onclick: () => this.x.acts?.reply(c.id) },
					icon("reply", "i flip"),
					words.t("reply"),
				),
			h(
				"button",
				{ type: "button", onclick: (e: Event) => void this.share(e.currentTarget as HTMLElement) },
				icon("share"),
				h("span", {}, words.t("share")),
			),
			...(mine ? this.ownActs(c, editable) : []),
		]);
	}

	private ownActs(c: Comment, editable: boolean): (Node | false)[] {
		const { words } = this.x;
		return [
			editable && h("button", { type: "button", "data-act": "edit", onclick: () => this.x.acts?.edit(c.id) }, words.t("edit")),
			h(
				"button",
				{
					type: "button",
					"data-act": "delete",
					onclick: () => (c.status === "published" ? this.ask(true) : void this.x.acts?.remove(c.id)),
				},
				words.t("delete"),
			),
		];
	}

	private ask(yes: boolean): void {
		this.asking = yes;
		this.update();
		this.bar.querySelector<HTMLElement>(yes ? ".dng" : '[data-act="delete"]')?.focus();
	}

	private async remove(): Promise<void> {
		if (!(await this.x.acts?.remove(this.id))) this.ask(false);
	}

	private async share(button: HTMLElement): Promise<void> {
		if (!(await this.x.acts?.share(this.id))) return;
		const label = button.querySelector("span");
		if (label) label.textContent = this.x.words.t("link_copied");
		setTimeout(() => {
			if (label) label.textContent = this.x.words.t("share");
		}, 2000);
	}

	private drawMore(): void {
		const n = this.x.flat ? 0 : moreReplies(this.x.d, this.id);
		this.when("more", String(n), () =>
			fill(this.more, [
				n > 0 &&
					h(
						"button.more",
						{ type: "button", onclick: () => void this.x.acts?.moreReplies(this.id) },
						icon("down_s"),
						this.x.words.t("more_replies", { n }),
					),
			]),
		);
	}

	/** focus moves the reader here, for keyboard and screen reader too. */
	focus(mark = false): void {
		this.article.classList.toggle("target", mark);
		this.article.focus({ preventScroll: true });
		this.article.scrollIntoView({
			block: mark ? "center" : "nearest",
			behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
		});
	}
}
