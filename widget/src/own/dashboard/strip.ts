import { h } from "../../shared/dom/h.ts";
import { t } from "./desk.ts";
import { reasons } from "./reasons.ts";

const LAST = "parley-dashboard-reason";
const OTHER = reasons.length + 1; // the digit that asks for words of one's own
const MAX = 200; // characters that the server takes

function last(): number {
	try {
		const at = reasons.indexOf((localStorage.getItem(LAST) ?? "") as (typeof reasons)[number]);
		return Math.max(0, at);
	} catch {
		return 0;
	}
}

function keep(key: string): void {
	try {
		localStorage.setItem(LAST, key);
	} catch {
		/* a private window keeps nothing */
	}
}

let put: (() => void) | null = null; // away with the strip that stands open

/**
 * askReason opens the reasons at a card, for a decision about it or about all
 * that are picked: 1 to 8 name a clause, 9 asks for other words, 0 gives none,
 * Enter takes the last one used. null is no decision.
 */
export function askReason(card: HTMLElement): Promise<string | null> {
	put?.();
	return new Promise((done) => {
		const back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
		const end = (reason: string | null) => {
			put = null;
			const had = el.contains(document.activeElement);
			el.remove();
			if (had && reason === null) (back?.isConnected ? back : card).focus({ preventScroll: true });
			done(reason);
		};
		const choose = (n: number) => {
			const key = reasons[n - 1];
			if (n === OTHER) {
				other.hidden = false;
				box.focus();
			} else {
				if (key) keep(key);
				end(key ?? "");
			}
		};
		const button = (n: number, label: string) =>
			h(
				"button.btn.sm",
				{ type: "button", tabindex: "-1", onclick: () => choose(n) },
				h("kbd", { "aria-hidden": "true" }, String(n)),
				label,
			);
		const buttons = [
			...reasons.map((r, i) => button(i + 1, t(`reason_${r}`))),
			button(OTHER, t("reason_other")),
			button(0, t("reason_none")),
		];
		const box = h("input.inp", { maxlength: MAX, "aria-label": t("reason_other"), placeholder: t("reason_words") });
		const other = h(
			"form.row",
			{
				hidden: true,
				onsubmit: (e: Event) => {
					e.preventDefault();
					if (box.value.trim()) end(box.value.trim());
				},
			},
			box,
			h("button.btn.sm.bad", { type: "submit" }, t("reject")),
		);
		const el = h(
			"div.strip",
			{
				role: "toolbar",
				"aria-label": t("reject_head"),
				onclick: (e: Event) => e.stopPropagation(), // a choice here is not a choice of the card
				onkeydown: (e: KeyboardEvent) => {
					e.stopPropagation(); // the letters decide nothing meanwhile
					if (e.key === "Escape") end(null);
					else if (e.target === box || e.ctrlKey || e.metaKey || e.altKey) return;
					else if (/^\d$/.test(e.key)) choose(Number(e.key));
					else {
						const i = buttons.indexOf(document.activeElement as HTMLButtonElement);
						const to = {
							ArrowRight: i + 1,
							ArrowDown: i + 1,
							ArrowLeft: i - 1,
							ArrowUp: i - 1,
							Home: 0,
							End: buttons.length - 1,
						}[e.key];
						if (to === undefined) return;
						buttons[(to + buttons.length) % buttons.length]?.focus();
					}
					e.preventDefault();
				},
			},
			h("p", {}, t("reject_lead")),
			h("div.chips", {}, ...buttons),
			other,
		);
		const first = buttons[last()];
		first?.setAttribute("tabindex", "0");
		card.lastElementChild?.append(el);
		first?.focus({ preventScroll: true });
		el.scrollIntoView({ block: "nearest" });
		put = () => end(null);
	});
}
