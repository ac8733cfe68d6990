// A comment stands once, wherever it was asked for from.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, NEWS, post, shot, token, visit } from "./stage.mjs";

let browser, ann, bo;
before(async () => {
	browser = await launch();
	[ann, bo] = await Promise.all([token("ann@example.com"), token("bo@example.com")]);
});
after(() => browser?.close());

const LONG = "Long enough to take a few lines, as most comments are, so that a list of them is several windows high. ".repeat(3);

/** deep is 25 roots, with a chain of replies under the oldest. */
async function deep(path, levels = 5) {
	const chain = [await post(bo, path, `Level 0. ${LONG}`)];
	for (let i = 1; i < levels; i++) chain.push(await post(i % 2 ? ann : bo, path, `Level ${i}. ${LONG}`, chain.at(-1).id));
	for (let i = 1; i < 25; i++) await post(i % 2 ? ann : bo, path, `Root ${i}. ${LONG}`);
	return chain;
}
/** once fails where a comment stands twice, or more replies are offered than there are. */
const once = async (page, chain) => {
	const got = await page.evaluate(() => {
		const root = document.querySelector("parley-comments").shadowRoot;
		return {
			ids: [...root.querySelectorAll("article.c")].map((a) => a.id),
			more: [...root.querySelectorAll(".c-more .more")].map((b) => b.textContent),
		};
	});
	assert.deepEqual(got.ids, [...new Set(got.ids)], "ids stand once");
	assert.deepEqual(got.more, [], "nothing more is offered where nothing more is");
	for (const c of chain) assert.equal(got.ids.filter((id) => id === `parley-${c.id}`).length, 1, `level ${c.depth} is there`);
};
/** inSight waits until the comment has come to rest in the window. */
const inSight = (page, id) =>
	page.waitForFunction(
		(id) => {
			const r = document.querySelector("parley-comments").shadowRoot.getElementById(`parley-${id}`)?.getBoundingClientRect();
			const still = r && window.lastTop === Math.round(r.top);
			window.lastTop = r && Math.round(r.top);
			return still && r.top >= 0 && r.top < innerHeight / 2;
		},
		id,
		{ polling: 250, timeout: 10_000 },
	);

for (const sort of ["newest", "oldest", "best"]) {
	test(`${sort}: a permalink deep below, and goTo, show every comment once and come to it`, async () => {
		const path = `/p-deep-${sort}`;
		const chain = await deep(path);
		const last = chain.at(-1);
		const address = `${NEWS}${path}?attrs=${encodeURIComponent(`sort="${sort}" page-size="5"`)}`;
		const page = await visit(browser, "about:blank");
		await page.goto(`${address}#parley-${last.id}`);
		await page.locator("article.target", { hasText: "Level 4" }).waitFor();
		await once(page, chain);
		await inSight(page, last.id);
		await shot(page, `deep-${sort}`);
		for (const level of [2, 4, 0]) {
			await page.evaluate((id) => document.querySelector("parley-comments").goTo(id), chain[level].id);
			await inSight(page, chain[level].id);
			await once(page, chain);
		}
		for (let i = 0; i < 5; i++) {
			const more = page.getByRole("button", { name: "Show more comments" });
			if (!(await more.isVisible())) break;
			const had = await page.locator("article.c").count();
			await more.click();
			await page.waitForFunction((n) => document.querySelector("parley-comments").shadowRoot.querySelectorAll("article.c").length > n || document.querySelector("parley-comments").shadowRoot.querySelector(".btn.full").hidden, had);
		}
		await once(page, chain);
		assert.equal(await page.locator("article.c").count(), 29, "all of them, once");
		assert.deepEqual(page.problems, []);
	});
}

test("Show new, for replies deep below and a whole new branch, shows each once", async () => {
	const path = "/p-new";
	const chain = await deep(path);
	const page = await visit(browser, `${path}?attrs=${encodeURIComponent('sort="newest" page-size="5"')}`);
	await page.getByText(/reading now/).or(page.locator(".hd-m button")).first().waitFor();
	await page.locator("article.c").nth(4).waitFor();
	const fresh = [await post(ann, path, "A live reply deep below", chain.at(-1).id)];
	fresh.push(await post(bo, path, "And a reply to that", fresh[0].id));
	fresh.push(await post(bo, path, "A new root"));
	fresh.push(await post(ann, path, "With an answer", fresh[2].id));
	await page.getByRole("button", { name: "Show 4 new comments" }).first().click();
	for (const c of fresh) await page.locator(`#parley-${c.id}`).waitFor();
	await once(page, [...chain, ...fresh]);
	assert.deepEqual(page.problems, []);
});
