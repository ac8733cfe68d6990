import { parent } from "./scheme.ts";

// What a page paints behind an element without putting the element into it: a
// fixed box at the back, a pseudo-element of the body, a picture of a section's
// size. It is reckoned from the styles, because what is out of sight or takes no
// pointer is not found by asking what lies under a point.

const SIBLINGS = 200; // so many are looked at in one parent
const FLOW = -0.5; // where in the order of painting what is not placed stands: above what is sent to the back
const COVERS = 0.9; // of the element's width

const level = (s: CSSStyleDeclaration): number => (s.position === "static" ? FLOW : Number(s.zIndex) || 0);
const contains = (s: CSSStyleDeclaration): boolean =>
	(s.zIndex !== "auto" && s.position !== "static") ||
	/fixed|sticky/.test(s.position) ||
	s.isolation === "isolate" ||
	s.opacity !== "1" ||
	s.transform !== "none" ||
	s.filter !== "none";
const placed = (s: CSSStyleDeclaration): boolean => /absolute|fixed/.test(s.position);
const visible = (s: CSSStyleDeclaration): boolean => s.visibility === "visible" && Number(s.opacity) > 0.5;

/** behind gives the styles of what is painted behind an element, the nearest first. */
export function* behind(host: Element): Generator<CSSStyleDeclaration> {
	const room = host.getBoundingClientRect();
	const wide = room.width * COVERS;
	const high = Math.min(room.height, innerHeight) / 2;
	const covers = (width: number, height: number) => width >= wide && height >= high && width > 0;
	let back: CSSStyleDeclaration[] = []; // sent to the back, up to what holds it
	let my = FLOW;
	let canvas: CSSStyleDeclaration | null = null; // the body's ground where the root has none: the browser paints it last of all
	for (let at: Node | null = host; at; at = parent(at)) {
		if (!(at instanceof Element)) continue;
		const s = getComputedStyle(at);
		if (at !== host) {
			for (const name of ["::after", "::before"]) {
				const p = getComputedStyle(at, name);
				if (p.content === "none" || p.content === "normal" || !placed(p) || !visible(p)) continue;
				const z = level(p);
				if (!covers(Number.parseFloat(p.width), Number.parseFloat(p.height))) continue;
				if (z < 0 && z < my) back.push(p);
				else if (z < my || (z === my && name === "::before")) yield p;
			}
		}
		const root = at === document.documentElement;
		if (root || contains(s)) {
			back.sort((a, b) => level(b) - level(a));
			yield* back;
			back = [];
		}
		if (at === document.body && bare(getComputedStyle(document.documentElement))) canvas = s;
		else yield s;
		if (root && canvas) yield canvas;
		if (s.position !== "static" || contains(s)) my = level(s) === FLOW ? 0 : level(s);
		let before = true; // in the document
		for (const e of [...(at.parentElement?.children ?? [])].slice(0, SIBLINGS)) {
			if (e === at) before = false;
			if (e === at || e.nodeName === "SCRIPT" || e.nodeName === "STYLE") continue;
			const es = getComputedStyle(e);
			if (!placed(es) || !visible(es) || es.display === "none") continue;
			const r = e.getBoundingClientRect();
			if (!covers(r.width, r.height)) continue;
			if (es.position === "absolute" && (r.top > room.top + high || r.bottom < room.top + high)) continue;
			const z = level(es);
			if (z < 0 && z < my) back.push(es);
			else if (z < my || (z === my && before)) yield es;
		}
	}
}

/** bare says that a style paints no ground. */
function bare(s: CSSStyleDeclaration): boolean {
	return s.backgroundImage === "none" && /^(transparent|rgba\(.*, 0\))$/.test(s.backgroundColor);
}
