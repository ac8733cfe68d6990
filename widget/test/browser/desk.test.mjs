// The desk as a moderator lives in it: who reported, the way back to one's place, the numbers of a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, SERVER, api, control, launch, post, shot, token, until } from "./stage.mjs";

let browser;
let ann;
let ada;
let reported;
let other;
const gang = [];
before(async () => {
	browser = await launch();
	await control(
		"/run",
		["user", "add", "--site", "news", "--email", "ad@example.com", "--name", "Ada Admin", "--password", PASSWORD, "--role", "admin"].join("\n"),
	);
	for (const n of [1, 2, 3]) {
		await control(
			"/run",
			["user", "add", "--site", "news", "--email", `g${n}@example.com`, "--name", `Gang ${n}`, "--password", PASSWORD, "--role", "member"].join("\n"),
		);
		gang.push(await token(`g${n}@example.com`));
	}
	ann = await token("ann@example.com");
	ada = await token("ad@example.com");
	reported = await post(ann, "/ferries", "A fair remark that a group dislikes.");
	other = await post(ann, "/ferries", "A second that a gang dislikes too.");
	for (const g of gang) await api("POST", `/api/v1/comments/${reported.id}/reports`, { reason: "spam", note: "" }, g);
	await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
	for (let i = 1; i <= 112; i++) await post(ann, "/ferries", `Held comment number ${i}. It says a little more than that.`);
});
after(() => browser.close());

async function desk(path, viewport = { width: 1280, height: 900 }) {
	const context = await browser.newContext({ viewport });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	page.heard = [];
	page.on("websocket", (ws) => ws.on("framereceived", (f) => page.heard.push(...JSON.parse(String(f.payload)).map((e) => e.type))));
	await page.goto(`${SERVER}/dashboard/?site=news&${path}`);
	await page.getByLabel("Email").fill("ad@example.com");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	return page;
}

for (const [width, height] of [
	[1280, 900],
	[390, 800],
])
	test(`back from a person leads to one's place in the list at ${width}`, async () => {
		const page = await desk("screen=queue&state=pending&order=oldest", { width, height });
		const card = page.locator(".k", { hasText: "number 104." });
		await page.locator(".k").first().waitFor();
		await page.getByRole("button", { name: "Show more", exact: true }).or(page.locator(".more button")).first().click();
		await card.waitFor();
		await card.scrollIntoViewIfNeeded();
		await card.locator(".k-b").click();
		const y = await page.evaluate(() => scrollY);
		assert.ok(y > 500);
		for (const leave of ["back", "close"]) {
			await card.locator("button.nm").click();
			await page.locator("aside .who b", { hasText: "Ann Lee" }).first().waitFor();
			await page.waitForURL(/person=/);
			if (leave === "back") await page.goBack();
			else await page.locator("aside:not([hidden])").getByRole("button", { name: "Close" }).click();
			await card.waitFor();
			await until("the place is where it was", async () => Math.abs((await page.evaluate(() => scrollY)) - y) < 4);
			assert.ok(await card.evaluate((e) => e.classList.contains("cur") && e === document.activeElement), `${leave}: the card has the focus`);
		}
		if (width === 390) {
			const badge = page.locator(".mbar .n").first();
			assert.equal(await badge.textContent(), "113");
			await shot(page, "desk-badge-390");
		}
		assert.deepEqual(page.problems, []);
	});

test("a brigade is seen on the card, discounted with the decision, and counted apart", async () => {
	const page = await desk("screen=queue&state=reported");
	const card = page.locator(".k", { hasText: "a group dislikes" });
	await card.getByText("Who reported it").click();
	const rows = card.locator(".rep-l li");
	await rows.nth(2).waitFor(); // drawn once it is open
	assert.equal(await rows.count(), 3);
	assert.match(await rows.first().textContent(), /Gang 1.*Spam or advertising|Gang 1/);
	assert.match(await rows.first().textContent(), /no earlier reports decided/);
	assert.match(await rows.first().textContent(), /Network A/);
	await shot(page, "desk-reporters-1280");
	await page.setViewportSize({ width: 390, height: 800 });
	await shot(page, "desk-reporters-390");
	await page.setViewportSize({ width: 1280, height: 900 });
	await card.getByRole("button", { name: "Keep and discount these reporters" }).click();
	await card.waitFor({ state: "detached" });
	await page.locator(".toast").getByText("Kept: Ann Lee. 3 reporters discounted for 30 days").waitFor();
	// What they report next is said for what it is worth, and they are not offered again.
	for (const g of gang) await api("POST", `/api/v1/comments/${other.id}/reports`, { reason: "abuse", note: "" }, g);
	const next = page.locator(".k", { hasText: "dislikes too" });
	await next.waitFor();
	await page.reload(); // it is there since the first of them
	await next.getByText("3 reports by discounted reporters").waitFor();
	await next.getByText("Who reported it").click();
	await next.locator(".rep-l li").nth(2).waitFor();
	assert.equal(await next.locator(".rep-l li").count(), 3);
	assert.equal(await next.getByText(/Reported by|from one network/).count(), 0);
	assert.equal(await next.getByRole("button", { name: /discount/ }).count(), 0);
	await shot(page, "desk-discounted-1280");
	const find = async (q) => (await api("GET", `/api/v1/sites/news/moderation/people?q=${q}`, undefined, ada)).body.people[0];
	const person = async (q) => (await api("GET", `/api/v1/sites/news/moderation/people/${(await find(q)).id}`, undefined, ada)).body;
	const victim = await person("Ann");
	assert.deepEqual([victim.reports, victim.reports_dismissed], [0, 3]);
	const one = await person("Gang%201");
	assert.deepEqual([one.reports_made, one.reports_agreed], [1, 0]);
	assert.ok(Date.parse(one.reports_discounted_until) > Date.now());
	await page.goto(`${SERVER}/dashboard/?site=news&screen=people&person=${victim.id}`);
	await page.getByText("3 more reports were dismissed.").waitFor();
	await shot(page, "desk-victim-1280");
	await api("PATCH", "/api/v1/sites/news/settings", { max_length: 200, name: "\u202EThe Lantern" }, ada);
	const rules = (await api("GET", "/api/v1/sites/news/moderation/rules", undefined, ada)).body;
	await api("PUT", "/api/v1/sites/news/moderation/rules", { version: rules.version, banned: [{ word: "xylophone", lang: "" }], suspect: [], rules: [] }, ada);
	await page.goto(`${SERVER}/dashboard/?site=news&screen=audit`);
	await page.getByText("Lowered “Longest comment” from 3,000 to 200").waitFor();
	await page.getByText(/Added “.?xylophone.?” to the banned words/).waitFor();
	await shot(page, "desk-audit-1280");
	await page.getByText(/Ada Admin kept a comment by Ann Lee/).first().waitFor();
	await page.getByText(/Ada Admin discounted the reports of .*Gang 1/).first().waitFor();
	assert.deepEqual(page.problems, []);
});

test("a setting that is refused says why in plain words, and the list of sections follows the page", async () => {
	const page = await desk("screen=settings");
	const box = page.getByLabel("Longest comment");
	await box.fill("20000");
	await box.blur();
	await page.getByText("It must be 2 to 10,000.").waitFor();
	assert.equal(await page.getByText("max_length").count(), 0);
	const marked = () => page.locator(".snav a[aria-current]").textContent();
	await page.mouse.wheel(0, -9000);
	await until("the first is marked at the top", async () => (await marked()) === "Install");
	await page.evaluate(() => scrollTo(0, document.querySelector("#taking").getBoundingClientRect().top + scrollY - 80));
	await until("the one that is read is marked", async () => (await marked()) === "Commenting");
	await page.locator(".snav a", { hasText: "Reports" }).click();
	await page.waitForTimeout(300);
	assert.equal(await marked(), "Reports");
	await page.locator(".snav a", { hasText: "Services" }).click();
	await page.waitForTimeout(300);
	assert.equal(await marked(), "Services");
	assert.deepEqual(page.problems, []);
});

test("Back closes what stands beside a list, and Forward opens it again", async () => {
	for (const [path, row, inside] of [
		["screen=people", "Ann Lee", "Ann Lee"],
		["screen=threads", "/ferries", "Ferries"],
	]) {
		const page = await desk(path);
		const line = page.locator("tbody tr", { hasText: row }).first();
		await line.waitFor();
		await page.evaluate(() => {
			window.still = document.querySelector("tbody");
		});
		await line.click();
		const aside = page.locator("aside.drw");
		await aside.getByText(inside).first().waitFor();
		const opened = page.url();
		await page.goBack();
		await aside.waitFor({ state: "hidden" });
		assert.ok(await page.evaluate(() => window.still.isConnected), "the list is the one that was there");
		assert.ok(await line.evaluate((e) => e.contains(document.activeElement)), "the row has the focus");
		await page.goForward();
		await aside.getByText(inside).first().waitFor();
		assert.equal(page.url(), opened);
		await aside.getByRole("button", { name: "Close", exact: true }).click();
		await aside.waitFor({ state: "hidden" });
		assert.ok(!/person=|thread=/.test(page.url()));
		assert.deepEqual(page.problems, []);
		await page.context().close();
	}
	const page = await desk("screen=people&filter=bans");
	await page.getByRole("button", { name: "New ban" }).click();
	await page.getByRole("textbox", { name: "Email domain" }).waitFor();
	await page.goBack();
	await page.getByRole("textbox", { name: "Email domain" }).waitFor({ state: "hidden" });
	assert.match(page.url(), /filter=bans/);
	assert.deepEqual(page.problems, []);
});

test("back leads to one's place also where what is beside the list makes the page as long", async () => {
	const page = await desk("screen=queue&state=new", { width: 1280, height: 420 });
	await page.locator(".k").first().waitFor();
	await page.locator("aside.pane .trust").waitFor();
	await page.evaluate(() => scrollTo(0, 9999));
	await page.waitForTimeout(200);
	const y = await page.evaluate(() => scrollY);
	assert.ok(y > 100, `the page is long enough: ${y}`);
	await page.evaluate(() => document.querySelector(".k.cur button.nm").click());
	await page.waitForURL(/person=/);
	await page.goBack();
	await page.locator(".k").first().waitFor();
	await until("the place is where it was", async () => Math.abs((await page.evaluate(() => scrollY)) - y) < 4);
	assert.deepEqual(page.problems, []);
});

test("lists keep their place, and what is typed beside them, when something comes", async () => {
	await control(
		"/run",
		["user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo Moderator", "--password", PASSWORD, "--role", "moderator"].join("\n"),
	);
	const mo = await token("mo@example.com");
	const at = "/api/v1/sites/news/moderation/";
	const person = async (q) => (await api("GET", `${at}people?q=${q}`, undefined, mo)).body.people[0].id;
	const [one, victim] = [await person("Ann"), await person("Gang%202")];
	const thread = (await api("GET", `${at}threads`, undefined, mo)).body.threads.find((x) => x.key === "/ferries").id;
	let turn = 0;
	/** happens is what others do meanwhile: a comment comes, one is decided, a person, a ban and a thread change. */
	const happens = async (page) => {
		turn++;
		const heard = page.heard.length;
		const held = await post(ann, "/ferries", `Meanwhile ${turn}, a word comes in.`);
		const ok = async (method, path, body) => assert.ok((await api(method, at + path, body, mo)).status < 300, path);
		await ok("POST", "decisions", [{ comment_id: held.id, action: "approve" }]);
		await ok("POST", `people/${one}/note`, { text: `Note ${turn}` });
		await ok("POST", `people/${victim}/ban`, { reason: "abuse" });
		await ok("POST", `people/${victim}/unban`, { reason: "" });
		await ok("PATCH", `threads/${thread}`, { slow_seconds: 30 * turn });
		const came = () => page.heard.slice(heard);
		await until("all of it came", () => ["waiting", "decided", "person", "thread"].every((type) => came().includes(type)));
		await page.waitForTimeout(700); // what is drawn after news is drawn by now
	};
	for (const [path, open, box] of [
		["screen=people", (page) => page.locator("tbody tr", { hasText: "Ann Lee" }).first().click(), (page) => page.getByLabel("Add a note for other moderators")],
		["screen=threads", (page) => page.locator("tbody tr", { hasText: "/ferries" }).first().click(), (page) => page.getByLabel("Title")],
		["screen=people&filter=bans", (page) => page.getByRole("button", { name: "New ban" }).click(), (page) => page.getByRole("textbox", { name: "Email domain" })],
	]) {
		const page = await desk(path, { width: 1280, height: 420 });
		await until("the desk is live", () => page.heard.includes("hello"));
		await page.locator("tbody tr, .banl, .empty").first().waitFor({ state: "attached" });
		const rows = () => page.locator("tbody tr, .banl > li").evaluateAll((all) => all.map((e) => e.dataset.id));
		// With nothing open beside it, the list stands where it stood.
		await page.evaluate(() => scrollTo(0, 90));
		const list = [await rows(), await page.evaluate(() => scrollY)];
		await happens(page);
		assert.deepEqual([await rows(), await page.evaluate(() => scrollY)], list, `${path}: the list has moved`);
		await open(page);
		const typed = box(page);
		await typed.fill("half a sentence.example");
		await typed.evaluate((e) => e.setSelectionRange(4, 9));
		const y = await page.evaluate(() => scrollY);
		await happens(page);
		assert.equal(await typed.inputValue(), "half a sentence.example", `${path}: what was typed`);
		assert.deepEqual(
			await typed.evaluate((e) => [e === document.activeElement, e.selectionStart, e.selectionEnd]),
			[true, 4, 9],
			`${path}: the cursor`,
		);
		assert.deepEqual([await rows(), await page.evaluate(() => scrollY)], [list[0], y], `${path}: the list has moved beside what is typed`);
		assert.deepEqual(page.problems, []);
		await page.context().close();
	}
});

test("the list of threads says how many wait, and not that they are many", async () => {
	const page = await desk("screen=threads");
	const cell = page.locator("tbody tr", { hasText: "/ferries" }).locator("td.num").nth(1);
	await until("it is the number", async () => Number((await cell.textContent()).replace(/\D/g, "")) >= 112 && !(await cell.textContent()).includes("+"));
	assert.deepEqual(page.problems, []);
});

test("a search that is not understood says what is wrong with it, and offers nothing to try again", async () => {
	const page = await desk("screen=comments&q=is:xyz");
	const said = page.locator(".alert");
	await said.getByText("“is:” takes published, held, rejected, spam, deleted or reported.", { exact: true }).waitFor();
	assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
	assert.equal(await page.getByText("could not be loaded").count(), 0);
	await shot(page, "desk-search-422");
	// So it is with every list: what was asked for is wrong, not the list.
	await page.route("**/moderation/people?*", (r) =>
		r.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ status: 422, code: "invalid", detail: "No.", errors: [{ field: "q", message: "must be shorter" }] }) }),
	);
	await page.goto(`${SERVER}/dashboard/?site=news&screen=people&q=x`);
	await said.getByText("It must be shorter.", { exact: true }).waitFor();
	assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
	await page.unroute("**/moderation/people?*");
	await page.route("**/moderation/people?*", (r) => r.fulfill({ status: 503, body: "" }));
	await page.reload();
	await page.getByText("The list could not be loaded.").waitFor();
	assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 1, "what may come another time is asked for again");
});

test("the lists are called what is in them", async () => {
	const spam = await post(ann, "/ferries", "Cheap pills for captains.");
	assert.equal((await api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: spam.id, action: "spam" }], ada)).body.results[0].ok, true);
	const page = await desk("screen=queue&state=rejected");
	await page.locator("nav.ftabs button.on", { hasText: "Rejected and spam" }).waitFor();
	await page.locator(".k", { hasText: "Cheap pills" }).waitFor();
	await page.locator("nav.ftabs button", { hasText: "Unseen spam" }).click();
	await page.getByText("No spam that nobody has looked at.").waitFor();
	assert.ok(["", "0"].includes(await page.locator('nav.ftabs [data-count="spam"]').textContent()), "number and list agree");
});

test("names and titles without a blank make no page wider", async () => {
	const long = "Donaudampfschifffahrt".repeat(15).slice(0, 300);
	assert.equal((await api("PATCH", "/api/v1/sites/news/settings", { max_length: 3000 }, ada)).status, 200);
	const made = await api("POST", "/api/v1/sites/news/comments", { thread: "/long", url: "https://news.test/long", title: long, body: `${long}${long}` }, ada);
	assert.equal(made.status, 201);
	const { id, thread_id } = made.body.comment;
	const name = "Wolkenkuckucksheimerin".repeat(2).slice(0, 40);
	await control("/run", ["user", "add", "--site", "news", "--email", "wo@example.com", "--name", name, "--password", PASSWORD, "--role", "member"].join("\n"));
	const wo = await token("wo@example.com");
	const held = (await api("POST", "/api/v1/sites/news/comments", { thread: "/long", body: long }, wo)).body.comment;
	const second = (await api("POST", "/api/v1/sites/news/comments", { thread: "/long", body: long, parent_id: id }, wo)).body.comment;
	const reason = long.slice(0, 200);
	assert.ok((await api("POST", `/api/v1/comments/${id}/reports`, { reason: "other", note: reason }, ann)).status < 300);
	const done = await api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: second.id, action: "reject", reason, note: long }], ada);
	assert.equal(done.body.results[0].ok, true);
	assert.equal((await api("PATCH", `/api/v1/sites/news/moderation/threads/${thread_id}`, { title: `${long.slice(0, 299)}!`, aliases: [`/${long}`] }, ada)).status, 200);
	const person = held.author.id;
	for (const [act, body] of [
		["note", { text: long }],
		["warn", { text: long }],
		["ban", { reason }],
	])
		assert.equal((await api("POST", `/api/v1/sites/news/moderation/people/${person}/${act}`, body, ada)).status, 200, act);

	const page = await desk("screen=comments", { width: 390, height: 800 });
	await page.locator(".k").first().waitFor();
	const fits = async (what) => {
		const wide = await page.evaluate(() => {
			const room = document.documentElement.clientWidth;
			if (document.documentElement.scrollWidth <= room) return "";
			const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1 && !e.closest(".tblw"));
			return `${document.documentElement.scrollWidth}: ${out.slice(-6).map((e) => `${e.tagName}.${e.className}`)}`;
		});
		assert.equal(wide, "", what);
	};
	for (const [screen, there] of [
		["comments", ".k"],
		["queue", ".k"],
		["queue&state=reported", ".k"],
		["queue&state=rejected", ".k"],
		["queue&state=decided", ".k"],
		["queue&state=new", ".k"],
		["threads", "tbody tr"],
		[`threads&thread=${thread_id}`, ".drw .in, aside .in"],
		["people", "tbody tr"],
		[`people&person=${person}`, "aside .who"],
		["bans", ".nm"],
		["audit", ".auditl li"],
	]) {
		for (const width of [390, 1280]) {
			await page.setViewportSize({ width, height: 800 });
			await page.goto(`${SERVER}/dashboard/?site=news&screen=${screen}`);
			await page.locator(there).first().waitFor({ timeout: 9000 }).catch(() => assert.fail(`${screen} at ${width} never came`));
			for (const d of await page.locator("summary").all()) await d.click().catch(() => {});
			await shot(page, `desk-long-${screen.replace(/\W+/g, "-").slice(0, 22)}-${width}`);
			await fits(`${screen} at ${width}`);
		}
	}
	await page.setViewportSize({ width: 390, height: 800 });
	await control("/run", ["site", "set", "news", "--hold", "none"].join("\n"));
	await api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: held.id, action: "approve" }], ada);
	for (const path of ["/p/news?thread=/long", `/p/news?thread=/long&reply=${held.id}`, `/p/news?thread=/long&notice=${held.id}`, "/account"]) {
		for (const javaScriptEnabled of [true, false]) {
			const context = await browser.newContext({ viewport: { width: 390, height: 800 }, javaScriptEnabled });
			const plain = await context.newPage();
			await plain.goto(SERVER + path);
			const wide = await plain.evaluate(() => document.documentElement.scrollWidth);
			await shot(plain, `desk-long-plain-${path.replace(/\W+/g, "-").slice(0, 30)}-${javaScriptEnabled}`);
			assert.ok(wide <= 390, `${path}, script ${javaScriptEnabled}: ${wide}`);
			await context.close();
		}
	}
});
