// Pages that may read and not write: those that a site does not list, and those that say so themselves.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, control, launch, NEWS, PASSWORD, post, SERVER, shot, signIn, token, until, visit } from "./stage.mjs";

let browser, bo;
before(async () => {
	browser = await launch();
	bo = await token("bo@example.com");
	await control("/run", ["site", "add", "other", "--name", "The Other", "--origin", "https://other.test"].join("\n"));
	await control(
		"/run",
		["user", "add", "--site", "other", "--email", "cy@example.com", "--name", "Cy", "--password", PASSWORD].join("\n"),
	);
	const cy = (await api("POST", "/api/v1/sites/other/login", { email: "cy@example.com", password: PASSWORD, session: "token" })).body
		.token;
	for (const n of [1, 2]) {
		const r = await api(
			"POST",
			"/api/v1/sites/other/comments",
			{ thread: "/b", url: "https://other.test/b", title: "B", body: `Readable ${n}` },
			cy,
		);
		assert.equal(r.status, 201);
	}
});
after(() => browser?.close());

const WHY = /Comments can be read here but not written: https:\/\/news\.test is not on the list of addresses of The Other\. If you run this site, add it in the dashboard under Settings → Install\./;
async function publish(attrs, options) {
	const page = await visit(browser, "about:blank", options);
	page.setDefaultTimeout(15_000);
	const html = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>B</title>
<parley-comments site="other" thread="/b" lazy="off" ${attrs}></parley-comments><script async src="${SERVER}/embed.js"></script>`;
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(html)}`);
	return page;
}
const quiet = (page) => assert.deepEqual(page.problems.filter((p) => !/CORS|WebSocket|frame-ancestors|X-Frame|Framing|status of 403/.test(p)), []);

test("a page that is not on the list reads, and says one sentence in the composer's place", async () => {
	const page = await publish("");
	await page.getByText(WHY).waitFor();
	await page.locator("article.c", { hasText: "Readable 2" }).waitFor();
	assert.equal(await page.locator("form.cp").count(), 0, "no composer");
	assert.equal(await page.getByText(WHY).count(), 1, "once");
	assert.equal(await page.locator("parley-comments [data-act=reply]").count(), 0, "no reply");
	await until("a socket was tried", () => page.sockets.length >= 1);
	const sockets = page.sockets.length;
	// The back-off would have tried three times more, and "Reconnecting" would stand there.
	await page.waitForTimeout(6_500);
	assert.equal(page.sockets.length, sockets, "no loop");
	assert.equal(await page.getByText("Reconnecting").isVisible(), false);
	// An act says why, too, and opens no sign-in.
	await page.locator("[data-act=up]").first().click();
	await page.locator(".toast", { hasText: "not written" }).waitFor();
	await page.evaluate(() => document.querySelector("parley-comments").setAttribute("read-only", "false"));
	await page.evaluate(() => document.querySelector("parley-comments").setAttribute("sort", "oldest"));
	await page.locator("article.c").first().filter({ hasText: "Readable 1" }).waitFor();
	assert.equal(await page.locator(".cp-slot").getByText(WHY).count(), 1, "after another sort");
	await shot(page, "barred");
	quiet(page);
});

test("what was written there before it was known is kept", async () => {
	const page = await publish('live="off"');
	await page.getByLabel("Join the discussion").fill("Half a thought");
	const [popup] = await Promise.all([
		page.waitForEvent("popup"),
		page
			.getByRole("button", { name: "Sign in and post" })
			.first()
			.click(),
	]);
	await page.getByText(WHY).waitFor();
	await popup.getByText(/Settings → Install\./).waitFor();
	assert.equal(await page.locator("form.cp textarea").inputValue(), "Half a thought");
	assert.equal(await page.locator("form.cp [type=submit]").getAttribute("aria-disabled"), "true");
	quiet(page);
});

test("Russian readers are told in Russian", async () => {
	const page = await publish('lang="ru"');
	await page.getByText("https://news.test нет в списке адресов «The Other»").waitFor();
	quiet(page);
});

test("in a frame the sentence stands in the element, and nothing is broken", async () => {
	for (const [lang, text] of [
		["en", "Comments cannot show here: https://news.test is not on the list"],
		["ru", "https://news.test нет в списке адресов"],
	]) {
		const page = await publish(`mode="frame" lang="${lang}"`);
		await page.getByText(text).waitFor();
		assert.equal(await page.locator("parley-comments iframe").count(), 0);
		const high = await page.locator("parley-comments").evaluate((e) => e.getBoundingClientRect().height);
		assert.ok(high < 300, `${high} px`);
		quiet(page);
	}
});

test("a page on the list asks nothing and is told nothing", async () => {
	await post(bo, "/listed", "A comment");
	for (const attrs of ["", 'mode="frame"']) {
		const page = await visit(browser, `/listed?attrs=${encodeURIComponent(attrs)}`);
		const f = attrs ? page.frameLocator("parley-comments iframe") : page.locator("parley-comments");
		await f.locator("form.cp").waitFor();
		assert.equal(await f.getByText("not on the list").count(), 0);
		if (!attrs) assert.equal(page.requests.filter((r) => r.url().endsWith("/origin")).length, 0);
		assert.deepEqual(page.problems, []);
	}
});

test("read-only says that it is for now, and a half-written reply keeps its text and waits", async () => {
	await post(bo, "/ro", "To be answered");
	const page = await visit(browser, `/ro?attrs=${encodeURIComponent("read-only")}`);
	await page.getByText("Read only for now", { exact: true }).waitFor();
	assert.equal(await page.getByText("closed").count(), 0);
	assert.equal(await page.locator("parley-comments .closed .i-lock").count(), 0);
	const set = (v) =>
		page.evaluate((v) => {
			const e = document.querySelector("parley-comments");
			if (v === null) e.removeAttribute("read-only");
			else e.setAttribute("read-only", v);
		}, v);
	await set(null);
	await signIn(page);
	await page.locator("article.c [data-act=reply]").first().click();
	const reply = page.locator("article.c form.cp");
	await reply.locator("textarea").fill("Half an answer");
	await set("");
	await page.getByText("Read only for now", { exact: true }).waitFor();
	await reply.getByText("Your text is kept here and can be sent later.").waitFor();
	assert.equal(await reply.locator("textarea").inputValue(), "Half an answer");
	await reply.locator("textarea").press("Control+Enter");
	assert.equal(await reply.locator("textarea").inputValue(), "Half an answer", "it is not sent");
	await shot(page, "read-only-reply");
	await set(null);
	await page.getByText("Read only for now", { exact: true }).waitFor({ state: "detached" });
	await reply.locator("textarea").press("Control+Enter");
	await page.locator("article.c", { hasText: "Half an answer" }).getByRole("button", { name: "Reply" }).last().waitFor();
	await page.evaluate(() => document.querySelector("parley-comments").setAttribute("lang", "ru"));
	await set("");
	await page.getByText("Сейчас только для чтения").waitFor();
	assert.deepEqual(page.problems, []);
});

test("a name of a comment that never was is said to be not here", async () => {
	const page = await visit(browser, "/ro#parley-nosuch");
	await page.locator(".toast", { hasText: "That comment is not here." }).waitFor();
	assert.equal(await page.getByText("removed").count(), 0);
});
