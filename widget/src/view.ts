import { App, type Options } from "./app.ts";
import { set } from "./view/h.ts";
import css from "./style/widget.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Mounted is what the element keeps of a running widget. */
export interface Mounted {
	app: App;
	theme(name: string): void;
	end(): void;
}

/** mount runs a widget in the element's shadow root. */
export function mount(host: HTMLElement, root: ShadowRoot, base: string, o: Options, first: Promise<Response> | null): Mounted {
	root.adoptedStyleSheets = [sheet];
	const app = new App(host, base, o, first);
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
