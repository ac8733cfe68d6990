export type Scheme = "light" | "dark";

/** BETWEEN is the luminance of a ground on which the weaker texts of both themes are equally legible. */
const BETWEEN = 0.2;

/** Texts of a luminance beyond these are for a dark and for a light ground. */
const LIGHT_TEXT = 0.4;
const DARK_TEXT = 0.1;

/** luminance is how light a colour is, red to blue from 0 to 1. */
function luminance(rgb: readonly number[]): number {
	const [r = 0, g = 0, b = 0] = rgb.map((c) => c ** 2.2);
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** darkGround says whether a ground, red to blue from 0 to 1, asks for light text. */
export function darkGround(rgb: readonly number[]): boolean {
	return luminance(rgb) < BETWEEN;
}

/** around gives the styles of everything that an element is drawn in. */
function* around(host: Element): Generator<CSSStyleDeclaration> {
	for (let at: Node | null = host; at; at = parent(at)) if (at instanceof Element) yield getComputedStyle(at);
}

/**
 * scheme is the theme that can be read where an element stands. It looks at
 * what is really behind the element: the backgrounds of everything around it
 * and at last the page's own canvas, whose colour follows the page's
 * color-scheme and, where the page leaves it open, the system. Behind a
 * picture nobody knows: there the text of the page tells. So it does where the
 * page paints nothing around the element and its text would not show on the canvas.
 * layers are the styles of what is painted there, the nearest first.
 */
export function scheme(host: Element, layers = around): Scheme {
	const probe = document.createElement("i");
	const { style } = probe;
	style.display = "none";
	style.colorScheme = getComputedStyle(document.documentElement).colorScheme;
	host.shadowRoot?.append(probe);
	const now = getComputedStyle(probe);
	// red, green, blue and alpha of a colour in any notation: the browser brings them to one
	const numbers = (color: string) => {
		style.color = `color-mix(in srgb,${color},${color})`;
		return (now.color.match(/[\d.]+(e-\d+)?/g) ?? []).map(Number);
	};
	let seen = [0, 0, 0];
	let left = 1; // how much of what is further back shines through
	const add = (color: string) => {
		const c = numbers(color);
		const alpha = c[3] ?? 1;
		seen = seen.map((v, i) => v + (c[i] ?? 0) * alpha * left);
		left *= 1 - alpha;
	};
	let dark: boolean | undefined;
	const text = luminance(numbers(getComputedStyle(host).color));
	for (const s of layers(host)) {
		add(s.backgroundColor);
		if (left > 0.5 && s.backgroundImage !== "none") dark ??= text >= BETWEEN;
		if (dark !== undefined || left < 0.01) break;
	}
	if (left > 0.5 && (text > LIGHT_TEXT || text < DARK_TEXT)) dark ??= text > LIGHT_TEXT;
	add("Canvas");
	probe.remove();
	return (dark ?? darkGround(seen)) ? "dark" : "light";
}

/** parent is what an element is drawn in: through slots and out of shadow trees. */
export function parent(n: Node): Node | null {
	return (n as Element).assignedSlot ?? n.parentNode ?? (n as ShadowRoot).host ?? null;
}
