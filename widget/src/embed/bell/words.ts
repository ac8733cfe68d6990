import en from "../../../../static/i18n/en/bell.json";
import { Words } from "../../shared/i18n/catalogue.ts";
import type { App } from "../app.ts";
import css from "../style/bell.css";

/** BellKey is what this part can say. */
export type BellKey = keyof typeof en;

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

const spoken = new WeakMap<App, Words<BellKey>>();

/** bellWords are this part's texts in the widget's language; the style comes with them. */
export async function bellWords(app: App): Promise<Words<BellKey>> {
	const root = app.frame.el.getRootNode() as ShadowRoot;
	root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheet])];
	const { lang } = app.x.words;
	const had = spoken.get(app);
	if (had?.lang === lang) return had;
	const words = new Words<BellKey>(en, lang);
	await words.fetch(app.base, "bell");
	spoken.set(app, words);
	return words;
}
