import { fill, h } from "../../shared/dom/h.ts";
import { type Action, actions, isPick, isReported, type Row } from "./card.ts";
import { type Desk, t } from "./desk.ts";
import { icon } from "./icons.ts";
import type { List } from "./list.ts";

/** bar decides on the current comment by thumb: a phone's cards have no buttons of their own. */
export function bar(desk: Desk, list: () => List): { el: HTMLElement | null; paint: (row: Row | null) => void } {
	if (!desk.may("decide") && !desk.may("pick")) return { el: null, paint: () => {} };
	const el = h("div.mact", { role: "toolbar", "aria-label": t("decide_current"), hidden: true });
	const act = (a: Action | "ban" | "more", label: string, cls = "button.btn") => {
		const b = h(
			cls,
			{ type: "button", onclick: () => list().act(a, b), "aria-label": a === "more" ? t("more_actions") : null },
			a === "more" ? icon("more") : label,
		);
		return b;
	};
	return {
		el,
		paint: (row) => {
			el.hidden = row === null;
			if (!row) return;
			const can = actions(row.comment, isReported(row)).filter((a) =>
				desk.may(isPick(a) ? "pick" : "decide"),
			);
			const pick = can.includes("unfeature") ? "unfeature" : can.includes("feature") ? "feature" : null;
			const first = can.includes("restore")
				? act("restore", t("restore"), "button.btn.ok")
				: can.includes("approve")
					? act("approve", t(row.comment.status === "published" ? "keep" : "approve"), "button.btn.ok")
					: null;
			fill(el, [
				first,
				can.includes("reject") ? act("reject", t("reject")) : null,
				can.includes("spam") ? act("spam", t("spam_act")) : null,
				!desk.may("decide") && pick ? act(pick, t(pick)) : null,
				desk.may("sanction") ? act("ban", t("ban_more"), "button.btn.bad-o") : null,
				h("div", {}, act("more", "")),
			]);
		},
	};
}
