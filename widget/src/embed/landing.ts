import { problem } from "./api/client.ts";
import type { Acting } from "./acting.ts";
import type { App } from "./app.ts";
import { addPage, isShown } from "./state/discussion.ts";
import { mark } from "./state/doing.ts";

const PAGE_MAX = 100; // comments in one answer

/** Landing leads to a place in the discussion: the comment of an address, or where the reader was before he left. */
export class Landing {
	constructor(
		private readonly app: App,
		private readonly acting: Acting,
	) {}

	/** comeBack shows as much as there was when the reader left, at the place where he was. */
	async comeBack(): Promise<boolean> {
		const { app } = this;
		const { d, flat } = app.x;
		const [thread, shown, id, top] = (history.state?.parley ?? []) as [string?, number?, string?, number?];
		if (thread !== app.o.thread || !shown || !id) return false;
		while (d.next !== null && d.list.length < shown) {
			const page = await app.api
				.page(thread, app.sort, flat ? "flat" : "threads", Math.min(shown - d.list.length, PAGE_MAX), d.next)
				.catch(() => null);
			if (!page) break;
			addPage(d, page);
		}
		app.list.sync();
		app.list.updateAll();
		app.update();
		const at = app.list.get(id)?.el;
		for (let i = 0; at && i < 3; i++) { // what comes into sight takes its real height then
			scrollBy({ top: at.getBoundingClientRect().top - (top ?? 0), behavior: "instant" });
			await new Promise(requestAnimationFrame);
		}
		return !!at;
	}

	/** goTo shows a comment in its context; it rejects if there is none. */
	async goTo(id: string): Promise<void> {
		const { app } = this;
		if (!app.list.get(id)) {
			const { comment, ancestors } = await app.api.comment(id);
			if (!isShown(app.x.d, id)) this.acting.news.show(comment, ancestors);
			app.update();
		}
		mark(app.x.d, "opened", id, true);
		for (let at = app.x.d.known.get(id)?.parent_id; at; at = app.x.d.known.get(at)?.parent_id) {
			if (app.x.folded.delete(at)) app.list.update(at);
		}
		app.x.folded.delete(id);
		app.list.update(id);
		for (const was of app.list.el.querySelectorAll(".target")) was.classList.remove("target");
		app.list.get(id)?.focus(true);
	}

	/** hash goes to the comment that the page's address names. */
	hash(): void {
		const id = /^#parley-([0-9a-z]+)$/.exec(this.app.x.home.hash())?.[1];
		if (!id) return;
		this.goTo(id).catch((e: unknown) => {
			if (problem(e)?.status === 404) this.acting.toast.show("alert", this.app.x.words.t("no_comment"));
			else this.acting.showError(e, () => this.hash(), "peek_failed");
		});
	}
}
