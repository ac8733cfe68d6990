import { fill, h } from "../../shared/dom/h.ts";
import type { Row } from "./card.ts";
import { call, clock, type Desk, t } from "./desk.ts";
import type { Item } from "./selection.ts";
import type { Queue } from "./shapes.ts";

/**
 * News knows which of the published comments this person has not read: a line
 * stands below the last of them, and to have had the line on the screen is to
 * have read what is above it.
 */
export class News {
	readonly head = h("div.news", { hidden: true });
	private since = "";
	private newest = "";
	private told = "";
	private line: HTMLElement | null = null;
	private readonly seen = new IntersectionObserver((list) => {
		if (list.some((e) => e.isIntersecting)) void this.look();
	});

	constructor(
		private readonly desk: Desk,
		private readonly again: () => void,
	) {}

	/** fresh tells whether a comment was published since the last look. */
	fresh(row: Row): boolean {
		return this.since !== "" && row.comment.created_at > this.since;
	}

	/** begin takes a page's mark, before its cards are drawn. */
	begin(q: Queue, further: boolean): void {
		if (further) return;
		this.since = q.looked_at ?? "";
		this.newest = q.comments[0]?.created_at ?? "";
		this.told = "";
		this.line = null;
		this.seen.disconnect();
	}

	/** drawn puts the line where what was read begins. */
	drawn(items: readonly Item[], whole: boolean): void {
		const n = items.filter((i) => this.fresh(i.row)).length;
		const after = items[n];
		this.head.hidden = this.since === "";
		fill(this.head, [
			h(
				"p",
				{},
				n > 0
					? t("news_since", { n, plus: n === items.length && !whole ? "+" : "", at: clock(this.since) })
					: t("news_none", { at: clock(this.since) }),
			),
			n > 0 ? h("button.btn.sm.ghost", { type: "button", onclick: () => void this.all() }, t("news_all_read")) : null,
		]);
		if (n === 0 || this.line || (!after && !whole)) return;
		this.line = h("li.news-l", {}, h("b", {}, t("news_line")), " ", t("news_here", { at: clock(this.since) }));
		if (after) after.li.before(this.line);
		else items.at(-1)?.li.after(this.line);
		this.seen.observe(this.line);
	}

	/** look tells the server that what is above the line was read. */
	private async look(): Promise<void> {
		if (!this.newest || this.told === this.newest) return;
		this.told = this.newest;
		await call("POST", this.desk.api("/moderation/look"), { until: this.newest });
		this.desk.counts();
	}

	private async all(): Promise<void> {
		await this.look();
		this.again();
	}

	stop(): void {
		this.seen.disconnect();
	}
}
