import { CommentView } from "./comment.ts";
import type { Context } from "./context.ts";
import { h } from "../../shared/dom/h.ts";

const FIRST = 20; // comments that are drawn whatever it takes
const SLICE_MS = 8; // then the page has its thread back

/** ListView keeps the comments on the page, found by id, and moves none of them. */
export class ListView {
	readonly el = h("ol.top", { part: "list" });
	readonly views = new Map<string, CommentView>();

	private readonly due = new Set<CommentView>(); // to be drawn, in this order
	private timer = 0;

	constructor(readonly x: Context) {}

	/** work draws what is due: some at once, the others in slices, so that the page can answer in between. */
	private work(least = 0): void {
		const end = performance.now() + SLICE_MS;
		let n = 0;
		for (const v of this.due) {
			if (++n > least && performance.now() > end) {
				clearTimeout(this.timer);
				this.timer = setTimeout(() => this.work());
				return;
			}
			this.due.delete(v);
			if (this.x.d.known.has(v.id)) v.update();
		}
	}

	/** end leaves off: another list takes its place. */
	end(): void {
		this.due.clear();
	}

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
		this.put(parent);
		this.work(FIRST);
	}

	private put(parent: string): void {
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
		this.due.add(v);
		if (!this.x.flat) this.put(id);
		return v;
	}

	get(id: string): CommentView | undefined {
		return this.views.get(id);
	}

	update(id: string): void {
		this.views.get(id)?.update();
	}

	updateAll(): void {
		for (const v of this.views.values()) this.due.add(v);
		this.work(FIRST);
	}
}
