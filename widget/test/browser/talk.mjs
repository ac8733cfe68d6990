// A discussion as people hold one, to measure with: sixty comments of twelve
// authors, 129 to 216 characters each. It is written out so that what it weighs
// stays what it is.
import { readFileSync } from "node:fs";

export const talk = JSON.parse(readFileSync(new URL("talk.json", import.meta.url), "utf8"));

const BEGAN = Date.UTC(2026, 2, 2, 7);

/**
 * jsonl is an import of threads full of it: so many comments, every one of which
 * has so many replies; beyond the sixtieth it begins again.
 */
export function jsonl(site, threads) {
	const people = [...new Set(talk.map((t) => t.who))];
	const lines = [{ type: "header", parley: 1, site: "news", exported_at: new Date(BEGAN).toISOString() }];
	const time = (i) => new Date(BEGAN + i * 421_000).toISOString();
	for (const { key, state = "open" } of threads)
		lines.push({ type: "thread", id: key, key, url: site + key, title: "Ferries", state, created_at: time(0) });
	for (const [i, name] of people.entries()) lines.push({ type: "person", id: `p${i}`, name });
	let all = 0;
	for (const { key, comments, replies = 0, status = "published" } of threads)
		for (let i = 0; i < comments; i++, all++) {
			const { who, text } = talk[i % talk.length];
			const root = i - (i % (replies + 1));
			lines.push({
				type: "comment",
				id: `${key}:${i}`,
				thread: key,
				...(root < i ? { parent: `${key}:${root}` } : {}),
				person: `p${people.indexOf(who)}`,
				body: text,
				html: `<p>${text.replace(/'/g, "&#39;")}</p>`,
				status,
				created_at: time(i),
			});
		}
	lines.push({ type: "end", threads: threads.length, people: people.length, comments: all });
	return `${lines.map((l) => JSON.stringify(l)).join("\n")}\n`;
}
