import { CommentView } from "./comment.ts";
import type { Context } from "./context.ts";
import { h } from "./h.ts";

/** ListView keeps the comments on the page, found by id, and moves none of them. */
export class ListView {
	readonly el = h("ol.top", { part: "list" });
	readonly views = new Map<string, CommentView>();

	constructor(readonly x: Context) {}

	/** draw shows the list anew: another sort, another view, another thread. */
	draw(): void {
		this.views.clear();
		this.el.replaceChildren(...this.x.d.list.map((id) => this.make(id).el));
	}

	make(id: string): CommentView {
		const v = new CommentView(this.x, id);
		this.views.set(id, v);
		if (!this.x.flat) v.kids.append(...(this.x.d.kids.get(id) ?? []).map((k) => this.make(k).el));
		return v;
	}

	get(id: string): CommentView | undefined {
		return this.views.get(id);
	}

	/** append shows further comments of the list, or replies under one. */
	append(ids: string[], parent = ""): void {
		const under = parent ? this.views.get(parent) : undefined;
		(under?.kids ?? this.el).append(...ids.map((id) => this.make(id).el));
		under?.update();
	}

	update(id: string): void {
		this.views.get(id)?.update();
	}

	updateAll(): void {
		for (const v of this.views.values()) v.update();
	}
}
