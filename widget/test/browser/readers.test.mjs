// Readers who come back: they react, search, find what is new, and meet what editors pinned and picked.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { api, control, launch, NEWS, PASSWORD, post, shot, signIn, token, until, visit } from "./stage.mjs";

let browser, axe, ann, bo, ada;
before(async () => {
	browser = await launch();
	axe = await readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
	await control("/run", ["user", "add", "--site", "news", "--email", "ada@example.com", "--name", "Ada Min", "--password", PASSWORD, "--role", "admin"].join("\n"));
	[ann, bo, ada] = await Promise.all(["ann@example.com", "bo@example.com", "ada@example.com"].map(token));
});
after(() => browser?.close());

const settings = async (body) => assert.equal((await api("PATCH", "/api/v1/sites/news/settings", body, ada)).status, 200);
const decide = (id, action) => api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: id, action }], ada);
const comment = (page, id) => page.locator(`#parley-${id}`);
const idOf = (made) => made.id ?? made.comment?.id ?? made;

/** clean fails on anything that axe-core finds in the widget, and on what scrolls sideways. */
async function clean(page, name) {
	await page.evaluate(axe);
	for (const width of [1280, 390, 320]) {
		for (const scheme of ["light", "dark"]) {
			await page.setViewportSize({ width, height: 1000 });
			await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
			await page.evaluate((c) => (document.body.style.background = c), scheme === "dark" ? "#191918" : "#fff");
			await page.waitForFunction((s) => document.querySelector("parley-comments").shadowRoot.querySelector("section.w")?.dataset.theme === s, scheme);
			await page.waitForTimeout(150);
			await shot(page, `readers-${name}-${width}-${scheme}`);
			assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} scrolls sideways at ${width}`);
			if (width === 320) continue;
			const found = await page.evaluate(async () => {
				const r = await axe.run(document.querySelector("parley-comments"), { rules: { region: { enabled: false } } });
				return r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.flat().at(-1)} ${n.any[0]?.message ?? ""}`).slice(0, 3).join(" | ")}`);
			});
			assert.deepEqual(found, [], `${name}, ${width} ${scheme}`);
		}
	}
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
	await page.evaluate(() => (document.body.style.background = "#fff"));
}

test("readers react in the place of votes: one press, own ones marked, live for the others", async () => {
	await settings({ reactions: ["agree", "thanks", "insightful", "funny", "surprising", "sad"] });
	const id = idOf(await post(bo, "/r-react", "I finish at St Anne's at 01:40. Today that means a fifty-minute night bus round the basin."));
	await post(bo, "/r-react", "Only from Eastgate: the annex shows nothing calling at the Old Pier between 01:00 and 04:30.");
	await api("PUT", `/api/v1/comments/${id}/reactions/thanks`, { on: true }, ada);
	const page = await visit(browser, "/r-react");
	const other = await visit(browser, "/r-react");
	await signIn(page);
	const group = comment(page, id).getByRole("group", { name: "Reactions" });
	await group.getByRole("button", { name: "Thank you: 1" }).waitFor();
	assert.equal(await comment(page, id).getByRole("button", { name: "Vote up" }).count(), 0, "never beside votes");
	await group.getByRole("button", { name: "Agree: 0" }).click();
	await group.getByRole("button", { name: "Agree: 1", pressed: true }).waitFor();
	await group.getByRole("button", { name: "React", exact: true }).click();
	const menu = page.getByRole("menu", { name: "React" });
	await menu.waitFor();
	await clean(page, "reactions");
	assert.equal(await menu.getByRole("menuitemcheckbox", { name: "Agree", checked: true }).count(), 1);
	await menu.getByRole("menuitemcheckbox", { name: "Funny" }).click();
	await group.getByRole("button", { name: "Funny: 1", pressed: true }).waitFor();
	await comment(other, id).getByRole("button", { name: "Agree: 1" }).waitFor(); // live, without a press
	await comment(other, id).getByRole("button", { name: "Funny: 1" }).waitFor();
	await group.getByRole("button", { name: "Agree: 1" }).press("Enter");
	await group.getByRole("button", { name: "Agree: 0", pressed: false }).waitFor();
	assert.equal(await page.evaluate(() => document.querySelector("parley-comments").shadowRoot.activeElement?.dataset.name), "agree", "the focus stays");

	// The page itself, and after a visit anew.
	const article = page.getByRole("group", { name: "What did this article do for you?" });
	await article.getByRole("button", { name: "Agree: 0" }).click();
	await article.getByRole("button", { name: "Agree: 1", pressed: true }).waitFor();
	await other.getByRole("group", { name: "What did this article do for you?" }).getByRole("button", { name: "Agree: 1" }).waitFor();
	await page.reload();
	await article.getByRole("button", { name: "Agree: 1", pressed: true }).waitFor();
	await comment(page, id).getByRole("button", { name: "Funny: 1", pressed: true }).waitFor();
	assert.deepEqual([...page.problems, ...other.problems], []);
});

test("one who reacts before signing in signs in first, and the reaction counts then", async () => {
	const id = idOf(await post(bo, "/r-first", "To be reacted to by whoever comes"));
	const page = await visit(browser, "/r-first");
	await comment(page, id).getByRole("button", { name: "Agree: 0" }).click();
	await page.getByRole("dialog", { name: "Sign in to react" }).waitFor();
	assert.deepEqual(page.problems, []);
});

test("a reader searches as he types, goes to what is found and comes back", async () => {
	await settings({ reactions: [] });
	const root = idOf(await post(bo, "/r-find", "That gap is dredging, and it closes in February. We've marked it on the map."));
	const reply = idOf(await post(ann, "/r-find", "Then say so on the timetable as well. Nobody standing on the pier at one in the morning is reading the map.", root));
	await post(ann, "/r-find", "Please publish the winter timetables early enough that ward rosters can be built around them.");
	for (let i = 0; i < 25; i++) await post(bo, "/r-find", `One of the others ${i}`);
	const page = await visit(browser, "/r-find");
	await page.getByRole("button", { name: "Search comments" }).click();
	const field = page.getByRole("combobox", { name: "Search comments" });
	await field.waitFor();
	await page.keyboard.type("timeta");
	const results = page.locator(".fd-l li");
	await results.nth(1).waitFor();
	assert.deepEqual(await results.locator("mark").allTextContents(), ["timetables", "timetable"]);
	await clean(page, "search");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowDown");
	await page.locator(".fd-n", { hasText: "2 of 2" }).waitFor();
	await page.keyboard.press("Enter");
	await comment(page, reply).locator("xpath=self::*[contains(@class,'target')]").waitFor();
	assert.ok(await comment(page, reply).isVisible());
	await clean(page, "search-there");
	await page.keyboard.press("Escape"); // back to what was found
	await results.first().waitFor();
	await field.fill("from:ann");
	await page.getByRole("option", { name: "Ann Lee" }).waitFor();
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	assert.equal(await field.inputValue(), 'from:"Ann Lee" ');
	await until("Ann's are found", async () => (await results.count()) === 2);
	await field.fill("hovercraft");
	await page.getByRole("heading", { name: "No comment says “hovercraft”" }).waitFor();
	await clean(page, "search-none");
	assert.match(await page.getByRole("link", { name: /^Search all of/ }).getAttribute("href"), /\/p\/news\?q=hovercraft$/);
	await field.fill("has:legs");
	await page.getByText("The search didn't work.").first().waitFor();
	await page.keyboard.press("Escape");
	await page.locator(".list article.c").first().waitFor();
	assert.equal(await field.count(), 0);
	assert.deepEqual(page.problems, []);
});

test("a reader who has taken part finds what is new since the last visit; of a mere reader nothing is kept", async () => {
	const old = idOf(await post(bo, "/r-new", "Written before the visit"));
	const page = await visit(browser, "/r-new");
	await comment(page, old).waitFor();
	await page.waitForTimeout(500);
	assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), [], "nothing is kept of a mere reader");
	await signIn(page);
	const key = await page.evaluate(() => Object.keys(localStorage).find((k) => k.startsWith("parley:seen:")));
	assert.ok(key);
	await page.evaluate((k) => localStorage.setItem(k, JSON.stringify({ last: Date.now() - 3_600_000 })), key);
	const away = await page.context().newPage();
	await page.goto("about:blank");
	await away.close();
	// The page noted its end: the visit is set back by hand, as the clock would.
	const next = await page.context().newPage();
	await next.goto(`${NEWS}/r-new`);
	await next.evaluate((k) => localStorage.setItem(k, JSON.stringify({ before: 0, last: Date.now() - 3_600_000 })), key);
	await next.goto("about:blank");
	const one = idOf(await post(bo, "/r-new", "The first new one"));
	const two = idOf(await post(bo, "/r-new", "A new answer", old));
	await next.goto(`${NEWS}/r-new`);
	await next.getByRole("heading", { name: /^3 new since/ }).waitFor(); // the one before was written within that hour, too
	await comment(next, one).getByText("New", { exact: true }).waitFor();
	await comment(next, two).getByText("New", { exact: true }).waitFor();
	await clean(next, "unread");
	await next.getByRole("button", { name: "Next new comment" }).click();
	await next.getByRole("heading", { name: /^2 new since/ }).waitFor();
	await next.keyboard.press("n");
	await next.keyboard.press("n");
	await next.getByRole("heading", { name: "You're up to date" }).waitFor();
	await next.getByRole("heading", { name: "All comments" }).waitFor();
});

test("pinned comments stand above, picks follow, or have a tab", async () => {
	const ids = [];
	for (let i = 0; i < 6; i++) ids.push(idOf(await post(bo, "/r-pins", `Comment number ${i} of six that say something`)));
	await decide(ids[1], "pin");
	await decide(ids[2], "feature");
	const page = await visit(browser, "/r-pins");
	await comment(page, ids[1]).getByText("Pinned").waitFor();
	const order = () => page.locator("ol.top > li > article.c").evaluateAll((all) => all.map((a) => a.id.slice(7)));
	assert.deepEqual((await order()).slice(0, 2), [ids[1], ids[2]]);
	await clean(page, "pinned");
	await settings({ picks: "tab" });
	await page.reload();
	const tabs = page.getByRole("radiogroup", { name: "What is shown" });
	await tabs.getByRole("radio", { name: "Editors' picks" }).click();
	await until("picks alone", async () => JSON.stringify(await order()) === JSON.stringify([ids[2]]));
	await clean(page, "picks");
	await page.keyboard.press("ArrowLeft");
	await until("all of them", async () => (await order()).length === 6);
	await settings({ picks: "first" });
	assert.deepEqual(page.problems, []);
});
