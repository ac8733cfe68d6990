// What keys, the clipboard and the tools make of a text: fetched when a box is first typed in.
import en from "../../../static/i18n/en/writing.json";
import type { App } from "./app.ts";
import { beingNamed } from "./named.ts";
import type { Composer } from "./view/composer.ts";
import { makeToolbar } from "./view/toolbar.ts";

// What the lazy parts share with this one; see lazy in widget/main.go.
export * from "./view/typing.ts";
export * from "./named.ts";

const named = new WeakSet<Composer>();

/** naming has the people of the thread come up behind an @ in a box. */
export function naming(app: App, box: Composer): void {
	if (named.has(box)) return;
	named.add(box);
	const over = new AbortController();
	const look = () => {
		const { area } = box;
		if (over.signal.aborted || !beingNamed(area.value, area.selectionStart)) return;
		over.abort();
		import("./naming.ts").then((m) => new m.Naming(app, box)).catch(() => named.delete(box)); // the next box tries again
	};
	box.area.addEventListener("input", look, { signal: over.signal });
	look();
}

/** toolbar puts the formatting tools into el. */
export async function toolbar(app: App, box: Composer, el: HTMLElement): Promise<void> {
	const { words } = app.x;
	words.add(en);
	await words.fetch(app.base, "writing");
	makeToolbar(box, el, words);
}
