import type { ComponentChildren } from "preact";

const parts = /(<!--.*?-->|\/\/ [^\n?]*)|("[^"\n]*"|'[^'\n]*')|(?<=<\/?)([a-z][\w-]*)/g;

/** paint colours a piece of code: remarks, texts and the names of elements. It is the same text. */
export function paint(code: string): ComponentChildren[] {
	const out: ComponentChildren[] = [];
	let at = 0;
	for (const m of code.matchAll(parts)) {
		out.push(code.slice(at, m.index));
		const [all, remark, text] = m;
		out.push(<span class={remark ? "c" : text ? "s" : "a"}>{all}</span>);
		at = m.index + all.length;
	}
	out.push(code.slice(at));
	return out;
}
