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
export function fill(el: Element | ShadowRoot, children: Child[]): void {
	el.replaceChildren(
		...children
			.filter((c): c is Node | string | number => c !== null && c !== undefined && c !== false)
			.map((c) => (typeof c === "number" ? String(c) : c)),
	);
}

/** paths are the drawings of icons; a lazy part brings its own. */
export const paths: Record<string, string> = {
	up: "M8 2.6 13.1 8.4h-2.85v4.85h-4.5V8.4H2.9z",
	down: "M8 13.4 2.9 7.6h2.85V2.75h4.5V7.6h2.85z",
	reply: "M6.25 3.75l-3.5 3.5 3.5 3.5M3 7.25h6.25A3.75 3.75 0 0 1 13 11v1.5",
	share: "M8 9.75V2.5M5.25 5.1 8 2.35l2.75 2.75M3.25 8.5v5h9.5v-5",
	minus: "M3.5 8h9",
	more: "M3.2 8h.1M8 8h.1M12.7 8h.1",
	cd: "M4.25 6.25 8 10l3.75-3.75",
	aup: "M8 13V3.25M3.9 7.25 8 3.15l4.1 4.1",
	refresh: "M13.25 8a5.25 5.25 0 1 1-1.6-3.77M13.25 2.5v3h-3",
	book: "M8 4.25C6.8 3.25 5 2.9 2.5 3v9.25c2.5-.1 4.3.25 5.5 1.25 1.2-1 3-1.35 5.5-1.25V3C11 2.9 9.2 3.25 8 4.25zv9",
	bell: "M4.1 6.9a3.9 3.9 0 0 1 7.8 0c0 2.9 1.1 3.55 1.1 4.35H3c0-.8 1.1-1.45 1.1-4.35zM6.6 13.3a1.5 1.5 0 0 0 2.8 0",
	trash: "M2.75 4.5h10.5M6 4.4v-1.9h4v1.9M4.1 4.6l.6 8.9h6.6l.6-8.9",
	clock: "M8 13.9A5.9 5.9 0 1 0 8 2.1a5.9 5.9 0 0 0 0 11.8zM8 4.75V8l2.2 1.5",
	lock: "M3.25 7h9.5v6.5h-9.5zM5.1 7V5.4a2.9 2.9 0 0 1 5.8 0V7",
	star: "m8 2.1 1.75 3.7 4.05.52-2.97 2.8.75 4.02L8 11.2l-3.58 1.94.75-4.02L2.2 6.32l4.05-.52z",
	pin: "M5.5 2.5h5M6 2.5 5.6 7.4 3.9 9.6h8.2l-1.7-2.2L10 2.5M8 9.6v4.2",
	search: "M7 11.75a4.75 4.75 0 1 0 0-9.5 4.75 4.75 0 0 0 0 9.5zM10.5 10.5l3.25 3.25",
	shield: "M8 2.1 13 3.9v4c0 2.9-2 4.9-5 6-3-1.1-5-3.1-5-6v-4zM5.7 8l1.6 1.6 3-3.2",
	threads: "M3.25 2.5v9.25h3.5M3.25 5.5h3.5M7.25 3.75h6.25v3.5H7.25zM7.25 10h6.25v3.5H7.25z",
	mark: "M4.6 2h4.8a4.5 4.5 0 0 1 0 9H8l-4.5 3.4V11A2.6 2.6 0 0 1 2 8.6v-4A2.6 2.6 0 0 1 4.6 2",
};

/** icon is a decoration: whatever carries it has a name of its own. */
export function icon(name: string, cls = ""): SVGSVGElement {
	const svg = document.createElementNS(SVG, "svg");
	set(svg, { class: `i i-${name} ${cls}`, viewBox: "0 0 16 16", "aria-hidden": "true" });
	const p = document.createElementNS(SVG, "path");
	p.setAttribute("d", paths[name] ?? "");
	svg.append(p);
	return svg;
}
