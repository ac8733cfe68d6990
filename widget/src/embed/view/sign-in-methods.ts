import type { Site, SignInMethod } from "../../shared/api/shapes.ts";
import type { Context } from "./context.ts";
import { h, icon, paths } from "../../shared/dom/h.ts";

paths["in-guest"] = "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM2.9 13.5c.25-2.75 2.3-4.4 5.1-4.4s4.85 1.65 5.1 4.4";

/** refused are the providers that sign nobody in in this browser. */
export const refused: string[] = [];

/** methodsOf are the ways in that a site offers and this browser can take, guests last. */
export function methodsOf(site: Site | null): SignInMethod[] {
	if (!site) return [];
	return site.ways.filter((w) => typeof w === "string" || !refused.includes(w.id)).map((w) => (typeof w === "string" ? { id: w, label: site.name, kind: "site" } : w)); // a server one release back says ["site"]
}

/** methodIcon is a provider's mark where we draw one, else the first letter of its name. */
export function methodIcon(w: SignInMethod): Node {
	const mark = `in-${w.id}`; // by a name of its own: X is not the sign that closes
	return mark in paths ? icon(mark) : h("span.letter", { "aria-hidden": "true" }, [...w.label][0]?.toUpperCase() ?? "");
}

/** methodName is the way's name as a choice. */
export function methodName(x: Context, w: SignInMethod): string {
	return w.kind === "guest" ? x.words.t("as_guest") : w.label;
}
