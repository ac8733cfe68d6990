import type { Context } from "./context.ts";
import { fill, h, icon } from "../../shared/dom/h.ts";

const SHORT_MS = 5_000;
const LONG_MS = 12_000; // where there is something to press

/** What a toast offers beside its words. */
export interface Offer {
	label: string;
	act(): void;
}

/**
 * Toast tells the result of an act where the reader is looking: one at a time,
 * at the lower edge of the window, spoken once. Focus and pointer stop its clock.
 */
export class Toast {
	readonly el: HTMLElement;
	private timer = 0;
	private life = 0;
	private back: Element | null = null;

	constructor(private readonly x: Context) {
		const stop = () => clearTimeout(this.timer);
		const go = () => this.run();
		this.el = h("div.toasts", {
			role: "status",
			onpointerenter: stop,
			onpointerleave: go,
			onfocusin: stop,
			onfocusout: go,
			onkeydown: (e: KeyboardEvent) => {
				if (e.key !== "Escape" || !this.el.firstChild) return;
				e.stopPropagation();
				this.hide();
			},
		});
	}

	/** show replaces what is shown. */
	show(sign: string, text: string, offer?: Offer | false): void {
		const root = this.el.getRootNode() as ShadowRoot;
		if (!this.el.contains(root.activeElement)) this.back = root.activeElement;
		fill(this.el, [
			h(
				"div.toast",
				{},
				icon(sign),
				h("span", {}, text),
				offer &&
					h(
						"button",
						{
							type: "button",
							onclick: () => {
								this.hide();
								offer.act();
							},
						},
						offer.label,
					),
				h("button.x", { type: "button", "aria-label": this.x.words.t("dismiss"), onclick: () => this.hide() }, icon("x")),
			),
		]);
		this.life = offer ? LONG_MS : SHORT_MS;
		this.run();
	}

	private run(): void {
		clearTimeout(this.timer);
		if (!this.el.matches(":hover, :focus-within")) this.timer = setTimeout(() => this.hide(), this.life);
	}

	/** unsay takes away what holds no longer, if it is still shown. */
	unsay(text: string): void {
		if (this.el.textContent === text) this.hide();
	}

	/** hide takes it away; focus that was in it goes back to where it came from. */
	hide(): void {
		clearTimeout(this.timer);
		const had = this.el.contains((this.el.getRootNode() as ShadowRoot).activeElement);
		fill(this.el, []);
		if (had && this.back instanceof HTMLElement && this.back.isConnected) this.back.focus({ preventScroll: true });
	}
}
