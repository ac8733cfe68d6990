// What axe-core finds wrong with a page, as short lines: rule, then where.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** axe runs in a world of its own, so the page's content security policy stays as it is. */
export async function axe(page) {
	await page.evaluate(source);
	const found = await page.evaluate(async () => {
		const r = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
		return r.violations.map((v) => ({ id: v.id, at: v.nodes.map((n) => n.target.join(" ")) }));
	});
	return found.map((v) => `${v.id}: ${v.at.slice(0, 3).join(", ")}`);
}
