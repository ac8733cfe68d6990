import { fill, h } from "../../shared/dom/h.ts";
import { t } from "./desk.ts";
import { icon } from "./icons.ts";
import type { Report } from "./shapes.ts";

interface Hands {
	reported: (reason: string) => string;
	person: (id: string) => void;
	discount: (() => void) | null; // keeps the comment and discounts them all; null: not to be decided here
}

/** isVoid tells whether what somebody reports counts for nothing now. */
export const isVoid = (r: Report): boolean => r.discounted_until !== null && Date.parse(r.discounted_until) > Date.now();

/** network names a network by a letter: a number would look like a count. */
const network = (n: number): string => (n <= 26 ? String.fromCharCode(64 + n) : String(n));

/** accuracy is how often somebody's earlier reports were right. */
function accuracy(r: Report): string {
	if (isVoid(r)) return t("reports_discounted");
	return r.reports_decided > 0 ? t("reports_upheld", { n: r.reports_decided, upheld: r.reports_upheld }) : t("reports_first");
}

/** reporters lists who reported a comment, how often they were right, and who of them share a network. It is drawn when it is opened. */
export function reporters(reports: readonly Report[], hands: Hands): HTMLElement {
	const shared = (r: Report) => r.network > 0 && reports.filter((o) => o.network === r.network).length > 1;
	const list = h("ul.rep-l");
	const box: HTMLDetailsElement = h(
		"details.rep",
		{ onclick: (e: Event) => e.stopPropagation(), ontoggle: () => draw() },
		h("summary", {}, t("reporters")),
		list,
	);
	const draw = () => {
		if (!box.open || list.firstChild) return;
		fill(
			list,
			reports.map((r) =>
				h(
					"li",
					{},
					h("button.nm", { type: "button", onclick: () => hands.person(r.reporter_id) }, h("bdi", {}, r.reporter_name)),
					h("span", {}, hands.reported(r.reason)),
					h("span", {}, accuracy(r)),
					shared(r) ? h("span.rc.mid", {}, icon("users"), t("reports_network", { name: network(r.network) })) : null,
				),
			),
		);
		if (hands.discount && reports.some((r) => !isVoid(r)))
			list.after(
				h("button.btn.sm", { type: "button", onclick: hands.discount }, t("keep_discount")),
				h("p.hint", {}, t("keep_discount_hint")),
			);
	};
	return box;
}
