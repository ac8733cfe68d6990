import { problem } from "./api/client.ts";
import type { Comment } from "../shared/api/shapes.ts";
import type { Acting } from "./acting.ts";
import type { App } from "./app.ts";
import { mark, restore, withdraw } from "./state/doing.ts";

const UNDO_MS = 10_000;

/** Removing takes comments away, one's own and a moderator's, with the way back beside them for ten seconds. */
export class Removing {
	private readonly ends = new Map<string, number>(); // timers that end the offer to undo, by comment
	private readonly decisions = new Map<string, string>(); // what takes a moderator's act of a moment ago back, by comment

	constructor(
		private readonly app: App,
		private readonly acting: Acting,
	) {}

	/** remove takes an own comment away: at once, and back again for ten seconds. */
	async remove(id: string): Promise<boolean> {
		const { x, api, frame } = this.app;
		const was = x.d.known.get(id);
		if (!was) return false;
		mark(x.d, "undo", id, true);
		try {
			await api.remove(id);
		} catch (e) {
			mark(x.d, "undo", id, false);
			this.acting.showError(e, () => void this.remove(id));
			return false;
		}
		withdraw(x.d, id);
		this.leaving({ ...was, author: null, html: "", status: "deleted" });
		frame.say(x.words.t("removed_done"));
		return true;
	}

	/** leaving shows a comment that has been taken away, with the way back beside it for ten seconds. */
	private leaving(c: Comment): void {
		const { x, list } = this.app;
		this.acting.news.changed(c);
		list.get(c.id)?.article.focus();
		clearTimeout(this.ends.get(c.id)); // of an earlier removal, taken back since
		const end = setTimeout(() => {
			this.ends.delete(c.id);
			this.decisions.delete(c.id);
			if (!mark(x.d, "undo", c.id, false) || this.app.signal.aborted) return;
			if ((x.d.kids.get(c.id)?.length ?? 0) > 0) list.update(c.id);
			else this.acting.news.dropped(c.id);
		}, UNDO_MS);
		this.ends.set(c.id, end);
	}

	/** reject takes another's comment away as a moderator, in the frame; it can be taken back like one's own. */
	async reject(id: string): Promise<boolean> {
		const { x, api } = this.app;
		const was = x.d.known.get(id);
		if (!was) return false;
		mark(x.d, "undo", id, true); // before the answer: the event may come first
		const got = await api.decide(was, "reject").catch(() => null);
		if (!got?.results[0]?.ok || !got.undo) {
			mark(x.d, "undo", id, false);
			return false;
		}
		this.decisions.set(id, got.undo);
		this.leaving({ ...was, author: null, html: "", status: "rejected" });
		return true;
	}

	undo(id: string): void {
		void this.restore(id);
	}

	private async restore(id: string): Promise<void> {
		const { x, api, list, frame } = this.app;
		const decision = this.decisions.get(id);
		try {
			if (decision) await api.takeBack(decision);
			this.decisions.delete(id);
			const { comment } = await (decision ? api.comment(id) : api.restore(id));
			restore(x.d, comment);
			this.acting.news.changed(comment);
			list.get(id)?.article.focus();
			frame.say(x.words.t("restored"));
		} catch (e) {
			if (problem(e)?.status === 409) this.acting.toast.show("alert", x.words.t("too_late"));
			else this.acting.showError(e, () => this.undo(id));
		}
	}
}
