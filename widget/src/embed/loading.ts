import { problem } from "./api/reader.ts";
import type { Comment, Page } from "../shared/api/shapes.ts";
import type { App } from "./app.ts";
import { addPage } from "./state/discussion.ts";
import { mark, unwait } from "./state/doing.ts";
import { addReplies, place } from "./state/following.ts";
import { placeAll } from "./view/placing.ts";
import { fill } from "../shared/dom/h.ts";

const REPLIES_AT_ONCE = 20;
const FETCH_AT_ONCE = 30; // more new comments than this are shown by loading the page

/** Loading brings more comments to the page: what is new, the next page, further replies. */
export class Loading {
	constructor(private readonly app: App) {}

	private showError(e: unknown, again: () => void): void {
		void this.app.acts.then((a) => a.showError(e, again));
	}

	/** show puts a comment on the page with the comments above it. */
	show(c: Comment, ancestors: Comment[]): void {
		const { app } = this;
		const places = place(app.x.d, c, ancestors, app.x.flat ? "flat" : "threads", app.sort);
		if (places.length > 0 && !app.list.el.isConnected) fill(app.frame.list, [app.list.el]);
		placeAll(app.list, places);
		this.app.acting?.posting.rehold();
		if (places.length === 0) this.replies(c.id);
	}

	showNew(): Promise<void> {
		return this.once(this.app.frame.shownew, () => this.fetchNew());
	}

	private async fetchNew(): Promise<void> {
		const { x, reader, list } = this.app;
		const ids = [...x.d.waiting];
		if (this.app.filter) { // among picks alone there is no place for them
			this.app.filter = "";
			await this.app.reload();
			this.app.list.get(ids[0] ?? "")?.focus();
			return;
		}
		if (ids.length > FETCH_AT_ONCE) {
			await this.app.reload();
			this.app.list.get(x.d.list[0] ?? "")?.focus();
			return;
		}
		const got = await Promise.all(
			ids.map((id) => reader.comment(id).catch((e: unknown) => (problem(e)?.status === 404 ? "gone" : null))),
		);
		let first = "";
		for (const [i, g] of got.entries()) {
			const id = ids[i] ?? "";
			if (g === null) continue; // it waits for the next try
			unwait(x.d, id);
			if (g === "gone") continue;
			mark(x.d, "fresh", id, true);
			this.show(g.comment, g.ancestors);
			this.unmark(id);
			first ||= id;
		}
		if (got.includes(null)) this.showError(null, () => void this.showNew());
		this.app.update();
		list.get(first)?.focus();
	}

	/** unmark takes "New" off a comment that has been scrolled past. */
	private unmark(id: string): void {
		const { x, list, signal } = this.app;
		const el = list.get(id)?.article;
		if (!el) return;
		let seen = false;
		const watch = new IntersectionObserver((es) => {
			for (const e of es) {
				if (e.isIntersecting) seen = true;
				else if (seen && e.boundingClientRect.bottom < 0) {
					watch.disconnect();
					mark(x.d, "fresh", id, false);
					list.update(id);
				}
			}
		});
		watch.observe(el);
		signal.addEventListener("abort", () => watch.disconnect());
	}

	more(): Promise<void> {
		return this.once(this.app.frame.moreButton, () => this.fetchMore());
	}

	private async fetchMore(): Promise<void> {
		const { x, reader, o, list, sort } = this.app;
		const cursor = x.d.next;
		if (cursor === null) return;
		try {
			const page = await reader.page(o.thread, sort, x.flat ? "flat" : "threads", o.pageSize, cursor, this.app.filter);
			const added = addPage(x.d, page);
			list.sync();
			for (const c of page.comments) this.replies(c.id);
			list.get(added[0] ?? "")?.focus();
		} catch (e) {
			this.showError(e, () => void this.more());
		}
		this.app.update();
	}

	moreReplies(id: string): Promise<void> {
		const button = this.app.list.get(id)?.el.querySelector(":scope > .c-more > .more");
		return this.once(button, () => this.fetchReplies(id));
	}

	private async fetchReplies(id: string): Promise<void> {
		const { x, reader, list, base } = this.app;
		try {
			const cursor = x.d.more.get(id);
			const q = new URLSearchParams({ limit: String(REPLIES_AT_ONCE), ...(cursor ? { cursor } : {}) });
			const page = await reader.read<Page>(`${base}/api/v1/comments/${id}/replies?${q}`);
			const added = addReplies(x.d, id, page);
			for (const c of page.comments) this.replies(c.id);
			this.replies(id);
			list.get(added[0] ?? "")?.focus();
		} catch (e) {
			this.showError(e, () => void this.moreReplies(id));
		}
		this.app.update();
	}

	/** replies shows what has been learnt of the replies of a comment that may have stood there before. */
	private replies(id: string): void {
		const { x, list } = this.app;
		if (!x.flat) list.sync(id);
		for (const k of x.flat ? [] : (x.d.kids.get(id) ?? [])) this.replies(k);
		list.update(id);
	}

	/** once runs what a button has begun; while it runs, the button shows it and takes no second press. */
	async once(button: Element | null | undefined, run: () => Promise<void>): Promise<void> {
		if (button?.hasAttribute("aria-busy")) return;
		button?.setAttribute("aria-busy", "true");
		try {
			await run();
		} finally {
			button?.removeAttribute("aria-busy");
		}
	}
}
