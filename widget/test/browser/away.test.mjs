// While the server is away: what was read stays, and nothing is sent unasked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, control, launch, post, shot, signIn, token, visit } from "./stage.mjs";

let browser, bo;
before(async () => {
	browser = await launch();
	bo = await token("bo@example.com");
});
after(() => browser?.close());

const quiet = (page) => assert.deepEqual(page.problems.filter((p) => !/CORS|WebSocket/.test(p)), []);
const shown = (page) => page.locator("article.c .c-b").allInnerTexts();

test("another sort or view while the server is away keeps what was read, and the choice says what is shown", async () => {
	for (let i = 0; i < 4; i++) await post(bo, "/away-sort", `Comment ${i}`);
	for (const signed of [true, false]) {
		const page = await visit(browser, `/away-sort?attrs=${encodeURIComponent('sort="oldest"')}`);
		await page.locator("article.c").nth(3).waitFor();
		await page.locator("form.cp").waitFor();
		if (signed) await signIn(page);
		const before = await shown(page);
		await control("/stop");
		const select = page.getByLabel("Sort");
		await select.selectOption("newest");
		const told = page.locator(signed ? ".toast" : "div.ban:not([hidden])"); // who only reads has no part that acts
		await told.waitFor();
		assert.deepEqual(await shown(page), before);
		assert.equal(await select.inputValue(), "oldest");
		await page.getByRole("radio", { name: "Flat" }).click();
		await page.waitForFunction(() => !document.querySelector("parley-comments").shadowRoot.querySelector("[aria-busy]"));
		assert.deepEqual(await shown(page), before);
		assert.equal(await page.getByRole("radio", { name: "Threaded" }).getAttribute("aria-checked"), "true");
		await page.evaluate(() => document.querySelector("parley-comments").reload());
		assert.deepEqual(await shown(page), before, "reload()");
		await select.selectOption("newest");
		await shot(page, `away-sort-${signed}`);
		await control("/start");
		await told.getByRole("button", { name: signed ? "Retry" : "Try again" }).click();
		await page.locator("article.c").first().filter({ hasText: "Comment 3" }).waitFor();
		assert.deepEqual(await shown(page), [...before].reverse(), "the retry does what was asked for");
		assert.equal(await select.inputValue(), "newest");
		quiet(page);
		await page.context().close();
	}
});

test("what is said to be not posted goes only when its writer says so", async () => {
	const root = await post(bo, "/away-post", "To be answered");
	const page = await visit(browser, "/away-post");
	await signIn(page);
	const count = async (text) =>
		(await api("GET", `/api/v1/sites/news/comments?thread=/away-post&view=flat`)).body.comments.filter((c) => c.html.includes(text)).length;
	await page.locator(`#parley-${root.id} [data-act=reply]`).click();
	await page.locator("article.c form.cp textarea").fill("A reply into the storm");
	await control("/stop");
	await page.locator("article.c form.cp textarea").press("Control+Enter");
	await page.getByText("Not posted.").waitFor();
	await control("/start");
	for (let i = 0; i < 2; i++) {
		await page.reload();
		await page.getByText("Not posted.").waitFor();
		await page.getByRole("button", { name: /^Commenting as/ }).first().waitFor();
	}
	await page.evaluate(() => dispatchEvent(new Event("online")));
	await post(bo, "/away-post", "A later one"); // by when this has come, whatever was sent has
	await page.getByRole("button", { name: "Show 1 new comment" }).first().click();
	await page.locator("article.c", { hasText: "A later one" }).waitFor();
	assert.equal(await count("into the storm"), 0, "it is not sent unasked");
	await page.getByRole("button", { name: "Try again" }).click();
	await page.locator("article.c", { hasText: "A reply into the storm" }).getByRole("button", { name: "Reply" }).last().waitFor();
	await page.getByText("Not posted.").waitFor({ state: "detached" });
	assert.equal(await count("into the storm"), 1);
	await page.reload();
	await page.locator("article.c", { hasText: "A reply into the storm" }).last().waitFor();
	assert.equal(await page.getByText("Not posted.").count(), 0);
	// Without a connection it says that it will go, and goes: also on the page that comes next.
	await page.getByRole("button", { name: /^Commenting as/ }).first().waitFor();
	await page.context().setOffline(true);
	await page.getByLabel("Join the discussion").fill("Written on the train");
	await page.getByLabel("Join the discussion").press("Control+Enter");
	await page.getByText("Waiting for a connection").waitFor();
	await page.context().setOffline(false);
	await page.locator("article.c", { hasText: "Written on the train" }).getByRole("button", { name: "Reply" }).waitFor();
	assert.equal(await count("on the train"), 1);
	quiet(page);
});
