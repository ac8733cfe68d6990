// What the dashboard must never do to who works in it: lose what is typed, or take the focus away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, SERVER, api, control, launch, post, token } from "./stage.mjs";

let browser;
let mo; // another moderator, as a program
let bo; // the person that everything is about
const site = "/api/v1/sites/news/moderation";
before(async () => {
	browser = await launch();
	for (const [email, name, role] of [
		["mo@example.com", "Mo Moderator", "moderator"],
		["ad@example.com", "Ada Admin", "admin"],
	])
		await control(
			"/run",
			["user", "add", "--site", "news", "--email", email, "--name", name, "--password", PASSWORD, "--role", role].join("\n"),
		);
	await post(await token("ann@example.com"), "/ferries", "The first boat leaves at half past five.");
	await post(await token("bo@example.com"), "/ferries", "It was full all week.");
	mo = await token("mo@example.com");
	bo = (await api("GET", `${site}/people?q=bo+berg`, undefined, mo)).body.people[0].id;
});
after(() => browser.close());

async function dashboard(query) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	await page.goto(`${SERVER}/dashboard/?site=news&${query}`);
	await page.getByLabel("Email").fill("ad@example.com");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.locator("h1").waitFor();
	return page;
}

const act = (name, body) => api("POST", `${site}/people/${bo}/${name}`, body, mo);
const focused = (locator) => locator.evaluate((e) => e === document.activeElement || e.contains(document.activeElement));

test("what is typed in a person's drawer outlives every act, one's own and others'", async () => {
	const page = await dashboard("screen=people&q=bo+berg");
	const row = page.locator("tbody tr button");
	await row.focus();
	await page.keyboard.press("Enter");
	const drawer = page.getByRole("complementary");
	const note = drawer.getByLabel("Add a note for other moderators");
	await note.waitFor();
	assert.ok(await focused(row), "the row that was pressed keeps the focus");

	await note.fill("Half a thou");
	await drawer.getByLabel("Reason they'll see").fill("Half a reason");
	await drawer.getByLabel("Trust, set by hand").selectOption("regular");
	await page.locator(".toast").getByText("Saved").waitFor();
	assert.equal(await note.inputValue(), "Half a thou");

	await act("note", { text: "Seen elsewhere." });
	await drawer.getByText("Someone just changed something here.").waitFor();
	assert.equal(
		await drawer.locator(".note2").filter({ hasText: "Seen elsewhere." }).count(),
		0,
		"nothing moves under who is at work",
	);
	await drawer.getByRole("button", { name: "Show", exact: true }).click();
	await drawer.locator(".note2").filter({ hasText: "Seen elsewhere." }).waitFor();
	assert.equal(await note.inputValue(), "Half a thou");
	assert.equal(await drawer.getByLabel("Reason they'll see").inputValue(), "Half a reason");

	await note.fill("A whole thought.");
	await drawer.getByRole("button", { name: "Save note" }).click();
	await drawer.locator(".note2").filter({ hasText: "A whole thought." }).waitFor();
	assert.equal(await note.inputValue(), "");
	assert.equal(await drawer.getByLabel("Reason they'll see").inputValue(), "Half a reason");
	await note.press("Escape");
	assert.ok(await drawer.isVisible(), "Esc does not throw away half a reason");
	await drawer.getByRole("button", { name: "Close" }).click();
	await drawer.waitFor({ state: "hidden" });
	assert.ok(await focused(row), "a drawer that closes gives the focus to its row");
	assert.deepEqual(page.problems, []);
	await page.context().close();
});

test("rules that are typed are asked about before they are left, and not loaded over", async () => {
	const page = await dashboard("screen=rules");
	const banned = page.locator("#w-banned");
	await banned.fill("half a wo");
	await page.getByRole("heading", { level: 1 }).click(); // the focus is elsewhere
	const rules = (await api("GET", `${site}/rules`, undefined, mo)).body;
	const saved = await api(
		"PUT",
		`${site}/rules`,
		{ version: rules.version, banned: [{ word: "theirs", lang: "" }], suspect: [], rules: [] },
		mo,
	);
	assert.equal(saved.status, 200);
	await page.getByText("Someone else saved these in the meantime.").waitFor();
	assert.equal(await banned.inputValue(), "half a wo");

	const dialog = page.getByRole("dialog");
	await page.keyboard.press("?");
	await dialog.getByRole("switch").click();
	await dialog.getByRole("switch").click();
	await dialog.getByRole("button", { name: "Close" }).click();
	assert.equal(await banned.inputValue(), "half a wo", "help discards nothing");

	await page.locator(".nav").getByRole("link", { name: "People" }).click();
	await dialog.getByText("Leave without saving?").waitFor();
	await dialog.getByRole("button", { name: "Cancel" }).click();
	assert.match(page.url(), /screen=rules/);
	assert.equal(await banned.inputValue(), "half a wo");
	await page.getByRole("button", { name: "Load theirs, discard mine" }).click();
	await page.waitForFunction(() => document.querySelector("#w-banned")?.value === "theirs");

	await banned.fill("mine");
	await page.getByRole("button", { name: "Save words and rules" }).click();
	await page.locator(".toast").getByText("Words and rules saved").waitFor();
	await page.locator(".nav").getByRole("link", { name: "People" }).click();
	await page.waitForURL(/screen=people/);
	assert.deepEqual(page.problems, []);
	await page.context().close();
});

test("the log says how many acts are new, and stays where it is", async () => {
	const page = await dashboard("screen=audit");
	const acts = page.locator(".auditl > li");
	await acts.first().waitFor();
	let asked = 0;
	page.on("request", (r) => /moderation\/audit\?/.test(r.url()) && asked++);
	const queue = await dashboard("screen=queue"); // somebody goes through the inbox
	await page.getByLabel("Kind").focus();
	await act("note", { text: "For the log." });
	const arrivals = page.getByRole("button", { name: "1 new, show" });
	await arrivals.waitFor();
	assert.equal(asked, 0);
	assert.ok(await focused(page.getByLabel("Kind")));
	await arrivals.click();
	await page.waitForFunction(() => document.activeElement === document.querySelector(".auditl > li"));
	assert.equal(asked, 1);
	assert.deepEqual([...page.problems, ...queue.problems], []);
	await queue.context().close();
	await page.context().close();
});

test("a date that is typed counts once it is whole, and the focus stays in the filters", async () => {
	const page = await dashboard("screen=audit");
	await page.locator(".auditl > li").first().waitFor(); // the list has come
	await page.waitForLoadState("networkidle");
	const from = page.getByLabel("From");
	await from.focus();
	await page.keyboard.type("11242026");
	assert.doesNotMatch(page.url(), /from=/, "not at the first digit of the year");
	assert.equal(await from.inputValue(), "2026-11-24");
	assert.ok(await focused(from));
	await page.keyboard.press("Enter");
	await page.waitForURL(/from=2026-11-24/);
	assert.ok(await focused(page.getByLabel("From")));

	await page.getByLabel("Kind").focus();
	await page.getByLabel("Kind").selectOption("person");
	await page.waitForURL(/kind=person/);
	assert.ok(await focused(page.getByLabel("Kind")), "the filter that was changed keeps the focus");
	assert.deepEqual(page.problems, []);
	await page.context().close();
});

test("the rail stays: a link keeps the focus, a menu outlives news, its button closes it", async () => {
	const page = await dashboard("screen=queue");
	const people = page.locator(".nav").getByRole("link", { name: "People" });
	await people.focus();
	await page.keyboard.press("Enter");
	await page.waitForURL(/screen=people/);
	assert.ok(await focused(people));

	const button = page.getByRole("button", { name: "Your account" });
	await button.click();
	const menu = page.getByRole("menu");
	const counted = page.waitForResponse(/moderation\/counts/);
	await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
	await post(await token("bo@example.com"), "/ferries", "This one waits.");
	await counted;
	await page.locator(".nav .n").getByText("1", { exact: true }).first().waitFor();
	assert.ok(await menu.isVisible(), "news does not close a menu");
	await button.click();
	await menu.waitFor({ state: "detached" });

	await page.goto(`${SERVER}/dashboard/?site=news&screen=people&filter=bans`);
	await page.getByRole("radio", { name: "All" }).focus();
	await page.keyboard.press("ArrowRight");
	await page.waitForURL(/kind=person/);
	assert.ok(await focused(page.locator('.bar [role=radio][data-value="person"]')), "arrows go on from where they are");
	assert.deepEqual(page.problems, []);
	await page.context().close();
});

test("settings show what holds: a refusal, an emptied number, a secret taken away", async () => {
	const page = await dashboard("screen=settings");
	await page.getByLabel("Slow mode").waitFor();
	const settings = async () => (await api("GET", "/api/v1/sites/news/settings", undefined, await token("ad@example.com"))).body;
	const before = await settings();

	// A refusal without a word of ours, as a proxy in front gives it.
	await page.route("**/settings", (r) =>
		r.request().method() === "PATCH"
			? r.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" })
			: r.continue(),
	);
	await page.getByLabel("Slow mode").selectOption("60");
	await page.getByText("the server didn't answer").first().waitFor();
	assert.equal(await page.getByLabel("Slow mode").inputValue(), String(before.slow_seconds));
	const other = before.mode === "links" ? "guests" : "links";
	await page.locator(`input[name=mode][value=${other}]`).click();
	await page.locator(`input[name=mode][value=${before.mode}]:checked`).waitFor();
	await page.unroute("**/settings");

	const links = page.getByLabel("Links", { exact: false }).and(page.locator("input[type=number]")).first();
	await links.fill("");
	await links.blur();
	assert.equal(await links.inputValue(), String(before.max_links));
	assert.equal((await settings()).max_links, before.max_links);

	const key = page.locator("#set-scorer_key");
	await key.fill("very-secret");
	await key.blur();
	const remove = page.locator(".field", { has: key }).getByRole("button", { name: /^Remove/ });
	await remove.click();
	await remove.waitFor({ state: "hidden" });
	assert.equal((await settings()).scorer_key.set, false);
	assert.ok(await focused(key));

	await page.getByRole("button", { name: "Set up: Google" }).click();
	const google = page.locator("#way-google");
	await google.getByLabel("Client id").fill("client-1");
	await google.getByLabel("Client secret").fill("very-secret");
	await google.getByRole("button", { name: "Save" }).click();
	const manage = page.getByRole("button", { name: "Manage: Google" });
	await manage.waitFor();
	assert.ok(await focused(manage), "a form that is gone gives the focus to its button");
	assert.deepEqual(page.problems, []);
	await page.context().close();
});

test("a thread that is not on the page has a drawer that closes; forced colours show what is chosen", async () => {
	const page = await dashboard("screen=threads&thread=zzzz");
	const drawer = page.getByRole("complementary");
	await drawer.getByText("This thread isn't in the part of the list that is loaded.").waitFor();
	await drawer.getByRole("button", { name: "Close" }).click();
	await drawer.waitFor({ state: "hidden" });

	await page.goto(`${SERVER}/dashboard/?site=news&screen=people&filter=bans`);
	await page.emulateMedia({ forcedColors: "active" });
	const outline = (at) =>
		page
			.locator(at)
			.first()
			.evaluate((e) => getComputedStyle(e).outlineStyle);
	await page.locator(".ftabs > .on").waitFor();
	assert.deepEqual([await outline('.seg > [aria-checked="true"]'), await outline(".ftabs > .on")], ["solid", "solid"]);
	assert.deepEqual(page.problems, []);
	await page.context().close();
});
