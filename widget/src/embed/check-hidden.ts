/** Why an element on the page is not seen. */
export interface Hiding {
	hidden: string; // how, and on what; "" if nothing hides it
	rule: string; // selector of the page's own rule that does; "" if none can be found
}

/** how is the way in which a style hides what it is on. */
function how(s: CSSStyleDeclaration): string {
	if (s.display === "none") return "display: none";
	if (s.visibility === "hidden" || s.visibility === "collapse") return `visibility: ${s.visibility}`;
	if (s.opacity === "0") return "opacity: 0";
	if (s.overflow !== "visible" && (s.height === "0px" || s.width === "0px" || s.maxHeight === "0px")) return "no height";
	if (s.position === "absolute" && Number.parseInt(s.left, 10) < -2_000) return "moved out of the page";
	return "";
}

/** named is an element as a selector would name it. */
function named(e: Element): string {
	if (e.id) return `#${e.id}`;
	const first = e.classList[0];
	return e.localName + (first ? `.${first}` : "");
}

/** inherits reports whether an element may have its visibility from the one around it. */
function inherits(e: Element, way: string): boolean {
	return way.startsWith("visibility") && e.parentElement !== null && how(getComputedStyle(e.parentElement)) === way;
}

/** hiding looks for what hides an element: itself, or something around it. */
export function hiding(el: Element): Hiding {
	for (let e: Element | null = el; e; e = e.parentElement) {
		const way = how(getComputedStyle(e));
		if (!way) continue;
		const rule = ruleOf(e);
		if (!rule && inherits(e, way)) continue; // what is around it says so
		return { hidden: `${way} on ${named(e)}`, rule };
	}
	return { hidden: "", rule: "" };
}

/** ruleOf is the page's own rule that hides an element. A block list's sheet is none of the page's. */
function ruleOf(e: Element): string {
	if (e instanceof HTMLElement && (e.hidden || how(e.style))) return e.hidden ? "[hidden]" : "style=";
	for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) {
		try {
			const found = within(sheet.cssRules, e);
			if (found) return found;
		} catch {
			if (sheet.href) continue; // of another origin: its rules are not to be read
		}
	}
	return "";
}

function within(rules: CSSRuleList, e: Element): string {
	for (const r of rules) {
		if (r instanceof CSSStyleRule && how(r.style) && e.matches(r.selectorText)) return r.selectorText;
		const inner = (r as CSSRule & { cssRules?: CSSRuleList }).cssRules;
		const found = inner && !(r instanceof CSSStyleRule) ? within(inner, e) : "";
		if (found) return found;
	}
	return "";
}
