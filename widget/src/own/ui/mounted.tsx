import { type ComponentChild, render } from "preact";

/** Mounted is a part in a place that is built by hand. */
export interface Mounted {
	el: HTMLElement;
	stop: () => void;
}

/** mounted draws a part for a place that is built by hand; its own element takes no room. */
export function mounted(part: ComponentChild): Mounted {
	const el = document.createElement("div");
	el.className = "scr";
	render(part, el);
	return { el, stop: () => render(null, el) };
}
