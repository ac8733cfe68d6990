// What is being named in a text, and who may be meant, as plain functions.

const NAME = 40; // characters of a name at most
const BEFORE = /(?:^|[^\p{L}\p{N}_@/.])$/u; // of an @ that begins a name

/** Being is a name that is being typed: where its @ stands, and what stands behind that. */
export interface Being {
	from: number;
	text: string;
}

/** beingNamed is the name that the cursor stands at the end of; null where it stands at none. */
export function beingNamed(value: string, at: number): Being | null {
	const line = value.slice(Math.max(0, at - NAME - 1, value.lastIndexOf("\n", at - 1) + 1), at);
	const i = line.lastIndexOf("@");
	const from = at - line.length + i;
	if (i < 0 || !BEFORE.test(value.slice(Math.max(0, from - 2), from))) return null;
	const text = line.slice(i + 1);
	return /^\s/.test(text) || text.split(/\s/).length > 4 || (text.length > 1 && /\s\s|\s$/.test(text) && text.trim().includes(" ")) ? null : { from, text };
}

const fold = (s: string): string => s.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** matches are those one of whose words begins so, first those whose name does; in their order otherwise. */
export function matches<P extends { name: string }>(people: readonly P[], typed: string): P[] {
	const want = fold(typed.replaceAll("_", " ")).trim();
	const begins = people.filter((p) => fold(p.name).startsWith(want));
	return [...begins, ...people.filter((p) => !begins.includes(p) && fold(p.name).split(/\s+/).some((w) => w.startsWith(want)))];
}

/** Chosen is whom a writer has picked for a name. */
export interface Chosen {
	id: string;
	name: string;
}

/** chosenIn are those who were picked and whose names still stand in a text, in the order of the text. */
export function chosenIn(text: string, picked: readonly Chosen[]): Chosen[] {
	const left = [...picked];
	const out: { at: number; who: Chosen }[] = [];
	const after = new Map<string, number>();
	for (const who of left) {
		const at = text.indexOf(`@${who.name}`, after.get(who.name) ?? 0);
		if (at < 0) continue;
		after.set(who.name, at + 1);
		out.push({ at, who });
	}
	return out.sort((a, b) => a.at - b.at).map((o) => o.who);
}
