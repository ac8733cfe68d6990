import type { SignInMethod } from "../../shared/api/shapes.ts";
import { fill, h, icon, set } from "../../shared/dom/h.ts";
import { choice } from "../state/draft.ts";
import type { Context } from "./context.ts";
import { methodIcon, methodName, methodsOf } from "./sign-in-methods.ts";

/** GUEST is what the name of a guest who has posted is remembered under. */
export const GUEST = "guest";
/** IME is the key code of a key that an input method has taken, where isComposing is over already (Safari). */
export const IME = 229;
const TABS = 2; // ways in sight; the others are behind "More"

/** nearest are the ways that have tabs: a provider and the site itself, so that the site's own readers need not look behind "More". */
export function nearest(all: readonly SignInMethod[], chosen?: SignInMethod): SignInMethod[] {
	const [first] = all;
	const own = all.find((w) => w.kind === "site" || w.kind === "sso");
	const near = first && own && own !== first ? [first, own] : all.slice(0, TABS);
	if (chosen && !near.includes(chosen)) near[chosen.kind === "provider" ? 0 : near.length - 1] = chosen;
	return near;
}

/** Taker is what does what is pressed in a box: the composer, once it has come. */
export interface Taker {
	/** choose draws the way that has been chosen. */
	choose(): void;
	others(button: HTMLElement, far: SignInMethod[]): void;
	submit(): void;
}

/** Kind is what a box is for. */
export type Kind = "root" | "reply" | "edit";

/**
 * Resting is a box to write in before anything is written: what the reader
 * sees from the start. The composer takes it over as it stands, with what is
 * typed in it, the focus, and what was pressed meanwhile.
 */
export class Resting {
	readonly el: HTMLFormElement;
	readonly area: HTMLTextAreaElement;
	readonly who = h("div.cp-who");
	readonly foot = h("div.cp-f");
	readonly status = h("span.cp-st");
	readonly guestName = h("input.inp", { type: "text", maxlength: 40, autocomplete: "nickname" });
	private composer: Taker | null = null;
	private next: ((t: Taker) => void) | null = null; // what is pressed, until there is one
	private way = "";
	private drawn = "";
	/** kept is the text that is kept as the draft, as far as this box knows: another tab may keep its own meanwhile. */
	kept = "";

	constructor(
		private readonly x: Context,
		private readonly kind: Kind,
		private readonly wanted?: () => Promise<unknown>,
		private readonly name = "root",
	) {
		this.area = h("textarea", { rows: kind === "root" ? 3 : 2, dir: "auto" });
		this.guestName.value = choice(GUEST);
		this.el = h(
			`form.cp.${kind}` as "form",
			{
				part: "composer",
				onsubmit: (e: Event) => {
					e.preventDefault();
					this.to((t) => t.submit());
				},
				onkeydown: (e: KeyboardEvent) => {
					if (e.key !== "Enter" || !(e.metaKey || e.ctrlKey) || e.isComposing || e.keyCode === IME || e.target !== this.area) return;
					e.preventDefault();
					this.to((t) => t.submit());
				},
			},
			this.who,
			this.area,
			this.foot,
		);
		this.who.addEventListener("keydown", (e) => this.key(e));
		this.speak();
	}

	/** begin shows the draft that there is, for who is not signed in. */
	begin(): void {
		this.kept = this.area.value = this.x.drafts.get(this.name);
		this.rest();
	}

	/** keep keeps what is written as its draft: the page goes before a composer has come. */
	keep(): void {
		const { value } = this.area;
		if (!this.composer && value !== this.kept) this.x.drafts.set(this.name, value);
	}

	/** speak says what does not change but with the language. */
	speak(): void {
		const { words } = this.x;
		const name = words.t("your_name");
		set(this.guestName, { placeholder: name, "aria-label": name });
		if (this.kind !== "root") return;
		const hint = words.t("placeholder");
		set(this.area, { placeholder: hint, "aria-label": hint });
		this.drawn = "";
	}

	/** rest draws all of it for who is not signed in and has written nothing. */
	rest(): void {
		const w = this.chosen;
		this.tabs();
		fill(this.foot, [
			w?.kind === "guest" && this.guestName,
			w && h("p", {}, this.note(w)),
			this.status,
			w && this.button(w.kind === "guest" ? this.x.words.t("post_guest") : this.x.words.t("continue", { name: w.label }), w.kind === "guest"),
		]);
	}

	/** chosen is the way that is chosen in the tabs. */
	get chosen(): SignInMethod | undefined {
		return this.ways().chosen;
	}

	/** choose takes another way. */
	choose(w: SignInMethod): void {
		this.way = w.id;
		if (this.composer) this.composer.choose();
		else this.rest();
		this.who.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
	}

	/** take hands the box over. */
	take(composer: Taker): void {
		this.composer = composer;
	}

	/** to does what is pressed, at once or when the composer has come: then once, and what was pressed last. */
	private to(use: (t: Taker) => void): void {
		const first = !this.next;
		this.next = use;
		if (this.composer) use(this.composer);
		else if (first) void this.wanted?.().then(() => this.composer && this.next?.(this.composer));
	}

	/** note says what posting that way shows of a person. */
	note(w: SignInMethod): string {
		const { words } = this.x;
		return w.kind === "guest" ? words.t("guest_note") : words.t(w.kind === "provider" ? "provider_note" : "site_note", { name: w.label });
	}

	/** button is the one that sends. */
	button(label: string, keys: boolean, off = false): HTMLButtonElement {
		return h(
			"button.btn.pri",
			{ type: "submit", part: "button", "aria-disabled": off ? "true" : null },
			label,
			keys && this.kind === "root" && h("kbd", { "aria-hidden": "true" }, /Mac|iP/.test(navigator.platform) ? "⌘ ↵" : "Ctrl ↵"),
		);
	}

	private ways(): { near: SignInMethod[]; far: SignInMethod[]; chosen: SignInMethod | undefined } {
		const all = methodsOf(this.x.d.site);
		const chosen = all.find((w) => w.id === this.way) ?? all[0];
		const near = nearest(all, chosen);
		return { near, far: all.filter((w) => !near.includes(w)), chosen };
	}

	/** tabs draws the ways in, where others stand there. */
	tabs(): void {
		const { words } = this.x;
		const { near, far, chosen } = this.ways();
		const said = [words.lang, chosen?.id, ...near.map((w) => w.id + w.label), far.length].join();
		if (this.drawn === said && this.who.querySelector(".tabs")) return;
		this.drawn = said;
		const [before = "", after = ""] = words.t("via", { name: "\u0000" }).split("\u0000");
		const tab = (w: SignInMethod) => {
			const guest = w.kind === "guest";
			return h(
				"button",
				{
					type: "button",
					role: "tab",
					"aria-selected": String(w === chosen),
					tabindex: w === chosen ? 0 : -1,
					"data-way": w.id,
					onclick: () => this.choose(w),
				},
				methodIcon(w),
				h("span", {}, !guest && before !== "" && h("span.pre", {}, before), methodName(this.x, w), !guest && after),
			);
		};
		const more = (e: Event) => {
			const button = e.currentTarget as HTMLElement;
			this.to((t) => t.others(button, far));
		};
		fill(this.who, [
			h("span.cap", { "aria-hidden": "true" }, words.t("via_short")),
			h(
				"div.row",
				{},
				h("div.tabs", { role: "tablist", "aria-label": words.t("via_short") }, ...near.map(tab)),
				far.length > 0 &&
					h("button.ovf", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", onclick: more }, words.t("more"), icon("cd", "s")),
			),
		]);
		this.who.classList.add("tabbed");
	}

	private key(e: KeyboardEvent): void {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
		if (!step || !(e.target as Element).closest(".tabs")) return;
		e.preventDefault();
		const rtl = getComputedStyle(this.who).direction === "rtl" ? -1 : 1;
		const { near, chosen } = this.ways();
		const next = chosen && near[(near.indexOf(chosen) + step * rtl + near.length) % near.length];
		if (next) this.choose(next);
	}
}
