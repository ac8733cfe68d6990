import type { Comment } from "../../shared/api/shapes.ts";
import type { Context, Key, Line } from "./context.ts";
import { h } from "../../shared/dom/h.ts";

/**
 * ReplyLine is "in reply to NAME · Show comment": it opens the parent in
 * place, whose own line opens its parent, to any depth. The reader's place on
 * the page does not change: everything opens below the line he pressed.
 */
export class ReplyLine implements Line {
	readonly el: HTMLElement;
	readonly box = h("div.par", { hidden: true });
	private readonly button: HTMLButtonElement;
	shown: Comment | null = null;
	inner: Line | null = null;

	constructor(
		readonly x: Context,
		readonly to: { id: string; author_name: string | null },
	) {
		const { words } = x;
		this.button = h(
			"button",
			{ type: "button", "aria-expanded": "false", onclick: () => this.open(!this.isOpen) },
			words.t("show_comment"),
		);
		const [before = "", after = ""] = words.t("in_reply", { name: "\u0000" }).split("\u0000");
		const line = to.author_name === null ? [words.t("in_reply_gone")] : [before, h("b", {}, h("bdi", {}, to.author_name)), after];
		this.el = h(
			"div",
			{},
			h("div.c-re", {}, h("span", {}, ...line), h("span", { "aria-hidden": "true" }, "·"), this.button),
			this.box,
		);
		this.el.addEventListener("keydown", (e) => {
			if (e.key === "Escape" && this.isOpen) {
				e.stopPropagation();
				this.open(false);
				this.button.focus();
			}
		});
	}

	get isOpen(): boolean {
		return this.button.getAttribute("aria-expanded") === "true";
	}

	/** open shows or hides the parent. */
	private open(yes: boolean): void {
		this.button.setAttribute("aria-expanded", String(yes));
		this.button.textContent = this.x.words.t(yes ? "hide_comment" : "show_comment");
		if (yes) this.x.acts.peek(this);
		else this.x.acts.unpeek(this);
	}

	/** another makes the line of the comment that stands open here. */
	another(c: Comment): Line | null {
		return c.in_reply_to ? new ReplyLine(this.x, c.in_reply_to) : null;
	}
}

/** tomb is what stands where a comment was. */
export const tomb = (c: Comment): Key =>
	c.gone ? "tomb_gone" : c.status === "deleted" ? "tomb_deleted" : "tomb_removed";

/**
 * avatar is the picture at an address. One that the server would draw itself is
 * drawn here, from the three bytes that its address ends with: a two-tone disc
 * cut into petals, as internal/media draws it.
 */
export function avatar(url: string, size: number): HTMLElement {
	const drawn = /\.svg#(..)(..)(..)$/.exec(url)?.slice(1).map((s) => Number.parseInt(s, 16));
	if (!drawn) return h("img.av", { src: url, alt: "", width: size, height: size, loading: "lazy", decoding: "async" });
	const [hue = 0, petals = 0, turn = 0] = drawn;
	const el = h("span.av.id");
	const put = (name: string, value: number, unit: string) => el.style.setProperty(name, value + unit);
	put("--h", (hue * 360) >> 8, "");
	put("--t", 90 + (turn * 180) / 256, "deg");
	put("--n", 180 / (2 + (petals % 4)), "deg");
	if (size !== 36) {
		put("width", size, "px");
		put("height", size, "px");
	}
	return el;
}

export function time(x: Context, c: Comment): HTMLElement {
	const at = new Date(c.created_at);
	return h("time", { datetime: c.created_at, title: x.words.full(at) }, x.words.ago(at, x.now()) || x.words.t("now"));
}
