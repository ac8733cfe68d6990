// The moderators' page, on the server's own origin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { PASSWORD, SERVER, api, control, launch, post, shot, token, until } from "./stage.mjs";

let browser;
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
	await page.getByLabel("Email").fill(email);
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
	await page.getByText("This account doesn't moderate any site.").waitFor();
	await page.getByRole("button", { name: "Sign out" }).click();
	await page.getByRole("heading", { name: "Sign in to moderate" }).waitFor();
	await page.getByLabel("Email").fill("mo@example.com");
	await page.getByLabel("Password").fill("wrong password");
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("alert").waitFor();
	assert.deepEqual(page.problems, []);
});

/** look takes a picture of screens at both widths in both themes, and gives what is wrong there. */
async function look(page, screens) {
	const wrong = [];
	for (const screen of screens)
		for (const width of [1280, 390]) {
			await page.setViewportSize({ width, height: 900 });
			await page.goto(`${SERVER}/dashboard/?site=news&screen=${screen}`);
			await page.locator("h1").waitFor();
			await page.waitForLoadState("networkidle").catch(() => {});
			for (const colorScheme of ["light", "dark"]) {
				const at = `${screen} at ${width} ${colorScheme}`;
				await page.emulateMedia({ colorScheme, reducedMotion: "reduce" }); // colours that are on their way are no colours
				await page.locator(`body[data-theme="${colorScheme}"]`).waitFor();
				await shot(page, `dashboard-${screen.replace(/\W+/g, "-")}-${width}-${colorScheme}`);
				if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
					wrong.push(`${at}: something sticks out`);
				wrong.push(...(await axe(page)).map((v) => `${at}: ${v}`));
			}
		}
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
	return wrong;
}

test("a moderator decides by button and by key, and takes it back", async () => {
	const page = await dashboard();
	await signIn(page, "mo@example.com");
	await item(page, "number 4").waitFor();
	const mo = await token("mo@example.com");
	const { people } = (await api("GET", "/api/v1/sites/news/moderation/people", undefined, mo)).body;
	const { threads } = (await api("GET", "/api/v1/sites/news/moderation/threads", undefined, mo)).body;
	const screens = [
		"queue",
		"queue&state=reported",
		"queue&state=decided",
		"comments",
		"people",
		`people&person=${people[0].id}`,
		"people&filter=bans",
		"people&filter=bans&new=1",
		"threads",
		`threads&thread=${threads[0].id}`,
		"rules",
		"audit",
	];
	assert.deepEqual(await look(page, screens), []);
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
	await page.getByRole("toolbar", { name: "Reason for rejecting" }).waitFor();
	await page.keyboard.press("2");
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

test("two who work on one inbox see which comment the other reads", async () => {
	const mo = await dashboard();
	await signIn(mo, "mo@example.com");
	await mo.locator(".k").first().waitFor();
	const ada = await dashboard();
	await signIn(ada, "ad@example.com");
	const card = ada.locator(".k").first();
	await card.getByText("also read by Mo Moderator").waitFor();
	await shot(ada, "dashboard-presence-1280-light");
	await mo.locator(".k.cur .k-l").getByText("also read by Ada Admin").waitFor();
	await mo.goto(`${SERVER}/dashboard/?site=news&screen=people`); // he turns to something else
	await card.getByText("also read by").waitFor({ state: "hidden" });
	assert.deepEqual([...mo.problems, ...ada.problems], []);
	await mo.context().close();
	await ada.context().close();
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
	await page.getByText("Nothing is waiting.").waitFor();
	assert.equal(await shown("number 3"), 1);
	assert.deepEqual(page.problems, []);
});

test("the drawer tells what was done about a person", async () => {
	const page = await dashboard({}, "/dashboard/?site=news&screen=people&q=bo+berg");
	await signIn(page, "mo@example.com");
	await page.getByRole("button", { name: "Bo Berg" }).click();
	const drawer = page.getByRole("complementary");
	await drawer.getByText("No moderator actions.").waitFor();
	await drawer.getByLabel("Add a note for other moderators").fill("Wrote to him about the ferries.");
	await drawer.getByRole("button", { name: "Save note" }).click();
	await drawer.getByText("Mo Moderator wrote a note about Bo Berg").waitFor();
	await drawer.getByRole("link", { name: "Audit log" }).click();
	await page.locator(".auditl li").filter({ hasText: "wrote a note about" }).waitFor();
	assert.deepEqual(page.problems, []);
	await page.context().close();
});

test("an admin invites somebody, by keyboard; a refusal keeps what was typed", async () => {
	const page = await dashboard({}, "/dashboard/?site=news&screen=people&filter=staff");
	await signIn(page, "ad@example.com");
	await page.getByRole("button", { name: "Invite" }).click();
	const form = page.getByRole("complementary", { name: "Invite" });
	await form.getByRole("button", { name: "Send the invitation" }).click();
	await form.getByText("Required").waitFor();
	await page.keyboard.type("nia@example.com");
	await page.keyboard.press("Tab");
	await page.keyboard.type("Nia Ode");
	await shot(page, "invite-1280");
	await page.keyboard.press("Enter");
	await form.getByText("Mail is off").waitFor(); // this server has no relay
	assert.equal(await form.getByLabel("Email address").inputValue(), "nia@example.com");
	await page.setViewportSize({ width: 390, height: 900 });
	await shot(page, "invite-390");
	await page.keyboard.press("Escape"); // something is typed: it stays
	assert.equal(await form.getByLabel("Name").inputValue(), "Nia Ode");
	await form.getByRole("button", { name: "Close" }).click();
	await page.getByRole("heading", { name: "Invite" }).waitFor({ state: "detached" });
	assert.deepEqual(page.problems, []);
});

test("bans of domains and ranges: by keyboard, live, lifted and taken back", async () => {
	const mo = await token("mo@example.com");
	const page = await dashboard({}, "/dashboard/?site=news&screen=people&filter=bans");
	await signIn(page, "mo@example.com");
	await page.getByText("Nobody is banned.").waitFor();
	await page.keyboard.press("n");
	const form = page.getByRole("complementary", { name: "New ban" });
	const domain = form.getByRole("textbox", { name: "Email domain" });
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
	await form.getByRole("radio", { name: "Permanently" }).click();
	await form.getByRole("button", { name: "Ban permanently" }).click();
	await form.getByText(/^It is too wide/).waitFor();
	await form.locator("input.mono").fill("192.0.2.0/24");
	await form.getByRole("button", { name: "Ban permanently" }).click();
	await ban("192.0.2.0/24").getByText("Permanently").waitFor();

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
	await page.getByText("Unbanned by Mo Moderator just now").waitFor();

	await page.getByRole("radio", { name: "Domains" }).click();
	await page.waitForURL(/kind=domain/);
	await ban("192.0.2.0/24").waitFor({ state: "detached" });
	await page.getByRole("button", { name: "Unban spam.example" }).click();
	await page.locator(".toast").getByText("Unbanned: spam.example").waitFor();
	await page.getByText("No bans match.").waitFor();
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

test("an admin sets up ways in: a provider, an issuer, the site's own keys", async () => {
	const page = await dashboard({}, "/dashboard/?site=news&screen=settings");
	await signIn(page, "ad@example.com");
	const section = page.locator("#signin");
	await section.getByText("No provider is set up yet.").waitFor();
	assert.deepEqual(await look(page, ["settings"]), []);

	await section.getByRole("button", { name: "Set up: Google" }).click();
	const google = page.locator("#way-google");
	assert.equal(await google.getByLabel("Redirect address").inputValue(), `${SERVER}/auth/google/callback`);
	await google.getByLabel("Client id").fill("client-1");
	await google.getByRole("button", { name: "Save" }).click();
	await google.getByText("It must be given.").waitFor();
	await google.getByLabel("Client secret").fill("very-secret");
	// The session is no longer fresh: the server wants to know who it is.
	let asked = 0;
	await page.route("**/settings/ways/google", (r) =>
		asked++ === 0
			? r.fulfill({ status: 403, contentType: "application/problem+json", body: '{"code":"proof","detail":"Confirm first."}' })
			: r.continue(),
	);
	await google.getByRole("button", { name: "Save" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Password").fill("wrong password");
	await dialog.getByRole("button", { name: "Continue" }).click();
	await dialog.getByRole("alert").filter({ hasText: /\w/ }).waitFor();
	await dialog.getByLabel("Password").fill(PASSWORD);
	await dialog.getByRole("button", { name: "Continue" }).click();
	await section.getByText("Connected").waitFor();
	await section.getByRole("button", { name: "Manage: Google" }).click();
	assert.equal(await google.getByLabel("Client secret").inputValue(), "", "a secret never comes back");
	await google.getByRole("button", { name: "Remove" }).click();
	await dialog.getByRole("button", { name: "Remove" }).click();
	await section.getByText("No provider is set up yet.").waitFor();

	await section.getByText("Another issuer (OpenID Connect)").click();
	const issuer = section.locator("details").last();
	await issuer.getByLabel("Short name").fill("acme");
	assert.equal(await issuer.getByLabel("Redirect address").inputValue(), `${SERVER}/auth/oidc-acme/callback`);
	await issuer.getByLabel("Name shown to readers").fill("Acme");
	await issuer.getByLabel("Issuer", { exact: true }).fill("https://127.0.0.1:1");
	await issuer.getByLabel("Client id").fill("parley");
	await issuer.getByRole("button", { name: "Save" }).click();
	await issuer.getByText(/^It has no .*openid-configuration that this server can read/).waitFor();

	await section.getByRole("button", { name: "Make a key" }).click();
	const key = await section.getByLabel("The new key").inputValue();
	assert.ok(key.length > 30);
	await section.getByRole("button", { name: "Make a new key" }).click();
	await section.getByText("Previous key").waitFor();
	await section.getByRole("button", { name: "Revoke key 2" }).click();
	await dialog.getByRole("button", { name: "Revoke" }).click();
	await section.getByText("Previous key").waitFor({ state: "detached" });

	const offered = async (want) => {
		let got = "";
		for (let i = 0; i < 100 && got !== want; i++) {
			got = (await api("GET", "/api/v1/sites/news/comments?thread=/x")).body.site.ways.map((w) => w.id).join(" ");
			if (got !== want) await page.waitForTimeout(50);
		}
		assert.equal(got, want);
	};
	const turn = (name) => section.getByRole("switch", { name }).click();
	await turn("Let guests comment");
	await offered("site guest");
	await section.getByRole("button", { name: "Move Guests up" }).press("Enter");
	await offered("guest site");
	await section.getByText("Guests is now number 1.").waitFor();
	await until("the focus goes with it", () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") === "Move Guests down"));
	await shot(page, "way-order");
	await section.getByRole("button", { name: "Move Guests down" }).press("Enter");
	await offered("site guest");
	await turn("The Lantern accounts");
	await offered("guest");
	await turn("Let guests comment"); // the last way in is never taken away
	await offered("site");
	await turn("The Lantern accounts");
	await page.locator("#mail").getByRole("button", { name: "Send me a test email" }).click();
	await page.locator("#mail").getByText("Mail is off: this server has no relay", { exact: false }).waitFor();
	await page.getByRole("button", { name: "People with a role" }).click();
	await page.getByRole("button", { name: "Mo Moderator" }).click();
	await page.getByRole("complementary").getByText("Role", { exact: true }).waitFor();
	assert.deepEqual(page.problems, []);
});

test("the audit log is filtered and taken out; a filter is kept; sites are switched", async () => {
	await control("/run", ["site", "add", "harbour", "--name", "Harbour Post", "--origin", "https://harbour.test"].join("\n"));
	await control("/run", ["user", "role", "ad@example.com", "admin", "--site", "harbour"].join("\n"));
	const page = await dashboard({}, "/dashboard/?site=news&screen=audit");
	await signIn(page, "ad@example.com");
	const acts = page.locator(".auditl > li");
	await page.getByLabel("Kind").selectOption("settings");
	await page.waitForURL(/kind=settings/);
	await acts.filter({ hasText: "revoked a single sign-on key" }).waitFor();
	assert.equal(await acts.filter({ hasText: "banned" }).count(), 0);
	const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
	const csv = await (await import("node:fs/promises")).readFile(await file.path(), "utf8");
	assert.ok(csv.includes("sso key revoked") && !csv.includes(",ban,"), "the file holds what is shown");
	await page.getByLabel("Until").fill("2020-01-01");
	await page.getByText("No entries yet.").waitFor();

	await page.goto(`${SERVER}/dashboard/?site=news&state=all`);
	await page.getByLabel("Reason", { exact: true }).selectOption("links");
	await page.getByRole("button", { name: "Save this filter as a list" }).click();
	await page.goto(`${SERVER}/dashboard/?site=news`);
	await page.getByRole("button", { name: /^Links/ }).click();
	await page.waitForURL(/check=links/);

	await page
		.getByRole("button", { name: /Switch site/ })
		.first()
		.click();
	await page.getByRole("menuitem", { name: "Harbour Post" }).click();
	await page.waitForURL(/site=harbour/);
	await page.getByText("Nothing is waiting.").waitFor();
	await page.locator(".live2:not(.off)").waitFor();
	assert.deepEqual(page.problems, []);
});

test("a notice of illegal content is read on its card, its sender by an admin only", async () => {
	const all = await api("GET", "/api/v1/sites/news/comments?thread=/ferries&view=flat&limit=100");
	const { id } = all.body.comments.find((c) => c.html.includes("half past five"));
	const notice = { name: "Cora Citizen", email: "cora@example.com", why: "It breaks paragraph 7.", good_faith: true };
	const second = { ...notice, why: "It names a private person." };
	const receipts = [];
	for (const n of [notice, second]) {
		const sent = await api("POST", `/api/v1/comments/${id}/notices`, n, await token("ann@example.com"));
		assert.equal(sent.status, 202);
		receipts.push(sent.body.receipt);
	}
	for (const [email, seen] of [
		["mo@example.com", false],
		["ad@example.com", true],
	]) {
		const page = await dashboard({}, "/dashboard/?site=news&state=reported");
		await signIn(page, email);
		const card = item(page, "half past five");
		await card.getByText("It breaks paragraph 7.").waitFor();
		await card.getByRole("button", { name: "Keep" }).waitFor();
		assert.equal(await card.getByText("Cora Citizen, cora@example.com").count(), seen ? 2 : 0);
		await card.getByText("2 notices of illegal content").waitFor();
		for (const r of receipts) await card.getByText(`Notice of illegal content ${r}, `).waitFor(); // each by its number and age
		assert.deepEqual(page.problems, []);
		await shot(page, `dashboard-notice-1280-${seen ? "admin" : "moderator"}`);
		await page.context().close();
	}
});

test("two discussions of one page are told of, and a site says who may begin one", async () => {
	const ann = await token("ann@example.com");
	await post(ann, "https://news.test/harbour", "one");
	await post(ann, "http://www.news.test/harbour/", "two");
	const page = await dashboard({}, "/dashboard/?site=news&screen=threads");
	await signIn(page, "ad@example.com");
	await page.getByText("“https://news.test/harbour” and “http://www.news.test/harbour/” look like one page").waitFor();
	await shot(page, "dashboard-alike-1280");
	await page.setViewportSize({ width: 390, height: 844 });
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
	await shot(page, "dashboard-alike-390");
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.goto(`${SERVER}/dashboard/?site=news&screen=settings&section=taking`);
	await page.getByText("Who may start a discussion").waitFor();
	await shot(page, "dashboard-threads-setting-1280");
	assert.deepEqual(page.problems, []);
});
