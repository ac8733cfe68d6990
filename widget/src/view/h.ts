type Child = Node | string | number | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((e: never) => void);

const SVG = "http://www.w3.org/2000/svg";

type Tag<S extends string> = S extends `${infer K}.${string}` ? K : S;
type ElementOf<S extends string> = Tag<S> extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Tag<S>] : HTMLElement;

/**
 * h makes an element: "tag.class.class", attributes, children. Functions
 * become listeners, true is an empty attribute, false and null are left out.
 * Text is always text.
 */
export function h<S extends string>(tag: S, attrs: Record<string, Value> = {}, ...children: Child[]): ElementOf<S> {
	const [name = "div", ...classes] = tag.split(".");
	const el = document.createElement(name);
	if (classes.length > 0) el.className = classes.join(" ");
	set(el, attrs);
	fill(el, children);
	return el as ElementOf<S>;
}

export function set(el: Element, attrs: Record<string, Value>): void {
	for (const [k, v] of Object.entries(attrs)) {
		if (typeof v === "function") el.addEventListener(k.slice(2), v as EventListener);
		else if (v === true) el.setAttribute(k, "");
		else if (v === false || v === null || v === undefined) el.removeAttribute(k);
		else el.setAttribute(k, String(v));
	}
}

/** fill replaces what an element holds. */
export function fill(el: Element, children: Child[]): void {
	el.replaceChildren(
		...children
			.filter((c): c is Node | string | number => c !== null && c !== undefined && c !== false)
			.map((c) => (typeof c === "number" ? String(c) : c)),
	);
}

const paths: Record<string, string> = {
	up: "M8 2.5 13.5 8H10.5v5.5h-5V8h-3z",
	down: "M8 13.5 2.5 8h3V2.5h5V8h3z",
	reply: "M6.5 3.5 2.5 7.5l4 4M2.5 7.5h7a4 4 0 0 1 4 4v1",
	share: "M8 9.5v-7M5 5l3-3 3 3M3 8.5v4.5h10V8.5",
	minus: "M3.5 8h9",
	down_s: "M4 6.5 8 10l4-3.5",
	arrow: "M8 13V3.5M4 7l4-4 4 4",
	refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
	book: "M8 4c-1.5-1-3.5-1-5.5-.8v9c2-.2 4-.2 5.5.8 1.5-1 3.5-1 5.5-.8v-9C11.5 3 9.5 3 8 4zM8 4v9",
	gone: "M3.5 4.5h9M6.5 4.5V3h3v1.5M4.5 4.5l.5 8.5h6l.5-8.5",
	clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2 1.3",
	lock: "M4 7.5h8v6H4zM5.5 7.5V5.5a2.5 2.5 0 0 1 5 0v2",
	mark: "M3 3.5h10v7H8l-3 2.5v-2.5H3z",
};

/** icon is a decoration: whatever carries it has a name of its own. */
export function icon(name: string, cls = "i"): SVGSVGElement {
	const svg = document.createElementNS(SVG, "svg");
	set(svg, { class: cls, viewBox: "0 0 16 16", "aria-hidden": "true" });
	const p = document.createElementNS(SVG, "path");
	p.setAttribute("d", paths[name] ?? "");
	svg.append(p);
	return svg;
}
