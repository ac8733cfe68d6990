import { repliesToMe } from "../state/discussion.ts";
import type { Context } from "./context.ts";
import type { Frame } from "./frame.ts";
import { h, icon } from "../../shared/dom/h.ts";

const ANNOUNCE_MS = 20_000; // arrivals are told to a screen reader at most this often

/** Status is what the frame says of arrivals. */
export class Status {
	private announced = 0;
	private readonly pill: HTMLButtonElement;
	private readonly arrivals = h("p.sr", { "aria-live": "polite" });

	constructor(
		private readonly x: Context,
		private readonly frame: Frame,
	) {
		this.pill = h("button.pill", { type: "button", hidden: true, part: "button", onclick: () => void x.acts.showNew() });
		frame.pillwrap.append(this.pill);
		frame.el.append(this.arrivals);
		x.label = () => this.label();
	}

	/** speak says everything anew, in another language. */
	speak(): void {
		this.arrivals.textContent = "";
	}

	/** label names the new comments that wait. */
	private label(): string {
		const { d, words } = this.x;
		const mine = repliesToMe(d);
		return words.t("show_new", { n: d.waiting.length }) + (mine > 0 ? words.t("show_new_mine", { n: mine }) : "");
	}

	update(): void {
		const { d, words } = this.x;
		const n = d.waiting.length;
		this.pill.hidden = n === 0;
		if (n > 0) this.frame.put(this.pill, [this.label()], () => [icon("aup"), this.label()]);
		if (n > 0 && Date.now() - this.announced > ANNOUNCE_MS) {
			this.announced = Date.now();
			this.arrivals.textContent = words.t("arrived", { n });
		}
	}
}
