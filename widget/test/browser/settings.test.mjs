// A site's settings with several admins, its archive, its end, and other sites of the server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { api, control, launch, PASSWORD, post, SERVER, shot, token, until, visit } from "./stage.mjs";

let browser;
let al;
const add = (email, name, role, site = "news") =>
	control("/run", ["user", "add", "--site", site, "--email", email, "--name", name, "--password", PASSWORD, "--role", role].join("\n"));
before(async () => {
	browser = await launch();
	await add("ad@example.com", "Ada Admin", "admin");
	await add("al@example.com", "Al Other", "admin");
	await add("mo@example.com", "Mo Moderator", "moderator");
	al = await token("al@example.com");
	await post(await token("ann@example.com"), "/ferries", "The first boat leaves at half past five.");
});
after(() => browser.close());

/** open is the dashboard of somebody who has signed in. */
async function open(email, path) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	page.on("console", (m) => m.type() === "error" && !/status of 4|net::ERR/.test(m.text()) && page.problems.push(m.text()));
	await page.goto(`${SERVER}/dashboard/?${path}`);
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.locator("h1").waitFor();
	return page;
}

/** looks takes pictures at both widths and in both themes, and gives what is wrong there. */
async function looks(page, name) {
	const wrong = [];
	for (const width of [1280, 390]) {
		await page.setViewportSize({ width, height: 900 });
		for (const colorScheme of ["light", "dark"]) {
			await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await page.locator(`body[data-theme="${colorScheme}"]`).waitFor();
			await shot(page, `${name}-${width}-${colorScheme}`);
			if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wrong.push(`${name} at ${width}: something sticks out`);
			wrong.push(...(await axe(page)).map((v) => `${name} at ${width} ${colorScheme}: ${v}`));
		}
	}
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
	return wrong;
}

const set = async (body) => assert.equal((await api("PATCH", "/api/v1/sites/news/settings", body, al)).status, 200);

test("two admins and one setting: what a colleague set is followed, and never undone unseen", async () => {
	const page = await open("ad@example.com", "site=news&screen=settings");
	const links = page.getByLabel("Links in a comment");
	const row = page.locator(".rows > div").filter({ has: links });
	await links.waitFor();
	await set({ max_links: 5 });
	await until("the page follows", async () => (await links.inputValue()) === "5");
	await row.getByText(/^Changed by Al Other on /).waitFor();
	// Ada types, and Al is first: hers is not applied and not lost.
	await links.fill("9");
	await set({ max_links: 7 });
	await row.getByText(/^Changed by Al Other on /).waitFor();
	await links.blur();
	await row.getByText(/Al Other set this to “7”/).waitFor();
	await row.getByText("Your “9” was not applied.").waitFor();
	assert.equal(await links.inputValue(), "7");
	await row.scrollIntoViewIfNeeded();
	assert.deepEqual(await looks(page, "settings-conflict"), []);
	await row.getByRole("button", { name: "Set mine anyway" }).click();
	await until("hers holds", async () => (await links.inputValue()) === "9");
	await row.getByText(/^Changed by Ada Admin on /).waitFor();
	assert.equal(await row.locator(".clash").count(), 0);
	// A switch, and a choice to leave it.
	const guests = page.getByRole("switch", { name: "Let guests comment" });
	await set({ guests: true });
	await until("the switch follows", () => guests.isChecked());
	// A path, which is refused in words.
	const paths = page.getByLabel("Closed paths");
	await paths.fill("court");
	await paths.blur();
	await page.getByText("It must be at most 50 paths like /court/*").waitFor();
	await paths.fill("/court/*");
	await paths.blur();
	await until("it holds", async () => (await api("GET", "/api/v1/sites/news/settings", undefined, al)).body.closed_paths[0] === "/court/*");
	assert.deepEqual(page.problems, []);
});

test("a site is archived and opened again; readers and moderators see it at once", async () => {
	const reader = await visit(browser, "/ferries");
	await reader.getByText("The first boat leaves").waitFor();
	const mo = await open("mo@example.com", "site=news");
	const page = await open("ad@example.com", "site=news&screen=settings");
	await page.getByRole("switch", { name: "Archive" }).click();
	await page.getByText(/The Lantern has been archived since|has been archived since/).first().waitFor();
	await reader.locator(".closed").getByText("Read only for now").waitFor();
	await shot(reader, "archived-reader-1280");
	await mo.getByText(/has been archived since/).waitFor();
	await page.locator("#site").scrollIntoViewIfNeeded();
	assert.deepEqual(await looks(page, "settings-archived"), []);
	const late = await visit(browser, "/nobody-wrote-here");
	await late.locator(".closed").getByText("Read only for now").waitFor();
	await page.getByRole("switch", { name: "Archive" }).click();
	await reader.locator(".closed").getByText("Read only for now").waitFor({ state: "detached" });
	await mo.getByText(/has been archived since/).waitFor({ state: "detached" });
	assert.deepEqual([page.problems, mo.problems, reader.problems], [[], [], []]);
});

test("a site is deleted a day after its key was typed, and any admin calls it off", async () => {
	const page = await open("ad@example.com", "site=news&screen=settings");
	await page.getByRole("button", { name: "Delete…" }).click();
	const box = page.getByLabel("Type news to go on");
	await box.fill("nws");
	await page.getByRole("button", { name: "Delete in 24 hours" }).click();
	await page.getByRole("alert").filter({ hasText: "Type news to go on" }).waitFor();
	await shot(page, "settings-delete-1280");
	await box.fill("news");
	await page.getByRole("button", { name: "Delete in 24 hours" }).click();
	await page.getByText(/will be deleted on .* Until then it is read only\./).waitFor();
	await shot(page, "settings-deleting-1280");
	const other = await open("al@example.com", "site=news");
	await other.getByRole("button", { name: "Call it off" }).click();
	await page.locator(".standing .note").waitFor({ state: "detached" });
	await until("it stays", async () => (await api("GET", "/api/v1/sites/news/settings", undefined, al)).body.deletes_at === null);
	await page.getByText("Deletes every comment a day from now.").waitFor();
	assert.deepEqual([page.problems, other.problems], [[], []]);
});

test("an operator makes a site from the switcher, and what is wrong stands under its box", async () => {
	await add("op@example.com", "Opal Operator", "member");
	await control("/run", ["user", "operator", "op@example.com"].join("\n"));
	const page = await open("op@example.com", "site=news&screen=settings");
	await page.locator("nav.nav button.site").click();
	await page.getByRole("menuitem", { name: "New site…" }).click();
	await page.getByLabel("Site name").last().fill("Sport");
	await page.getByLabel("Key", { exact: true }).fill("Sport!");
	await page.getByLabel("Address of its pages").fill("https://sport.example");
	await page.getByRole("button", { name: "Make the site" }).click();
	await page.getByText("It must be 1 to 64 of a-z, 0-9 and -.").waitFor();
	assert.deepEqual(await looks(page, "site-new"), []);
	await page.getByLabel("Key", { exact: true }).fill("sport");
	await page.getByRole("button", { name: "Make the site" }).click();
	await page.waitForURL(/site=sport/);
	await page.getByText("Its key is sport").waitFor();
	assert.deepEqual(page.problems, []);
});

test("an operator sees the whole server, has a failed job tried again, and names another", async () => {
	const page = await open("op@example.com", "site=news&screen=server");
	await page.getByText("No mail relay is set").waitFor();
	await page.getByText("This server makes no backups by itself.").waitFor();
	await page.locator("#sites").getByText("The Lantern").waitFor();
	await page.locator("#operators").getByText("Opal Operator").waitFor();
	assert.deepEqual(await looks(page, "server"), []);
	await page.getByLabel("Another operator").fill("nobody@example.com");
	await page.locator("#operators").getByRole("button", { name: "Add" }).click();
	await page.getByText(/belongs to no account/).waitFor();
	await page.getByLabel("Another operator").fill("ad@example.com");
	await page.locator("#operators").getByRole("button", { name: "Add" }).click();
	await page.locator("#operators").getByText("Ada Admin").waitFor();
	await page.getByRole("button", { name: "Remove Ada Admin from the operators" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
	await page.locator("#operators").getByText("Ada Admin").waitFor({ state: "detached" });
	await page.getByRole("button", { name: "Remove Opal Operator from the operators" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
	await page.getByText("nobody left who runs it").waitFor();
	await page.locator("nav.nav").getByRole("link", { name: "Server" }).waitFor();
	const admin = await open("al@example.com", "site=news&screen=server");
	await admin.getByRole("heading", { name: "Queue" }).waitFor(); // not for admins of a site
	assert.deepEqual([page.problems, admin.problems], [[], []]);
});

test("the settings show how long things are kept, and lead to the page that tells readers", async () => {
	const page = await open("ad@example.com", "site=news&screen=settings");
	await page.locator("#retention").getByText("Comments that were rejected").waitFor();
	await page.locator("#retention").scrollIntoViewIfNeeded();
	assert.deepEqual(await looks(page, "settings-retention"), []);
	const [told] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("link", { name: "Privacy page" }).click()]);
	await told.getByRole("heading", { name: "How long things are kept" }).waitFor();
	for (const [width, colorScheme] of [
		[1280, "light"],
		[390, "dark"],
	]) {
		await told.setViewportSize({ width, height: 900 });
		await told.emulateMedia({ colorScheme });
		assert.deepEqual(await axe(told), []);
		await shot(told, `privacy-${width}-${colorScheme}`);
		assert.equal(await told.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
	}
	assert.deepEqual(page.problems, []);
});
