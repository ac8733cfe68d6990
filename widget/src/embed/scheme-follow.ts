import { parent } from "./scheme.ts";

/**
 * follow calls back whenever the page may have changed its looks: its own
 * switch sets an attribute above the element, exchanges a style sheet or
 * checks a box, and the change may fade in.
 */
export function follow(host: Element, changed: () => void, signal: AbortSignal): void {
	let due = 0;
	const later = () => {
		due ||= requestAnimationFrame(() => {
			due = 0;
			changed();
		});
	};
	const look = new MutationObserver(later);
	for (let at: Node | null = parent(host); at; at = parent(at))
		if (at instanceof Element) look.observe(at, { attributes: true });
	look.observe(document.head, { attributes: true, childList: true, subtree: true, characterData: true });
	const above = (e: Event) => e.target instanceof Node && e.target !== host && e.target.contains(host) && later();
	const own = { signal, capture: true };
	document.addEventListener("transitionend", above, own);
	document.addEventListener("animationend", above, own);
	document.addEventListener("change", later, own);
	document.addEventListener("click", later, own);
	document.addEventListener("load", later, own); // a style sheet
	for (const q of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"])
		matchMedia(q).addEventListener("change", later, { signal });
	for (const name of ["load", "resize", "pageshow"]) addEventListener(name, later, { signal });
	signal.addEventListener("abort", () => {
		look.disconnect();
		cancelAnimationFrame(due);
	});
	later();
}
