// A reader who follows a link and comes back finds the place where he was.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, live, NEWS, post, token, until, visit } from "./stage.mjs";

let browser;
let kept;
before(async () => {
	browser = await launch();
	kept = await launch({ thirdParty: "allowed", backForward: true });
	const ann = await token("ann@example.com");
	for (let i = 1; i <= 36; i++) await post(ann, "/back", `Number ${i}. ${"It has a few words more. ".repeat(i % 5)}`);
});
after(() => Promise.all([browser?.close(), kept?.close()]));

const list = (page) => page.locator("parley-comments ol.top > li");
const topOf = (page, text) =>
	page
		.locator("parley-comments article.c", { hasText: text })
		.evaluate((e) => Math.round(e.getBoundingClientRect().top));

/** away reads on to a comment of the second page, follows a link to elsewhere and comes back. */
async function away(page) {
	await page.locator("parley-comments").getByRole("button", { name: "Show more comments" }).click();
	await until("all are here", async () => (await list(page).count()) === 36);
	await page.evaluate(() => {
		window.before = true;
		document.body.insertAdjacentHTML("beforeend", '<a href="/other" style="position: fixed; inset: 0 auto auto 0">Elsewhere</a>');
	});
	const text = "Number 12."; // on the second page, newest first
	await page.locator("parley-comments article.c", { hasText: text }).evaluate((e) => e.scrollIntoView({ block: "start", behavior: "instant" }));
	let was;
	await until("it stands still", async () => {
		const at = await topOf(page, text);
		const still = at === was;
		was = at;
		return still;
	});
	await page.getByRole("link", { name: "Elsewhere" }).click();
	await page.waitForURL(`${NEWS}/other`);
	await page.locator("parley-comments section.w").waitFor();
	await page.evaluate(() => void setTimeout(() => history.back())); // answered before the page goes
	await until("it is the page of before", () => page.evaluate(() => location.pathname === "/back").catch(() => false));
	return { text, was };
}

test("drawn anew, the list is as long as it was, and stands where it stood", async () => {
	const page = await visit(browser, `/back?attrs=${encodeURIComponent('sort="newest"')}`);
	await live(page);
	const { text, was } = await away(page);
	await until("all are here again", async () => (await list(page).count()) === 36);
	assert.equal(await page.evaluate(() => window.before), undefined, "the page was drawn anew");
	await until("the comment is where it was", async () => Math.abs((await topOf(page, text)) - was) < 8);
	assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0, "a mere reader has nothing stored");
	assert.deepEqual(page.problems, []);
});

test("a browser that keeps pages for the way back keeps this one, and it is live again", async () => {
	const page = await visit(kept, `/back?attrs=${encodeURIComponent('sort="newest"')}`);
	await live(page);
	const { text, was } = await away(page);
	assert.equal(await page.evaluate(() => window.before), true, "the page was kept");
	await until("the comment is where it was", async () => Math.abs((await topOf(page, text)) - was) < 8);
	await post(await token("bo@example.com"), "/back", "Said after the way back.");
	await page.locator("parley-comments").getByRole("button", { name: "Show 1 new comment" }).first().waitFor();
	assert.deepEqual(page.problems, []);
});
