import { CommentView } from "./comment.ts";
import type { Context } from "./context.ts";
import { h } from "../../shared/dom/h.ts";

/** ListView keeps the comments on the page, found by id, and moves none of them. */
export class ListView {
	readonly el = h("ol.top", { part: "list" });
	readonly views = new Map<string, CommentView>();

	constructor(readonly x: Context) {}

	/** draw shows the list anew: another sort, another view, another thread. */
	draw(): void {
		this.views.clear();
		this.el.replaceChildren();
		this.sync();
	}

	/**
	 * sync brings what is shown under a comment, or in the list, to what the
	 * state holds. A comment has one view, wherever it was asked for, and what
	 * stands in its place already is not touched.
	 */
	sync(parent = ""): void {
		let last: Element | null = null;
		for (const id of (parent ? this.x.d.kids.get(parent) : this.x.d.list) ?? []) {
			const el = parent ? this.views.get(parent)?.kids : this.el;
			const v = this.views.get(id) ?? this.make(id);
			if (v.el.parentNode !== el) el?.insertBefore(v.el, last ? last.nextSibling : el.firstChild);
			last = v.el;
		}
	}

	private make(id: string): CommentView {
		const v = new CommentView(this.x, id);
		this.views.set(id, v);
		if (!this.x.flat) this.sync(id);
		return v;
	}

	get(id: string): CommentView | undefined {
		return this.views.get(id);
	}

	update(id: string): void {
		this.views.get(id)?.update();
	}

	updateAll(): void {
		for (const v of this.views.values()) v.update();
	}
}
