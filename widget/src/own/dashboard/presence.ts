import type { Hint } from "./shapes.ts";

const SAY_EVERY = 1500; // milliseconds: who runs down the list is not heard at every step
const SAY_AGAIN = 20_000; // for dashboards that came later
const STALE = 50_000; // of a dashboard that went without a word

interface Looker {
	comment: string;
	name: string;
	at: number;
}

/**
 * Presence is which comment the other open dashboards of the site have before
 * them, so that two people do not read the same one. Nothing of it is kept.
 */
export class Presence {
	private seat = "";
	private mine = "";
	private said = "";
	private timer = 0;
	private readonly others = new Map<string, Looker>();

	/** say sends to the socket; changed is called when somebody turns to another comment. */
	constructor(
		private readonly say: (comment: string) => void,
		private readonly changed: () => void,
	) {
		setInterval(() => this.again(), SAY_AGAIN);
	}

	/** look tells the others what is before us; "" is nothing. */
	look(comment: string): void {
		this.mine = comment;
		if (this.timer || comment === this.said) return;
		this.timer = window.setTimeout(() => {
			this.timer = 0;
			if (this.mine === this.said) return;
			this.said = this.mine;
			this.say(this.mine);
		}, SAY_EVERY);
	}

	/** heard takes what the socket brings; true if it was about presence. */
	heard(x: Hint): boolean {
		if (x.type === "hello") {
			this.seat = x.seat ?? "";
			this.others.clear();
			this.said = "";
			this.look(this.mine);
			this.changed();
			return true;
		}
		if (x.type !== "looking") return false;
		const who = x.by_id ?? "";
		if (who === this.seat) return true;
		if (x.id) this.others.set(who, { comment: x.id, name: x.by ?? "", at: Date.now() });
		else this.others.delete(who);
		this.changed();
		return true;
	}

	/** at names who else looks at a comment. */
	at(comment: string): string[] {
		return [...new Set([...this.others.values()].filter((o) => o.comment === comment).map((o) => o.name))];
	}

	private again(): void {
		const old = Date.now() - STALE;
		const gone = [...this.others].filter(([, o]) => o.at < old);
		for (const [seat] of gone) this.others.delete(seat);
		if (gone.length > 0) this.changed();
		if (this.mine && document.visibilityState === "visible") this.say(this.mine);
	}
}
