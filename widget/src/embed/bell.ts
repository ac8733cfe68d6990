import { h, icon, set } from "../shared/dom/h.ts";
import type { Acting } from "./acting.ts";
import type { App } from "./app.ts";
import { bellWords } from "./bell/words.ts";

// What the lazy parts share with this one; see lazy in widget/main.go.
export * from "./bell/words.ts";

const MOST = 100; // the server counts no further

const buttons = new WeakMap<App, HTMLButtonElement>();

/** bell draws the button with the number of what is unread; without a session there is none. */
export async function bell(app: App, acting: Acting): Promise<void> {
	const { d } = app.x;
	if (!d.user) return buttons.get(app)?.remove();
	const t = await bellWords(app);
	if (!d.user) return undefined; // left meanwhile
	const button = buttons.get(app) ?? made(app, acting);
	const n = d.unread ?? 0;
	set(button, { "aria-label": t.t(n ? "bell_unread" : "bell", { n }) });
	const count = button.lastElementChild as HTMLElement;
	count.textContent = n >= MOST ? `${MOST - 1}+` : app.x.words.number(n);
	count.hidden = n === 0;
	if (!button.isConnected) app.frame.follow.before(button);
	return undefined;
}

function made(app: App, acting: Acting): HTMLButtonElement {
	const show = () => import("./told.ts").then((m) => m.notifications(app, acting, button)).catch((e: unknown) => acting.showError(e, show));
	const button = h("button.btn.sm.bell", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: show }, icon("bell"), h("span"));
	buttons.set(app, button);
	return button;
}
