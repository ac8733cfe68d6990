const done = new WeakSet<CSSStyleSheet>();

/**
 * uncontained lets a root's style sheets ask the window where they ask their
 * container: in a frame both are as wide. Chromium loses what is put into a size
 * container in a frame that it has not drawn yet: it has styles and no box, and
 * nothing brings it back (seen in every fourth load of a busy machine; 156).
 */
export function uncontained(root: ShadowRoot): void {
	const own = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, "adoptedStyleSheets");
	if (!own?.get || !own.set || typeof CSSContainerRule !== "function") return; // as it is, then
	const { get, set } = own;
	Object.defineProperty(root, "adoptedStyleSheets", {
		configurable: true,
		get: () => get.call(root) as CSSStyleSheet[],
		set: (sheets: CSSStyleSheet[]) => {
			for (const s of sheets) rewrite(s);
			set.call(root, sheets);
		},
	});
}

function rewrite(sheet: CSSStyleSheet): void {
	if (done.has(sheet)) return;
	done.add(sheet);
	for (let i = sheet.cssRules.length - 1; i >= 0; i--) {
		const rule = sheet.cssRules[i];
		if (rule instanceof CSSStyleRule) rule.style.removeProperty("container");
		if (!(rule instanceof CSSContainerRule)) continue;
		const rules = [...rule.cssRules].map((r) => r.cssText).join("\n");
		const width = rule.conditionText.slice(rule.conditionText.indexOf("(")); // what stands before is the container's name
		sheet.deleteRule(i);
		sheet.insertRule(`@media ${width} {${rules}}`, i);
	}
}
