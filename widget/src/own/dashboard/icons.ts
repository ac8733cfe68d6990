import { set } from "../../shared/dom/h.ts";
import { drawings } from "../ui/drawings.ts";

const SVG = "http://www.w3.org/2000/svg";

/** icon is a decoration: whatever carries it has a name of its own. */
export function icon(name: string, cls = "i"): SVGSVGElement {
	const svg = document.createElementNS(SVG, "svg");
	set(svg, { class: cls, viewBox: "0 0 16 16", "aria-hidden": "true" });
	for (const [tag, attrs] of drawings[name] ?? []) {
		const el = document.createElementNS(SVG, tag);
		set(el, attrs);
		svg.append(el);
	}
	return svg;
}
