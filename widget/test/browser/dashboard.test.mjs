// The moderators' page, on the server's own origin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { PASSWORD, SERVER, api, control, launch, post, shot, token } from "./stage.mjs";

let browser;
before(async () => {
	browser = await launch();
	await control(
		"/run",
		[
			"user",
			"add",
			"--site",
			"news",
			"--email",
			"mo@example.com",
			"--name",
			"Mo Moderator",
			"--password",
			PASSWORD,
			"--role",
			"moderator",
		].join("\n"),
	);
	const ann = await token("ann@example.com");
	const bo = await token("bo@example.com");
	const root = await post(ann, "/ferries", "The first boat leaves at half past five, and it was **full** all week.");
	const rude = await post(bo, "/ferries", "Nobody asked you.", root.id);
	await api("POST", `/api/v1/comments/${rude.id}/reports`, { reason: "abuse", note: "He does this in every thread." }, ann);
	await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
	for (let i = 1; i <= 4; i++)
		await post(
			i % 2 ? ann : bo,
			"/ferries",
			`Held comment number ${i}, with a link to [the timetable](https://example.com/${i}).`,
		);
});
after(() => browser.close());

async function dashboard(options = {}, path = "/dashboard/") {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	page.on("console", (m) => m.type() === "error" && !/status of 4|net::ERR/.test(m.text()) && page.problems.push(m.text()));
	await page.goto(SERVER + path);
	return page;
}

async function signIn(page, email) {
	await page.getByLabel("E-mail").fill(email);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
}

const item = (page, text) => page.locator(".k").filter({ hasText: text });
const shown = async (text) =>
	(await api("GET", "/api/v1/sites/news/comments?thread=/ferries&view=flat&limit=100")).body.comments.filter((c) =>
		c.html.includes(text),
	).length;

test("who moderates nothing is told so", async () => {
	const page = await dashboard();
	await signIn(page, "ann@example.com");
	await page.getByText("This account moderates no site.").waitFor();
	await page.getByRole("button", { name: "Sign out" }).click();
	await page.getByRole("heading", { name: "Sign in to moderate" }).waitFor();
	await page.getByLabel("E-mail").fill("mo@example.com");
	await page.getByLabel("Password").fill("wrong password");
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("alert").waitFor();
	assert.deepEqual(page.problems, []);
});

test("a moderator decides by button and by key, and takes it back", async () => {
	const page = await dashboard();
	await signIn(page, "mo@example.com");
	await item(page, "number 4").waitFor();
	const wrong = [];
	for (const screen of [
		"queue",
		"comments",
		"people",
		"people&filter=bans",
		"people&filter=bans&new=1",
		"threads",
		"rules",
		"audit",
	])
		for (const [width, scheme] of [
			[1280, "light"],
			[1280, "dark"],
			[390, "light"],
			[390, "dark"],
		]) {
			await page.setViewportSize({ width, height: 900 });
			await page.emulateMedia({ colorScheme: scheme });
			await page.goto(`${SERVER}/dashboard/?site=news&screen=${screen}`);
			await page.locator("h1").waitFor();
			await page.waitForLoadState("networkidle").catch(() => {});
			await shot(page, `dashboard-${screen.replace(/\W+/g, "-")}-${width}-${scheme}`);
			assert.ok(
				await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
				`${screen} at ${width}: nothing sticks out`,
			);
			wrong.push(...(await axe(page)).map((v) => `${screen} at ${width} ${scheme}: ${v}`));
		}
	assert.deepEqual(wrong, []);
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.goto(`${SERVER}/dashboard/?site=news&state=pending&order=oldest`);
	await item(page, "number 1").waitFor();

	assert.equal(await shown("number 1"), 0);
	await page.keyboard.press("a");
	await page.locator(".toast").getByText("Approved: Ann Lee").waitFor();
	assert.equal(await shown("number 1"), 1);
	await page.keyboard.press("u");
	await page.getByText("Undone: 1 comment is back").first().waitFor();
	assert.equal(await shown("number 1"), 0);
	await item(page, "number 1").getByRole("button", { name: "Approve" }).click();
	await page.locator(".toast").getByText("Approved: Ann Lee").waitFor();

	await page.keyboard.press("r"); // the next one is chosen: number 2
	await page.locator(".toast").getByText("Rejected: Bo Berg").waitFor();
	await page.keyboard.press("j");
	await page.keyboard.press("s"); // number 4
	await page.locator(".toast").getByText("Marked as spam: Bo Berg").waitFor();
	assert.deepEqual(await page.locator(".k").count(), 1);
	assert.deepEqual([await shown("number 2"), await shown("number 4")], [0, 0]);

	await page.getByRole("button", { name: /^Decided/ }).click();
	await item(page, "number 2").click();
	await item(page, "number 2").getByRole("button", { name: "Restore" }).click();
	await page.locator(".toast").getByText("Restored: Bo Berg").waitFor();
	assert.equal(await shown("number 2"), 1);

	await page.getByRole("button", { name: /^Reported/ }).click();
	await item(page, "Nobody asked you.").getByText("Reported by 1 reader").waitFor();
	await item(page, "Nobody asked you.").getByText("He does this in every thread.").waitFor();
	await page.keyboard.press("d");
	await page.locator(".toast").getByText("Deleted: Bo Berg").waitFor();
	assert.equal(await shown("Nobody asked you."), 0);
	assert.deepEqual(page.problems, []);
});

test("a decision that was not taken puts the comment back", async () => {
	const page = await dashboard();
	await signIn(page, "mo@example.com");
	await item(page, "number 3").waitFor();
	await item(page, "number 3").click();
	await page.route("**/decisions", (r) => r.abort());
	await item(page, "number 3").getByRole("button", { name: "Approve" }).click();
	await item(page, "number 3").getByText("Not done: the server didn't answer").waitFor();
	await page.unroute("**/decisions");
	await item(page, "number 3").getByRole("button", { name: "Approve" }).click();
	await page.getByText("Nothing waiting.").waitFor();
	assert.equal(await shown("number 3"), 1);
	assert.deepEqual(page.problems, []);
});

test("bans of domains and ranges: by keyboard, live, lifted and taken back", async () => {
	const mo = await token("mo@example.com");
	const page = await dashboard({}, "/dashboard/?site=news&screen=people&filter=bans");
	await signIn(page, "mo@example.com");
	await page.getByText("Nobody is banned.").waitFor();
	await page.keyboard.press("n");
	const form = page.getByRole("complementary", { name: "New ban" });
	const domain = form.getByRole("textbox", { name: "E-mail domain" });
	assert.ok(await domain.evaluate((e) => e === document.activeElement), "the form opens on its first field");
	await domain.fill("not a domain");
	await form.getByRole("button", { name: "Advertising" }).click();
	await domain.press("Enter");
	await form.getByText("It must be a domain like spam.example.").waitFor();
	assert.equal(await domain.getAttribute("aria-invalid"), "true");
	assert.ok(await domain.evaluate((e) => e === document.activeElement), "the focus is on what is wrong");
	await domain.fill("Spam.example");
	await form.getByRole("radio", { name: "7 days" }).focus();
	await page.keyboard.press("ArrowLeft"); // 24 hours
	await form.getByRole("button", { name: "Ban for 24 hours" }).click();
	const ban = (text) => page.locator(".banl > li").filter({ hasText: text });
	await ban("spam.example").getByText("Advertising").waitFor();
	await ban("spam.example")
		.getByText(/^Mo Moderator/)
		.waitFor();

	await page.keyboard.press("n");
	await form.getByRole("radio", { name: "IP range" }).click();
	await form.locator("input.mono").fill("10.0.0.0/4");
	await form.getByLabel("Reason they'll see").fill("A brigade");
	await form.getByRole("radio", { name: "For good" }).click();
	await form.getByRole("button", { name: "Ban for good" }).click();
	await form.getByText(/^It is too wide/).waitFor();
	await form.locator("input.mono").fill("192.0.2.0/24");
	await form.getByRole("button", { name: "Ban for good" }).click();
	await ban("192.0.2.0/24").getByText("For good").waitFor();

	// Another moderator's ban waits behind a line; what he lifts says so and steps aside.
	const other = await api(
		"POST",
		"/api/v1/sites/news/moderation/bans",
		{ email_domain: "other.example", reason: "Elsewhere" },
		mo,
	);
	await page.getByRole("button", { name: "1 new, show" }).click();
	await ban("other.example").waitFor();
	await api("DELETE", `/api/v1/sites/news/moderation/bans/${other.body.id}`, undefined, mo);
	await page.getByText("Lifted by Mo Moderator just now").waitFor();

	await page.getByRole("radio", { name: "Domains" }).click();
	await page.waitForURL(/kind=domain/);
	await ban("192.0.2.0/24").waitFor({ state: "detached" });
	await page.getByRole("button", { name: "Lift the ban of spam.example" }).click();
	await page.locator(".toast").getByText("Lifted: spam.example").waitFor();
	await page.getByText("No ban fits.").waitFor();
	await page.keyboard.press("u");
	await ban("spam.example").waitFor();
	const list = (await api("GET", "/api/v1/sites/news/moderation/bans", undefined, mo)).body.bans;
	assert.deepEqual(
		list.map((b) => [b.kind, b.what, b.by, b.until === null]),
		[
			["domain", "spam.example", "Mo Moderator", false],
			["range", "192.0.2.0/24", "Mo Moderator", true],
		],
	);
	await page.keyboard.press("/");
	await page.keyboard.type("192.0.2.9");
	await page.keyboard.press("Enter");
	await page.waitForURL(/q=192/);
	await page.goto(`${SERVER}/dashboard/?site=news&screen=people&filter=bans&q=192.0.2.9`);
	await ban("192.0.2.0/24").waitFor();
	assert.equal(await page.locator(".banl > li").count(), 1);
	assert.deepEqual(page.problems, []);
});
