// What one decision does to the lists of all who look on, and what is said of one that did not come about.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, SERVER, api, control, launch, post, shot, token, until } from "./stage.mjs";

let browser;
let ann;
let ada;
let bad;
before(async () => {
	browser = await launch();
	for (const [email, name, role] of [
		["mo@example.com", "Mo Moderator", "moderator"],
		["ad@example.com", "Ada Admin", "admin"],
		["vi@example.com", "Vic Vile", "member"],
	])
		await control(
			"/run",
			["user", "add", "--site", "news", "--email", email, "--name", name, "--password", PASSWORD, "--role", role].join("\n"),
		);
	ann = await token("ann@example.com");
	ada = await token("ad@example.com");
	bad = await token("vi@example.com");
	await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
	for (let i = 1; i <= 3; i++) await post(bad, "/ferries", `Vile remark ${i}.`);
	for (let i = 1; i <= 6; i++) await post(ann, "/ferries", `Kind remark ${i}.`);
});
after(() => browser.close());

async function desk(email, path = "screen=queue&order=oldest") {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	await page.addInitScript(() => {
		window.late = 0; // milliseconds by which news come later
		window.WebSocket = class extends WebSocket {
			set onmessage(f) {
				this.addEventListener("message", (e) => setTimeout(() => f(e), window.late));
			}
		};
	});
	await page.goto(`${SERVER}/dashboard/?site=news&${path}`);
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.locator(".live2:not(.off)").waitFor();
	await page.locator(".k").first().waitFor();
	return page;
}

const card = (page, words) => page.locator(".k", { has: page.locator(".k-b", { hasText: words }) });

test("who is banned with what they wrote leaves every list, and U says where a ban is lifted", async () => {
	const mo = await desk("mo@example.com");
	await mo.evaluate(() => {
		window.late = 500; // the answer to the ban is here before the news of what it hid
	});
	const other = await desk("ad@example.com");
	await card(mo, "Vile remark 1.").locator(".k-b").click();
	await mo.keyboard.press("b");
	const dialog = mo.getByRole("dialog");
	await dialog.getByText("24 hours").click();
	await dialog.getByLabel(/^Also hide/).check();
	await dialog.getByRole("button", { name: /^Ban for/ }).click();
	await mo.locator(".toast").getByText(/^Banned: /).waitFor();
	for (const page of [mo, other]) await until("all of them are gone", async () => (await card(page, "Vile remark").count()) === 0);
	await mo.waitForTimeout(700);
	assert.equal(await mo.locator(".k .clash, .k .alert").count(), 0);
	assert.equal(await mo.locator(".k").count(), 6);
	await mo.locator(".k.cur .k-b", { hasText: "Kind remark 1." }).waitFor();
	await mo.keyboard.press("u");
	await mo.locator(".toast").getByText("To lift a ban, go to People → Bans.").waitFor();
	for (const page of [mo, other]) {
		assert.deepEqual(page.problems, []);
		await page.context().close();
	}
});

const decide = (id, action) => api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: id, action }], ada);
const waiting = async () => (await api("GET", "/api/v1/sites/news/moderation/queue?state=pending&order=oldest", undefined, ada)).body.comments;

async function asked(page, words, ...said) {
	const strip = card(page, words).locator(".clash[role=alert]");
	for (const text of said) await strip.getByText(text).waitFor();
	await page.waitForTimeout(700); // and the news of it takes nothing away
	assert.equal(await strip.count(), 1);
	assert.ok(await card(page, words).evaluate((e) => e.classList.contains("cur")), "it is the current card still");
	return strip;
}

test("of two who decide at once the later is asked, and nothing says that it was done", async () => {
	const mo = await desk("mo@example.com");
	const held = await waiting();
	// One's own last act is still spoken of.
	await card(mo, "Kind remark 1.").locator(".k-b").click();
	await mo.keyboard.press("a");
	const toast = mo.locator(".toast");
	await toast.getByText("Approved: Ann Lee").waitFor();
	// The answer comes first, the news after it.
	await mo.evaluate(() => {
		window.late = 300;
	});
	await decide(held[1].id, "spam");
	await mo.keyboard.press("a");
	let strip = await asked(mo, "Kind remark 2.", /Ada Admin marked this as spam/, "Your “Approve” was not applied. Override?");
	await shot(mo, "together-clash-1280");
	assert.ok(!(await toast.isVisible()), "what was said of the one before is put away");
	await mo.keyboard.press("u");
	await toast.getByText("Nothing to undo.").waitFor();
	await strip.getByRole("button", { name: "Leave as spam" }).click();
	await strip.waitFor({ state: "detached" });
	// The news comes first, the answer after it.
	await mo.evaluate(() => {
		window.late = 0;
	});
	let go = () => {};
	const gate = new Promise((r) => {
		go = r;
	});
	await mo.route("**/moderation/decisions", (r) => gate.then(() => r.continue()));
	await card(mo, "Kind remark 3.").locator(".k-b").click();
	await mo.keyboard.press("a");
	await decide(held[2].id, "reject");
	await mo.waitForTimeout(400);
	go();
	strip = await asked(mo, "Kind remark 3.", /Ada Admin rejected this/);
	await strip.getByRole("button", { name: "Approve anyway" }).click();
	await toast.getByText("Restored: Ann Lee").waitFor();
	// The news came while the finger was on its way: the next card is not what was meant.
	await card(mo, "Kind remark 4.").locator(".k-b").click();
	await mo.evaluate(() => {
		const li = document.querySelector(".k.cur");
		new MutationObserver((_, o) => {
			if (!li.classList.contains("gone")) return;
			o.disconnect();
			setTimeout(() => document.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true })), 50);
		}).observe(li, { attributes: true });
	});
	await decide(held[3].id, "spam");
	await asked(mo, "Kind remark 4.", /Ada Admin marked this as spam/, "Your “Approve” was not applied. Override?");
	assert.deepEqual(
		(await waiting()).map((c) => c.id),
		held.slice(4).map((c) => c.id),
	);
	assert.deepEqual(mo.problems, []);
	await mo.context().close();
});
