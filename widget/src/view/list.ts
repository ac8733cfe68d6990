import { remove } from "../state/discussion.ts";
import type { Place } from "../state/following.ts";
import { CommentView } from "./comment.ts";
import type { Context } from "./context.ts";
import { h } from "./h.ts";
import type { Outgoing } from "./outgoing.ts";
import type { ReplyLine } from "./reply-line.ts";

/** ListView keeps the comments on the page, found by id, and moves none of them. */
export class ListView {
	readonly el = h("ol.top", { part: "list" });
	private readonly views = new Map<string, CommentView>();

	constructor(private readonly x: Context) {}

	/** draw shows the list anew: another sort, another view, another thread. */
	draw(): void {
		this.views.clear();
		this.el.replaceChildren(...this.x.d.list.map((id) => this.make(id).el));
	}

	private make(id: string): CommentView {
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

	/** place shows comments where state put them; it returns the view of the last. */
	place(places: Place[]): CommentView | undefined {
		let last: CommentView | undefined;
		for (const p of places) {
			last = this.make(p.id);
			last.article.classList.add("arrive");
			if (p.in === "replies") {
				const parent = this.views.get(p.parent);
				(parent?.kids ?? this.el).append(last.el);
				parent?.update();
			} else if (p.at === "start") {
				this.el.prepend(last.el);
			} else {
				this.el.append(last.el);
			}
		}
		return last;
	}

	/** hold shows a comment that is on its way. */
	hold(o: Outgoing, atEnd: boolean): void {
		const parent = o.sent.parent && !this.x.flat ? this.views.get(o.sent.parent) : undefined;
		if (parent) parent.kids.append(o.el);
		else if (atEnd) this.el.append(o.el);
		else this.el.prepend(o.el);
	}

	update(id: string): void {
		this.views.get(id)?.update();
	}

	updateAll(): void {
		for (const v of this.views.values()) v.update();
	}

	/** lines are those that say whom a comment answers. */
	lines(): (ReplyLine | null)[] {
		return [...this.views.values()].map((v) => v.line);
	}

	/** drop takes a comment away. Focus that was in it goes to its neighbour. */
	drop(id: string): void {
		const v = this.views.get(id);
		if (!v) return;
		const root = v.el.getRootNode() as ShadowRoot;
		const held = root.activeElement !== null && v.el.contains(root.activeElement);
		const next = (v.el.nextElementSibling ?? v.el.previousElementSibling)?.querySelector<HTMLElement>("article");
		const parent = this.x.d.known.get(id)?.parent_id;
		remove(this.x.d, id);
		v.el.remove();
		this.views.delete(id);
		if (parent) this.update(parent);
		if (held) next?.focus();
	}
}
