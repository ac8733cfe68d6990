import { h } from "./h.ts";

/**
 * The server's HTML is canonical: about twenty tags, double-quoted attributes.
 * This turns it into nodes without any HTML sink of the browser, and is a
 * second opinion after the server's sanitizer: what it does not know is text.
 */
export type Token =
	| { kind: "open"; tag: string; attrs: Record<string, string> }
	| { kind: "close"; tag: string }
	| { kind: "text"; text: string };

const tags = new Set(
	"p br strong em del code pre blockquote ul ol li a hr h3 h4 h5 h6 table thead tbody tr th td span img".split(" "),
);
const empties = new Set(["br", "hr"]);
const tagAt = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>/y;
const attrAt = /([a-z-]+)(?:="([^"]*)")?/g;
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const MAX_DEPTH = 120;

function decode(s: string): string {
	return s.replace(entity, (all, dec?: string, hex?: string, name?: string) => {
		if (name) return named[name.toLowerCase()] ?? all;
		const n = dec ? Number.parseInt(dec, 10) : Number.parseInt(hex ?? "", 16);
		return n > 0 && n <= 0x10ffff && (n < 0xd800 || n > 0xdfff) ? String.fromCodePoint(n) : "\ufffd";
	});
}

/** tokens reads html; anything that is not one of our tags comes out as text. */
export function tokens(html: string): Token[] {
	const out: Token[] = [];
	let from = 0;
	let at = html.indexOf("<");
	const text = (to: number) => {
		if (to > from) out.push({ kind: "text", text: decode(html.slice(from, to)) });
	};
	while (at >= 0) {
		tagAt.lastIndex = at;
		const m = tagAt.exec(html);
		const tag = m?.[2] ?? "";
		if (m && tags.has(tag)) {
			text(at);
			from = tagAt.lastIndex;
			if (m[1]) out.push({ kind: "close", tag });
			else out.push({ kind: "open", tag, attrs: attributes(m[3] ?? "") });
			at = html.indexOf("<", from);
		} else {
			at = html.indexOf("<", at + 1);
		}
	}
	text(html.length);
	return out;
}

function attributes(s: string): Record<string, string> {
	const out: Record<string, string> = {};
	for (const m of s.matchAll(attrAt)) out[m[1] ?? ""] = decode(m[2] ?? "");
	return out;
}

/** allowed are the attributes that an element may keep. */
export function allowed(tag: string, attrs: Record<string, string>): Record<string, string> {
	const out: Record<string, string> = {};
	const cls = attrs["class"] ?? "";
	if (tag === "a" && /^(?:https?:\/\/|mailto:)/i.test(attrs["href"] ?? "")) {
		out["href"] = attrs["href"] ?? "";
		out["rel"] = "nofollow ugc noopener noreferrer";
		out["target"] = "_blank";
	}
	if ((tag === "code" && /^language-[\w+#.-]{1,40}$/.test(cls)) || (tag === "span" && /^(?:spoiler|mention)$/.test(cls)))
		out["class"] = cls;
	if (tag === "ol" && /^\d{1,9}$/.test(attrs["start"] ?? "")) out["start"] = attrs["start"] ?? "";
	return out;
}

/** Picture is the place of an uploaded image, in its size, so that nothing moves; who knows the server draws there what its tag says. */
export type Picture = HTMLElement & { of?: Record<string, string> };

/** nodes makes the elements of a comment's HTML. */
export function nodes(html: string): DocumentFragment {
	const top = document.createDocumentFragment();
	const open: { tag: string; node: ParentNode & Node }[] = [];
	const here = () => open.at(-1)?.node ?? top;
	for (const t of tokens(html)) {
		if (t.kind === "text") {
			here().append(t.text);
		} else if (t.kind === "close") {
			const i = open.findLastIndex((o) => o.tag === t.tag);
			if (i >= 0) open.length = i;
		} else if (t.tag === "img") {
			const el: Picture = h("span.pic");
			const { width = "", height = "" } = t.attrs;
			el.of = t.attrs;
			el.style.cssText = `display:block;max-inline-size:min(100%,420px);inline-size:${+width}px;aspect-ratio:${+width}/${+height}`;
			here().append(el);
		} else {
			const el = h(t.tag, allowed(t.tag, t.attrs));
			if (el.className === "spoiler") hide(el);
			if (t.tag === "pre") el.tabIndex = 0; // it scrolls, also by keyboard
			here().append(el);
			if (!empties.has(t.tag) && open.length < MAX_DEPTH) open.push({ tag: t.tag, node: el });
		}
	}
	return top;
}

/** hide makes a spoiler a button; its text is out of reach until it is pressed. */
function hide(el: HTMLElement): void {
	const inner = h("span", { "aria-hidden": "true" });
	const show = () => {
		if (!el.hasAttribute("role")) return;
		for (const a of ["role", "tabindex", "aria-label"]) el.removeAttribute(a);
		el.classList.add("open");
		inner.removeAttribute("aria-hidden");
	};
	el.setAttribute("role", "button");
	el.setAttribute("tabindex", "0");
	el.setAttribute("aria-label", "Spoiler");
	el.addEventListener("click", show);
	el.addEventListener("keydown", (e) => {
		if (e.key === "Enter" || e.key === " ") {
			e.preventDefault();
			show();
		}
	});
	// The children are appended to el later; they move inside on the next turn.
	queueMicrotask(() => {
		inner.append(...el.childNodes);
		el.append(inner);
	});
}
