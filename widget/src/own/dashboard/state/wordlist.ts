import type { Word } from "../shapes.ts";

/** lines writes a word list one to a line; "de: wort" belongs to a language. */
export function lines(list: readonly Word[]): string {
	return list.map((w) => (w.lang ? `${w.lang}: ${w.word}` : w.word)).join("\n");
}

/** parse reads such lines. */
export function parse(text: string): Word[] {
	return text
		.split("\n")
		.map((l) => l.trim())
		.filter((l) => l !== "")
		.map((l) => {
			const m = /^([a-z]{2,3}(?:-[A-Za-z]{2,4})?):\s*(.+)$/.exec(l);
			return m ? { word: m[2] ?? "", lang: m[1] ?? "" } : { word: l, lang: "" };
		});
}
