import { fill, h } from "../../shared/dom/h.ts";
import { here, outward } from "../../shared/in-app.ts";
import type { App } from "../app.ts";
import { threadKeyFromURL } from "../threadkey.ts";
import type { Composer } from "../view/composer.ts";
import { wordsOf } from "./words.ts";

/** outside offers to open the page in the reader's own browser. What is written stays here, and says so; it can be pasted there. */
export async function outside(app: App, box: Composer, into: HTMLElement): Promise<void> {
	const browser = here();
	if (!browser) return;
	const t = await wordsOf(app);
	const page = threadKeyFromURL(app.x.home.href()); // without what names the reader to anybody
	const to = outward(page, browser);
	const said = h("span", { role: "status" });
	const go = async () => {
		const kept = box.keep();
		const text = box.isEmpty ? page : box.area.value;
		const copied = await navigator.clipboard.writeText(text).then(
			() => true,
			() => false,
		);
		const lines = [to ? t.t("outside_else") : t.t("outside_menu")];
		if (kept) lines.push(t.t(copied ? "outside_kept_copied" : "outside_kept"));
		else if (copied) lines.push(t.t("outside_copied"));
		said.textContent = ` ${lines.join(" ")}`;
		if (to) h("a", { href: to, target: "_top" }).click();
	};
	fill(into, [
		h(
			"p.note",
			{},
			browser.name ? t.t("outside_in", { app: browser.name }) : t.t("outside_some"),
			" ",
			h("button.lnk", { type: "button", onclick: () => void go() }, t.t("outside_open")),
			said,
		),
	]);
}
