// What keys and the clipboard make of a text, as plain functions of it.

const MARGIN = 500; // characters over the limit that a paste may bring: the writer shortens it
const ADDRESS = /^https?:\/\/\S+$/;
const ITEM = /^(\s*(?:[-*+]|(\d{1,9})([.)]))\s+|\s*>\s?)(.*)$/;

/** type replaces the selection, or what stands between two places, so that the browser's own undo takes it back. */
export function type(area: HTMLTextAreaElement, text: string, from = area.selectionStart, to = area.selectionEnd): void {
	area.focus();
	area.setSelectionRange(from, to);
	if (!document.execCommand(text === "" ? "delete" : "insertText", false, text)) area.setRangeText(text, from, to, "end");
}

/** Pasted is what comes of a paste. */
export interface Pasted {
	text: string;
	changed: boolean; // it is not what the clipboard holds
	cut: boolean;
}

/** pasted is what a paste over a selection puts there; max is the longest comment, 0: none. */
export function pasted(value: string, from: number, to: number, clip: string, max: number): Pasted {
	const over = value.slice(from, to);
	const address = clip.trim();
	if (over.trim() !== "" && !over.includes("\n") && ADDRESS.test(address) && !ADDRESS.test(over.trim()))
		return { text: `[${over}](${address})`, changed: true, cut: false };
	const room = max > 0 ? Math.max(0, max + MARGIN - (value.length - over.length)) : Number.POSITIVE_INFINITY;
	if (clip.length <= room) return { text: clip, changed: false, cut: false };
	const fits = Math.max(0, room - MARGIN);
	return { text: clip.slice(0, fits).replace(/[\uD800-\uDBFF]$/, ""), changed: true, cut: true };
}

/** continued is what Enter puts at a place in a list or a quotation: its next item, or the end of the list where the item is empty; null: a line break. */
export function continued(value: string, at: number): { text: string; from: number } | null {
	const start = value.lastIndexOf("\n", at - 1) + 1;
	const m = ITEM.exec(value.slice(start, at));
	if (!m) return null;
	const [, mark = "", n, dot = "", text = ""] = m;
	if (text.trim() === "") return value.slice(at).split("\n", 1)[0]?.trim() === "" ? { text: "", from: start } : null;
	return { text: `\n${n === undefined ? mark : mark.replace(n + dot, Number(n) + 1 + dot)}`, from: at };
}

/** Marked is a piece of the text with marks around a selection, or without: what to put between from and to, and what is selected then. */
export interface Marked {
	text: string;
	from: number;
	to: number;
	select: [number, number];
}

/** marked puts a mark on both sides of a selection, inside its blanks, for marks beside blanks do not render; or takes it away again. */
export function marked(value: string, start: number, end: number, mark: string): Marked {
	const whole = value.slice(start, end);
	const blank = whole.trim() === "";
	const from = blank ? start : start + (whole.length - whole.trimStart().length);
	const to = blank ? end : end - (whole.length - whole.trimEnd().length);
	const text = value.slice(from, to);
	const n = mark.length;
	if (has(value.slice(0, from), value.slice(to), mark)) return { text, from: from - n, to: to + n, select: [from - n, to - n] };
	return { text: mark + text + mark, from, to, select: [from + n, to + n] };
}

/** has tells whether a mark stands on both sides: one star of two is half of bold, and no italic. */
function has(before: string, after: string, mark: string): boolean {
	const sign = mark.charAt(0);
	const left = before.length - before.replace(new RegExp(`\\${sign}+$`), "").length;
	const right = after.length - after.replace(new RegExp(`^\\${sign}+`), "").length;
	const run = Math.min(left, right);
	if (sign !== "*") return run >= mark.length;
	return mark.length === 1 ? run % 2 === 1 : run >= 2;
}
