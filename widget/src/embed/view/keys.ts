import { canWrite, type Context } from "./context.ts";
import { choice } from "../state/draft.ts";
import { h } from "../../shared/dom/h.ts";

// The keyboard. A comment is one tab stop; Enter goes in to its buttons, where
// Tab and the arrows lead from one to the next, Home and End to the first and
// the last, and Esc leads out again. In the list, single letters go on: j and k
// to the next comment and back, ] and [ to the next thread and back, r answers,
// o folds, n goes to the next new comment and N back, / searches, c writes; ? lists them.

const STOPS = "a[href], button:not(.c-line), summary, [tabindex]";

/** stops are the controls of a comment, without those of a box that is open in it. */
function stops(article: Element): HTMLElement[] {
	return [...article.querySelectorAll<HTMLElement>(STOPS)].filter((e) => !e.closest(".slot"));
}

/** shut takes a comment's controls out of the tab order, or puts them back. */
function shut(article: Element, yes: boolean): void {
	const to = yes ? -1 : 0;
	for (const e of stops(article)) if (e.tabIndex !== to) e.tabIndex = to;
}

const seen = (e: HTMLElement): boolean => e.checkVisibility?.() ?? e.offsetParent !== null;

/** oneStop makes a comment one tab stop, unless the focus is inside it. It is called whenever the comment is drawn. */
export function oneStop(article: HTMLElement): void {
	if (article.tabIndex !== 0) article.tabIndex = 0;
	const at = (article.getRootNode() as Document | ShadowRoot).activeElement;
	shut(article, at === article || !article.contains(at));
}

/** KEYS is what a reader's choice is remembered under: "off" where letters are no keys. */
export const KEYS = "keys";

/** What the keys do. */
export interface Keys {
	help(at: HTMLElement): void;
	write(): void;
	reply(id: string): void;
}

/** keys listens in the list, and puts a link before it that leads past it. */
export function keys(x: Context, list: HTMLElement, past: HTMLElement, act: Keys): HTMLElement {
	const articleOf = (e: Event) => (e.target as Element).closest<HTMLElement>("article.c");
	list.addEventListener("focusin", (e) => {
		const article = articleOf(e);
		if (article) shut(article, e.target === article);
	});
	list.addEventListener("focusout", (e) => {
		const article = articleOf(e);
		if (article && !article.contains(e.relatedTarget as Node | null)) shut(article, true);
	});
	list.addEventListener("keydown", (e) => {
		if (e.defaultPrevented || e.isComposing || e.keyCode === 229 || e.metaKey || e.ctrlKey || e.altKey) return;
		const target = e.target as HTMLElement;
		if (/^(TEXTAREA|INPUT|SELECT)$/.test(target.tagName) || target.closest(".slot")) return;
		const article = articleOf(e);
		if (!(move(e, article) || (article && inside(e, article, target)))) return;
		e.preventDefault();
		e.stopPropagation(); // the page may have a use for these keys, too
	});

	/** move goes from comment to comment, and to the boxes. */
	function move(e: KeyboardEvent, article: HTMLElement | null): boolean {
		const go = (all: HTMLElement[], step: number) => {
			const next = all[all.findIndex((a) => a.contains(e.target as Node)) + step];
			if (!next) return false;
			const to = next.tagName === "ARTICLE" ? next : next.querySelector<HTMLElement>("article");
			to?.focus({ preventScroll: true });
			to?.scrollIntoView({ block: "nearest" });
			return true;
		};
		const comments = () => [...list.querySelectorAll<HTMLElement>("article.c")].filter(seen);
		const threads = () => [...(list.firstElementChild?.children ?? [])] as HTMLElement[];
		if (e.key === "?") {
			act.help(e.target as HTMLElement);
			return true;
		}
		if (choice(KEYS) === "off") return false;
		switch (e.key) {
			case "j":
				return go(comments(), 1);
			case "k":
				return go(comments(), -1);
			case "n":
			case "N":
				if (!x.step) return false;
				x.step(e.shiftKey ? -1 : 1);
				return true;
			case "o": {
				const fold = article?.querySelector<HTMLElement>(".c-x");
				fold?.click();
				return !!fold;
			}
			case "/":
				void x.acts.search();
				return true;
			case "]":
				return go(threads(), 1);
			case "[":
				return go(threads(), -1);
			case "c":
				if (!canWrite(x)) return false;
				act.write();
				return true;
			case "r": {
				const id = article?.id.replace(/^parley-/, "");
				if (!id || !canWrite(x) || !article?.querySelector('[data-act="reply"]')) return false;
				act.reply(id);
				return true;
			}
		}
		return false;
	}

	/** inside goes between the controls of a comment. */
	function inside(e: KeyboardEvent, article: HTMLElement, target: HTMLElement): boolean {
		const all = stops(article).filter(seen);
		const at = all.indexOf(target);
		if (target === article) {
			if (e.key !== "Enter") return false;
			(all.find((s) => s.closest(".c-a, .c-m")) ?? all[0])?.focus();
			return true;
		}
		if (at < 0) return false;
		if (e.key === "Escape") {
			article.focus({ preventScroll: true });
			return true;
		}
		const rtl = getComputedStyle(article).direction === "rtl" ? -1 : 1;
		const to = { ArrowRight: at + rtl, ArrowLeft: at - rtl, Home: 0, End: all.length - 1 }[e.key];
		if (to === undefined || target.closest("pre")) return false;
		all[to]?.focus();
		return true;
	}

	const skip = h("a.skip", {
		href: "#",
		onclick: (e: Event) => {
			e.preventDefault();
			past.focus();
		},
	});
	past.tabIndex = -1;
	list.before(skip);
	return skip;
}
