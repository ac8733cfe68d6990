import { fill, h } from "../../shared/dom/h.ts";
import type { Action, Row } from "./card.ts";
import { announce, t } from "./desk.ts";

/** An item is a comment in a list, with its card. */
export interface Item {
	row: Row;
	li: HTMLLIElement;
}

const idOf = (i: Item): string => i.row.comment.id;

/** Selection is the cards chosen for one decision, and the bar that decides on them. */
export class Selection {
	readonly bar = h("div.bulk", { hidden: true, role: "toolbar", "aria-label": t("bulk") });
	private readonly picked = new Set<string>();
	private anchor = "";

	constructor(
		private readonly items: () => readonly Item[],
		private readonly decide: (a: Action) => void,
		private readonly ban: () => void,
		private readonly bans: () => boolean,
	) {}

	get size(): number {
		return this.picked.size;
	}

	has(item: Item): boolean {
		return this.picked.has(idOf(item));
	}

	/** chosen are the picked cards in their order. */
	chosen(): Item[] {
		return this.items().filter((i) => this.has(i));
	}

	/** select picks a card or lets it go, with range all from the one before. */
	select(item: Item, on: boolean, range: boolean): void {
		const items = this.items();
		const from = items.findIndex((i) => idOf(i) === this.anchor);
		const to = items.indexOf(item);
		const all = range && from >= 0 ? items.slice(Math.min(from, to), Math.max(from, to) + 1) : [item];
		for (const i of all) {
			if (on) this.picked.add(idOf(i));
			else this.picked.delete(idOf(i));
		}
		this.anchor = idOf(item);
		this.paint();
	}

	/** selectSimilar picks what is like a card: the same text, else the same author, else the same first reason. */
	selectSimilar(item: Item): void {
		const c = item.row;
		const by = [
			(r: Row) => c.context.likeness !== "" && r.context.likeness === c.context.likeness,
			(r: Row) => r.comment.author?.id === c.comment.author?.id,
			(r: Row) =>
				c.context.findings[0] !== undefined &&
				r.context.findings[0]?.check === c.context.findings[0].check &&
				r.context.findings[0].detail === c.context.findings[0].detail,
		];
		for (const same of by) {
			const found = this.items().filter((i) => same(i.row));
			if (found.length > 1) {
				for (const i of found) this.picked.add(idOf(i));
				break;
			}
		}
		this.picked.add(idOf(item));
		this.paint();
		announce(t("selected", { n: this.size }));
	}

	clear(): void {
		this.picked.clear();
		this.paint();
	}

	/** drop lets one go that is no longer what it was. */
	drop(id: string): void {
		if (this.picked.delete(id)) this.paint();
	}

	paint(): void {
		for (const i of this.items()) {
			const on = this.has(i);
			i.li.classList.toggle("picked", on);
			const box = i.li.querySelector<HTMLInputElement>(".chk");
			if (box) box.checked = on;
		}
		const n = this.size;
		this.bar.hidden = n === 0;
		if (n === 0) return;
		const act = (a: Action, word: "approve" | "reject" | "spam_act") =>
			h("button", { type: "button", onclick: () => this.decide(a) }, t(word));
		fill(this.bar, [
			h("b", {}, t("selected", { n })),
			act("approve", "approve"),
			act("reject", "reject"),
			act("spam", "spam_act"),
			this.bans() ? h("button", { type: "button", onclick: () => this.ban() }, t("ban_more")) : null,
			h("i"),
			h("button", { type: "button", onclick: () => this.clear() }, t("clear"), " ", h("kbd", {}, "esc")),
		]);
	}
}
