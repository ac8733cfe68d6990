import en from "../../../../static/i18n/en/tools.json";
import { paths } from "../../shared/dom/h.ts";
import { Words } from "../../shared/i18n/catalogue.ts";
import type { App } from "../app.ts";
import css from "../style/tools.css";

/** ToolKey is what the tools can say. */
export type ToolKey = keyof typeof en;

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
Object.assign(paths, {
	flag: "M3.75 14V2.5M3.75 3h7.9c.3 0 .5.35.33.6L10.5 6l1.48 2.4c.16.26-.03.6-.33.6h-7.9",
	mute: "M2.5 6.4v3.2h2.4l3.35 2.65v-8.5L4.9 6.4zM10.75 6.5l3 3M13.75 6.5l-3 3",
	edit: "m10.6 3.1 2.3 2.3-7.1 7.1-3 .7.7-3zM9.1 4.6l2.3 2.3",
	out: "M9.5 2.5h4v11h-4M2.5 8h7M6.5 4.5 9.9 8l-3.4 3.5",
	user: "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM2.9 13.5c.25-2.75 2.3-4.4 5.1-4.4s4.85 1.65 5.1 4.4",
});

const spoken = new WeakMap<App, { lang: string; words: Words<ToolKey> }>();
const dressed = new WeakSet<ShadowRoot>();

/** wordsOf are this part's texts in the widget's language; the style comes with them. */
export async function wordsOf(app: App): Promise<Words<ToolKey>> {
	const root = app.frame.el.getRootNode();
	if (root instanceof ShadowRoot && !dressed.has(root)) {
		dressed.add(root);
		root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	}
	const { lang } = app.x.words;
	const had = spoken.get(app);
	if (had?.lang === lang) return had.words;
	const words = new Words<ToolKey>(en, lang);
	await words.fetch(app.base, "tools");
	spoken.set(app, { lang, words });
	return words;
}
