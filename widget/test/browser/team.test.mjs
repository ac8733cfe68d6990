// The team of a site: who is invited, who is signed in where, and with what.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { api, control, launch, PASSWORD, post, SERVER, shot, token, until } from "./stage.mjs";

let browser;
before(async () => {
	browser = await launch();
	for (const [email, name, role] of [
		["ad@example.com", "Ada Admin", "admin"],
		["mo@example.com", "Mo Moderator", "moderator"],
	])
		await control("/run", ["user", "add", "--site", "news", "--email", email, "--name", name, "--password", PASSWORD, "--role", role].join("\n"));
});
after(() => browser.close());

async function page(path, viewport = { width: 1280, height: 900 }) {
	const context = await browser.newContext({ viewport });
	const p = await context.newPage();
	p.problems = [];
	p.on("pageerror", (e) => p.problems.push(e.message));
	p.on("console", (m) => m.type() === "error" && !/status of 4|net::ERR/.test(m.text()) && p.problems.push(m.text()));
	await p.goto(path);
	return p;
}

async function open(email, path) {
	const p = await page(`${SERVER}/dashboard/?${path}`);
	await p.getByLabel("Email").fill(email);
	await p.getByLabel("Password").fill(PASSWORD);
	await p.getByRole("button", { name: "Sign in" }).click();
	await p.locator("h1").waitFor();
	return p;
}

async function looks(p, name, scheme = (v) => p.locator(`body[data-theme="${v}"]`).waitFor()) {
	const wrong = [];
	for (const width of [1280, 390]) {
		await p.setViewportSize({ width, height: 900 });
		for (const colorScheme of ["light", "dark"]) {
			await p.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await scheme(colorScheme);
			await shot(p, `${name}-${width}-${colorScheme}`);
			if (await p.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wrong.push(`${name} at ${width}: something sticks out`);
			wrong.push(...(await axe(p)).map((v) => `${name} at ${width} ${colorScheme}: ${v}`));
		}
	}
	await p.setViewportSize({ width: 1280, height: 900 });
	await p.emulateMedia({ colorScheme: "light", reducedMotion: null });
	return wrong;
}

/** mailed is the link of the n-th mail to somebody. */
async function mailed(who, n) {
	let link = "";
	await until(`mail ${n} to ${who}`, async () => {
		const [at, url] = (await control("/box", who)).text.split(" ");
		if (Number(at) === n) link = url;
		return link !== "";
	});
	return link;
}

test("an invitation: sent, taken back, sent again, accepted once; the team sees it live", async () => {
	const desk = await open("ad@example.com", "site=news&screen=people&filter=staff");
	const invite = async (email) => {
		await desk.getByRole("button", { name: "Invite", exact: true }).click();
		const form = desk.getByRole("complementary", { name: "Invite" });
		await form.getByLabel("Email address").fill(email);
		await form.getByLabel("Name").fill("Nia Ode");
		await form.getByRole("button", { name: "Send the invitation" }).click();
		await desk.getByText(`Invited ${email}`).waitFor();
	};
	await invite("nia@example.com");
	const row = desk.locator(".invs .rows > div").filter({ hasText: "nia@example.com" });
	await row.getByText(/Moderator · by Ada Admin · until/).waitFor();
	assert.deepEqual(await looks(desk, "team-invited"), []);
	const first = await mailed("nia@example.com", 1);
	await row.getByRole("button", { name: "Send again to nia@example.com" }).click();
	const second = await mailed("nia@example.com", 2);
	const old = await page(first);
	await old.getByText("This invitation was taken back.").waitFor();
	const nia = await page(second);
	await nia.getByRole("heading", { name: "Join the team of The Lantern" }).waitFor();
	assert.deepEqual(await looks(nia, "invitation", async () => {}), []);
	assert.equal(await nia.locator("#invite").getByLabel("Display name").inputValue(), "Nia Ode");
	await nia.locator("#invite").getByLabel("Password", { exact: true }).fill("short");
	await nia.getByRole("button", { name: "Join the team" }).click();
	await nia.getByRole("alert").filter({ hasText: /8/ }).first().waitFor();
	await nia.locator("#invite").getByLabel("Password", { exact: true }).fill("quite another one");
	await nia.getByRole("button", { name: "Join the team" }).click();
	await nia.getByRole("heading", { name: "You are on the team" }).waitFor();
	await row.waitFor({ state: "detached" }); // the admin's page follows
	await desk.locator("td").getByText("Nia Ode").waitFor();
	await nia.getByRole("link", { name: "Open the dashboard" }).click();
	await nia.getByRole("heading", { name: "Queue" }).waitFor(); // signed in by that
	const twice = await page(second);
	await twice.getByText("This invitation has been accepted already").waitFor();
	await shot(twice, "invitation-used-1280");
	await invite("uma@example.com");
	await desk.getByRole("button", { name: "Take back the invitation of uma@example.com" }).click();
	await desk.getByText("Took back the invitation of uma@example.com").waitFor();
	assert.equal(await desk.locator(".invs").count(), 0);
	assert.deepEqual([desk.problems, nia.problems, old.problems, twice.problems], [[], [], [], []]);
});

test("an admin signs one of the team out and hands the site over; the last admin cannot leave", async () => {
	const desk = await open("ad@example.com", "site=news&screen=people&filter=staff");
	const mo = await open("mo@example.com", "site=news");
	await desk.locator("td").getByText("Mo Moderator").click();
	const drawer = desk.getByRole("complementary", { name: "Person" });
	await drawer.getByRole("heading", { name: "Signed in" }).waitFor();
	await drawer.getByText("Has no second factor.").waitFor();
	assert.deepEqual(await looks(desk, "team-person"), []);
	await drawer.getByRole("button", { name: "Sign out everywhere" }).click();
	await desk.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
	await drawer.getByText("Nowhere.").waitFor();
	await mo.getByRole("heading", { name: "Sign in to moderate" }).waitFor(); // at once
	await desk.goto(`${SERVER}/dashboard/?site=news&screen=people&filter=staff`);
	await desk.locator("td").getByText("Ada Admin").click();
	await drawer.getByLabel("Role").selectOption("moderator");
	await desk.getByRole("dialog").getByRole("button", { name: "Lower my role" }).click();
	await desk.getByText(/nobody left who may change it/).first().waitFor();
	await shot(desk, "team-last-admin-1280");
	assert.deepEqual([desk.problems, mo.problems], [[], []]);
});

test("a second factor is asked of the team: who has none is sent to set one up", async () => {
	const ada = await token("ad@example.com");
	assert.equal((await api("PATCH", "/api/v1/sites/news/settings", { staff_second: true }, ada)).body.code, "own_second");
	const desk = await open("ad@example.com", "site=news&screen=settings");
	await desk.getByRole("switch", { name: "Second factor for staff" }).click();
	await desk.getByText("Set up a passkey or a second factor for your own account first").waitFor();
	assert.equal(await desk.getByRole("switch", { name: "Second factor for staff" }).isChecked(), false);
	await control("/run", ["site", "set", "news", "--staff-second"].join("\n"));
	const mo = await open("mo@example.com", "site=news");
	await mo.getByRole("heading", { name: "One step before you start" }).waitFor();
	await mo.getByText("The Lantern asks its team for a second factor").waitFor();
	await shot(mo, "team-second-1280");
	await mo.getByRole("link", { name: "Open my account" }).click();
	await mo.waitForURL(/account/);
	await control("/run", ["site", "set", "news", "--no-staff-second"].join("\n"));
	assert.deepEqual(mo.problems, []);
});

test("staff answer under the team's name, which readers see", async () => {
	const ada = await token("ad@example.com");
	assert.equal((await api("PATCH", "/api/v1/sites/news/settings", { team_name: "The news desk", name: "The Lantern Daily" }, ada)).status, 200);
	const ann = await token("ann@example.com");
	await post(ann, "/ferries", "When does the last boat leave?");
	const desk = await open("ad@example.com", "site=news&screen=queue&state=new");
	await desk.locator("nav.nav").getByText("The Lantern Daily").waitFor();
	const card = desk.locator(".k").filter({ hasText: "When does the last boat leave?" });
	await card.click();
	await card.getByRole("button", { name: /More/ }).click();
	await desk.getByRole("menuitem", { name: /Reply/ }).click();
	await desk.getByRole("radio", { name: "The news desk" }).click();
	await shot(desk, "team-reply-1280");
	await desk.getByRole("dialog").getByRole("textbox").fill("At half past eleven.");
	await desk.getByRole("dialog").getByRole("button").last().click();
	await until("it stands there", async () => {
		const { comments } = (await api("GET", "/api/v1/sites/news/comments?thread=/ferries&view=flat")).body;
		return comments.some((c) => c.author?.name === "The news desk" && c.html.includes("half past eleven"));
	});
	await api("PATCH", "/api/v1/sites/news/settings", { name: "The Lantern" }, ada);
	await desk.locator("nav.nav").getByText("The Lantern", { exact: true }).waitFor(); // renamed by a colleague, at once
	assert.deepEqual(desk.problems, []);
});
