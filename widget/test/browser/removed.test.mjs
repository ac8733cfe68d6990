// Whose comment was removed, or whoever is banned, is told why: in their own language, in the words of the mails.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, SERVER, api, control, launch, live, post, shot, signIn, token, visit } from "./stage.mjs";

let browser;
let ada;
let ann;
before(async () => {
	browser = await launch();
	await control(
		"/run",
		["user", "add", "--site", "news", "--email", "ad@example.com", "--name", "Ada Admin", "--password", PASSWORD, "--role", "admin"].join("\n"),
	);
	ann = await token("ann@example.com");
	ada = await token("ad@example.com");
});
after(() => browser?.close());

const decide = async (id, action, reason) => {
	const r = await api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: id, action, reason }], ada);
	assert.equal(r.body.results[0].ok, true);
};

test("the author of a removed comment reads why beside it, on the page and in the account", async () => {
	const answered = await post(ann, "/removed", "You are all sheep, every one of you.");
	await post(ada, "/removed", "Nobody here bleats.", answered.id);
	const alone = await post(ann, "/removed", "Cheap boats, cheap boats.");
	const page = await visit(browser, "/removed");
	await signIn(page);
	await live(page);
	await decide(answered.id, "reject", "abuse");
	const under = page.locator(`#parley-${answered.id} .rm`);
	await under.getByText("Your comment was removed").waitFor();
	await under.getByText("Reason: Personal attack").waitFor();
	await under.getByText("You are all sheep").waitFor();
	await decide(alone.id, "delete", "Boats are sold elsewhere.");
	const above = page.locator(".rm", { hasText: "Cheap boats" });
	await above.getByText(/Reason: .?Boats are sold elsewhere/).waitFor();

	await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
	const held = await post(ann, "/removed", "A word nobody has read.");
	await decide(held.id, "reject", "off_topic");
	await control("/run", ["site", "set", "news", "--hold", "none"].join("\n"));
	await page.reload();
	const unread = page.locator(".rm", { hasText: "A word nobody has read." });
	await unread.getByText("Your comment was not published").waitFor();
	await unread.getByText("Reason: Off topic").waitFor();
	await shot(page, "removed-1280");
	await page.setViewportSize({ width: 390, height: 800 });
	await shot(page, "removed-390");
	await unread.getByRole("button", { name: "Dismiss" }).click();
	await unread.waitFor({ state: "detached" });
	await page.reload();
	await under.waitFor();
	assert.equal(await unread.count(), 0, "dismissed is dismissed");
	assert.deepEqual(page.problems, []);

	// Somebody else reads nothing of it, and signed out neither does its author.
	const other = await visit(browser, "/removed");
	await other.getByText("Removed by a moderator").waitFor();
	assert.equal(await other.locator(".rm").count(), 0);
	assert.equal(await other.getByText("You are all sheep").count(), 0);

	const own = await (await browser.newContext({ locale: "ru-RU" })).newPage();
	await own.goto(`${SERVER}/account?lang=ru`);
	await own.locator("input[type=email]").fill("ann@example.com");
	await own.locator("input[type=password]").fill(PASSWORD);
	await own.locator("button[type=submit]").first().click();
	const row = (text) => own.locator("li", { hasText: text });
	await row("You are all sheep").getByText("Ваш комментарий удалён").waitFor();
	await row("You are all sheep").getByText("Причина: Личные нападки").waitFor();
	await row("A word nobody has read.").getByText("Ваш комментарий не опубликован").waitFor();
	await shot(own, "removed-account");
});

test("a ban by a clause is told in the reader's language", async () => {
	const page = await visit(browser, "/banned");
	await signIn(page);
	await page.evaluate(() => document.querySelector("parley-comments").setAttribute("lang", "ru"));
	await page.getByRole("button", { name: "Отправить" }).waitFor();
	const people = await api("GET", "/api/v1/sites/news/moderation/people?q=Ann", undefined, ada);
	const { id } = people.body.people[0];
	const done = await api("POST", `/api/v1/sites/news/moderation/people/${id}/suspend`, { reason: "advertising", until: new Date(Date.now() + 86_400_000).toISOString() }, ada);
	assert.equal(done.status, 200);
	const refused = await api("POST", "/api/v1/sites/news/comments", { thread: "/banned", body: "May I?" }, ann);
	assert.equal(refused.status, 403);
	assert.equal(refused.body.reason, "advertising");
	assert.match(refused.body.detail, /Reason: Advertising\./);
	assert.ok(Date.parse(refused.body.until) > Date.now());
	await page.locator("parley-comments textarea").first().fill("May I?");
	await page.getByRole("button", { name: "Отправить" }).click();
	await page.getByText(/Вы не можете здесь комментировать до .* Причина: Реклама\. Читать можно по-прежнему\./).waitFor();
	// Who comes back is told before a word is written; whoever signs in after them is not.
	await page.reload();
	await page.getByText(/You can't comment here until .*Reason: Advertising\. You can still read\./).waitFor();
	await page.locator("parley-comments .idrow button", { hasText: "Ann Lee" }).first().click();
	await page.getByRole("menuitem", { name: /^Sign out/ }).click();
	await page.getByText(/You can't comment here until/).waitFor({ state: "hidden" });
	assert.deepEqual(page.problems.filter((p) => !p.includes("403")), []);
});
