import { h } from "../../shared/dom/h.ts";
import type { Action } from "./card.ts";
import { ago, isWord, t, words } from "./desk.ts";
import type { Standing } from "./shapes.ts";

/** said tells in a sentence who has decided what, and how long ago. */
export function said(at: Standing): string {
	const status = at.status ?? "pending";
	const key = `clash_${status}`;
	if (!at.decided_by || !isWord(key)) return t("clash_other", { status: t(`status_${status}`) });
	const when = at.decided_at ? new Date(at.decided_at) : null;
	return t(key, { name: at.decided_by, ago: when && words.ago(when, new Date()) ? ago(at.decided_at ?? "") : t("just_now") });
}

interface Answers {
	override: (() => void) | null; // null: from where it stands now the act cannot be done
	leave: () => void;
}

/** conflict is the question on a card that somebody else has decided about first. */
export function conflict(at: Standing, a: Action, answers: Answers): HTMLElement {
	const label = t(a === "spam" ? "spam_act" : a);
	const words = answers.override ? "clash_not" : "clash_cannot";
	const anyway = `anyway_${a}`;
	const leave = `leave_${at.status ?? "pending"}`;
	return h(
		"div.clash",
		{ role: "alert" },
		h("p", {}, h("b", {}, said(at)), ` ${t(words, { act: label })}`),
		h(
			"div.clash-a",
			{},
			answers.override && isWord(anyway)
				? h("button.btn.sm", { type: "button", "data-clash": "override", onclick: answers.override }, t(anyway))
				: null,
			isWord(leave) ? h("button.btn.sm", { type: "button", "data-clash": "leave", onclick: answers.leave }, t(leave)) : null,
		),
	);
}
