import { fill, h } from "../../shared/dom/h.ts";
import type { App } from "../app.ts";
import { choice, choose } from "../state/draft.ts";
import { openDialog } from "../view/dialog.ts";
import { KEYS } from "../view/keys.ts";
import { wordsOf } from "./words.ts";

/** keysHelp lists the keys of the list, and turns the letters among them off, or on again. */
export async function keysHelp(app: App, back: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const dialog = openDialog(app.frame.el, back, { title: t.t("keys"), hint: t.t("keys_hint"), close: t.t("close") });
	const row = (what: string, ...keys: string[]) => h("div", {}, h("dt", {}, ...keys.flatMap((k, i) => (i ? [" ", h("kbd", {}, k)] : [h("kbd", {}, k)]))), h("dd", {}, what));
	const letters = h("input", { type: "checkbox", onchange: () => choose(KEYS, letters.checked ? "" : "off") });
	letters.checked = choice(KEYS) !== "off";
	fill(dialog.body, [
		h(
			"dl.kl",
			{},
			row(t.t("key_comments"), "j", "k"),
			row(t.t("key_threads"), "]", "["),
			row(t.t("key_new"), "n", "⇧ n"),
			row(t.t("key_reply"), "r"),
			row(t.t("key_fold"), "o"),
			row(t.t("key_write"), "c"),
			row(t.t("key_search"), "/"),
			row(t.t("key_help"), "?"),
			row(t.t("key_inside"), "Enter", "Esc"),
		),
		h("label.kt", {}, letters, " ", t.t("keys_on")),
	]);
}
