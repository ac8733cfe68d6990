const EDGE = "--parley-edge";

/**
 * fit keeps an element in the window where the page asks how wide it would
 * like to be and gives it that. The loader's answer is no more than the
 * window; what the page has beside the element only the page's layout tells.
 */
export function fit(host: HTMLElement): void {
	host.style.removeProperty(EDGE);
	const { left, right } = host.getBoundingClientRect();
	const room = document.documentElement.clientWidth;
	const before = getComputedStyle(host).direction === "rtl" ? room - right : left; // the element
	const after = room - (right - left) - before;
	if (after >= -0.5 || before < 0 || before > room / 4) return; // it fits, or it is elsewhere on purpose
	host.style.setProperty(EDGE, `${2 * before + innerWidth - room}px`);
}
