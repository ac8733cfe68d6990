import type en from "../../../../static/i18n/en/writing.json";
import type { Words } from "../../shared/i18n/catalogue.ts";
import type { Composer } from "./composer.ts";
import type { Key } from "./context.ts";
import { fill, h, icon, paths } from "../../shared/dom/h.ts";
import { marked, type } from "./typing.ts";

Object.assign(paths, {
	bold: "M4.75 3h3.7a2.4 2.4 0 0 1 0 4.8h-3.7zM4.75 7.8h4.4a2.6 2.6 0 0 1 0 5.2h-4.4z",
	italic: "M7 3h4.75M4.25 13H9M9.6 3 6.4 13",
	strike:
		"M2.5 8.1h11M11.1 5.2C10.7 3.8 9.6 3 8 3 6.2 3 5 3.9 5 5.3c0 1 .6 1.7 1.7 2.1M4.7 10.7c.3 1.5 1.5 2.4 3.3 2.4 1.9 0 3.2-1 3.2-2.5 0-.4-.1-.7-.2-1",
	quote: "M2.75 3.25v9.5M6 4.5h7.25M6 8h7.25M6 11.5h4.5",
	code: "M5.4 4.4 1.9 8l3.5 3.6M10.6 4.4 14.1 8l-3.5 3.6",
	image: "M2.25 3h11.5v10H2.25zM5.4 6.9a1.1 1.1 0 1 0 0-2.2 1.1 1.1 0 0 0 0 2.2M2.5 11.4l3.4-3 2.6 2.2 2.2-2 2.9 2.7",
	list: "M6 4h7.5M6 8h7.5M6 12h7.5M2.7 4h.1M2.7 8h.1M2.7 12h.1",
	spoiler:
		"M6.3 4c.53-.16 1.1-.25 1.7-.25 4 0 6.25 4.25 6.25 4.25a11 11 0 0 1-1.7 2.2M10 11.9c-.6.22-1.27.35-2 .35-4 0-6.25-4.25-6.25-4.25a11 11 0 0 1 2.3-2.75M2.5 2.5l11 11M6.7 6.8a1.9 1.9 0 0 0 2.6 2.6",
});

type Tool = {
	name: keyof typeof en & ("bold" | "italic" | "strike" | "link" | "quote" | "code" | "list" | "spoiler" | "image");
	key?: string;
	act(area: HTMLTextAreaElement): void;
};

/** around puts a mark on both sides of the selection, or takes it away again. */
function around(mark: string) {
	return (area: HTMLTextAreaElement) => {
		const { text, from, to, select } = marked(area.value, area.selectionStart, area.selectionEnd, mark);
		type(area, text, from, to);
		area.setSelectionRange(...select);
	};
}

/** before puts a mark before every line that is selected. */
function before(mark: string) {
	return (area: HTMLTextAreaElement) => {
		const { selectionEnd: to, value } = area;
		const from = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
		type(area, value.slice(from, to).replace(/^/gm, mark), from, to);
	};
}

function link(area: HTMLTextAreaElement): void {
	const { selectionStart: from, selectionEnd: to, value } = area;
	const text = value.slice(from, to);
	const isURL = /^https?:\/\/\S+$/.test(text);
	type(area, isURL ? `[](${text})` : `[${text}](https://)`, from, to);
	if (isURL) area.setSelectionRange(from + 1, from + 1);
	else area.setSelectionRange(from + text.length + 3, from + text.length + 11);
}

const tools: Tool[] = [
	{ name: "bold", key: "b", act: around("**") },
	{ name: "italic", key: "i", act: around("*") },
	{ name: "strike", act: around("~~") },
	{ name: "link", key: "k", act: link },
	{ name: "quote", act: before("> ") },
	{ name: "code", act: around("`") },
	{ name: "list", act: before("- ") },
	{ name: "spoiler", act: around("||") },
];

/** makeToolbar fills el with the tools: one tab stop, arrows between them, and their keys in the box. */
export function makeToolbar(box: Composer, el: HTMLElement, t: Words<Key>, image?: () => void): void {
	const all: Tool[] = image ? [...tools, { name: "image", act: image }] : tools;
	const use = (tool: Tool) => {
		box.focus(); // out of the preview: what is not seen is not changed
		tool.act(box.area);
		box.changed();
	};
	const mac = /Mac|iP/.test(navigator.platform);
	const title = (tool: Tool) => t.t(tool.name) + (tool.key ? ` (${mac ? "⌘" : "Ctrl+"}${tool.key.toUpperCase()})` : "");
	const buttons = all.map((tool, i) =>
		h(
			"button.ib",
			{ type: "button", tabindex: i === 0 ? 0 : -1, "aria-label": t.t(tool.name), title: title(tool), onclick: () => use(tool) },
			icon(tool.name),
		),
	);
	el.setAttribute("role", "toolbar");
	el.setAttribute("aria-label", t.t("toolbar"));
	fill(el, buttons);
	el.addEventListener("keydown", (e) => {
		const i = buttons.indexOf((el.getRootNode() as ShadowRoot).activeElement as HTMLButtonElement);
		const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
		const rtl = getComputedStyle(el).direction === "rtl" ? -1 : 1;
		const to =
			e.key === "Home"
				? 0
				: e.key === "End"
					? buttons.length - 1
					: step
						? (i + step * rtl + buttons.length) % buttons.length
						: -1;
		if (i < 0 || to < 0) return;
		e.preventDefault();
		for (const [n, b] of buttons.entries()) b.tabIndex = n === to ? 0 : -1;
		buttons[to]?.focus();
	});
	box.area.addEventListener("keydown", (e) => {
		if (e.isComposing || e.keyCode === 229) return; // an input method's
		if (!(mac ? e.metaKey : e.ctrlKey) || e.shiftKey || e.altKey) return;
		const tool = tools.find((x) => x.key === e.key.toLowerCase());
		if (!tool) return;
		e.preventDefault();
		use(tool);
	});
}
