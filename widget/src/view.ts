import en from "../../static/i18n/en/read.json";
import { App, type Options } from "./app.ts";
import { type Message, Words } from "./i18n/catalogue.ts";
import type { Key } from "./view/context.ts";
import { set } from "./view/h.ts";
import css from "./style/widget.css";

// What the lazy parts share with this one; see lazy in widget/main.go.
export * from "./api/reader.ts";
export * from "./i18n/catalogue.ts";
export * from "./state/discussion.ts";
export * from "./state/draft.ts";
export * from "./view/context.ts";
export * from "./view/h.ts";
export * from "./view/html.ts";
export * from "./view/reply-line.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Mounted is what the element keeps of a running widget. */
export interface Mounted {
	app: App;
	theme(name: string): void;
	end(): void;
}

/** mount runs a widget in the element's shadow root. */
export async function mount(
	host: HTMLElement,
	root: ShadowRoot,
	base: string,
	o: Options,
	first: Promise<Response> | null,
): Promise<Mounted> {
	root.adoptedStyleSheets = [sheet];
	const words = new Words<Key>(en as Record<Key, Message>, o.lang);
	await words.fetch(base, "read");
	const app = new App(host, base, o, words, first);
	const dark = matchMedia("(prefers-color-scheme: dark)");
	let wanted = "auto";
	const paint = () => set(app.frame.el, { "data-theme": wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted });
	const end = new AbortController();
	dark.addEventListener("change", paint, { signal: end.signal });
	paint();
	root.replaceChildren(app.frame.el);
	void app.start();
	return {
		app,
		theme(name) {
			wanted = name === "light" || name === "dark" ? name : "auto";
			paint();
		},
		end() {
			end.abort();
			app.end();
		},
	};
}
