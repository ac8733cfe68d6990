import en from "../../../static/i18n/en/read.json";
import { App } from "./app.ts";
import type { Options } from "./options.ts";
import { type Message, Words } from "../shared/i18n/catalogue.ts";
import type { Home, Key } from "./view/context.ts";
import css from "./style/widget.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** The page's address without its fragment, whole: a <base> bends anything less. */
const page = (): string => location.href.split("#", 1)[0] ?? "";

const here: Home = {
	hash: () => location.hash,
	href: page,
	go: (id) => history.replaceState(history.state, "", `${page()}#parley-${id}`),
	scroll: (el, top) =>
		el.scrollIntoView({
			block: top ? "start" : "nearest",
			behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
		}),
	height: () => innerHeight,
};

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
	home: Home = here,
): Promise<Mounted> {
	root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), sheet]; // the loader's, of the width
	const words = new Words<Key>(en as Record<Key, Message>, o.lang);
	await words.fetch(base, "read");
	const app = new App(host, base, o, words, home, first);
	app.paint();
	root.replaceChildren(app.frame.el);
	void app.start();
	return {
		app,
		theme(name) {
			app.theme = name;
			app.paint();
		},
		end: () => app.end(),
	};
}
