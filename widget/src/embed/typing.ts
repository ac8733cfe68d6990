// What keys, the clipboard and the tools make of a text: fetched when a box is first typed in.
import en from "../../../static/i18n/en/writing.json";
import type { App } from "./app.ts";
import type { Composer } from "./view/composer.ts";
import { makeToolbar } from "./view/toolbar.ts";

export { continued, pasted, type } from "./view/typing.ts";

/** toolbar puts the formatting tools into el. */
export async function toolbar(app: App, box: Composer, el: HTMLElement): Promise<void> {
	const { words } = app.x;
	words.add(en);
	await words.fetch(app.base, "writing");
	makeToolbar(box, el, words);
}
