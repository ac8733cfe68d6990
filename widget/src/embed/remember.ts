import { h } from "../shared/dom/h.ts";
import type { App } from "./app.ts";
import { seenKey } from "./seen.ts";
import { choice, choose } from "./state/draft.ts";
import type { Toast } from "./view/toast.ts";

/**
 * remember lets a reader ask for marks at what will be new; who takes part has
 * them anyway. Nothing is kept of a mere reader. It returns the button that asks,
 * where there is one.
 */
export function remember(app: App, toast: Toast): HTMLElement | null {
	const { words } = app.x;
	const key = seenKey(app);
	const keep = () => choice(key) || choose(key, JSON.stringify({ last: Date.now() }));
	app.host.addEventListener("parley:comment-created", keep, { signal: app.signal });
	if (choice(key) || app.x.d.user) return null;
	const nav = app.frame.foot.querySelector("nav");
	const undo = () => {
		choose(key, "");
		nav?.after(ask);
	};
	const ask = h(
		"button.lk",
		{
			type: "button",
			onclick: () => {
				keep();
				ask.remove();
				app.frame.say(words.t("marks_new"));
				toast.show("check", words.t("marks_new"), { label: words.t("undo"), act: undo });
			},
		},
		words.t("mark_new"),
	);
	nav?.after(ask);
	return ask;
}
