import type { App } from "./app.ts";

/** typedAhead keeps what is typed while a field comes that was asked for; what it returns hands it over, once. */
export function typedAhead(app: App): () => string {
	let text = "";
	const keep = (e: KeyboardEvent) => {
		if ([...e.key].length > 1 || e.ctrlKey || e.metaKey || e.altKey) return;
		text += e.key;
		e.preventDefault();
		e.stopPropagation();
	};
	app.frame.el.addEventListener("keydown", keep, true);
	return () => {
		app.frame.el.removeEventListener("keydown", keep, true);
		return text;
	};
}
