// The set-up as a new owner meets it: the one-time link, the steps, a page of their own.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axe } from "./axe.mjs";
import { control, launch, NEWS, PASSWORD, SERVER, shot, visit } from "./stage.mjs";

const browser = await launch();
after(() => browser.close());

async function begin(options = {}) {
	const link = (await control("/run", "setup-link")).text.trim();
	assert.match(link, new RegExp(`^${SERVER}/setup#`));
	const page = await visit(browser, "about:blank", options);
	await page.emulateMedia({ reducedMotion: "reduce" });
	await page.goto(link);
	return page;
}
const heading = (page, name) => page.getByRole("heading", { name, level: 1 }).waitFor();
const step = async (page, name) => {
	await heading(page, name);
	assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1", "who listens hears where they are");
};
const widths = [
	["1280", 1280, 900],
	["390", 390, 844],
	["320", 320, 700],
];

/** looks takes pictures of a step, light and dark, and asks axe. */
async function looks(page, name) {
	for (const [n, width, height] of widths)
		for (const colorScheme of ["light", "dark"]) {
			await page.setViewportSize({ width, height });
			await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await page.screenshot({ animations: "disabled", path: `${process.env.SHOTS}/setup-${name}-${n}-${colorScheme}.png`, fullPage: true });
			const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			assert.ok(wide <= 0, `${name} at ${n} is ${wide} px too wide`);
			if (n !== "320") assert.deepEqual(await axe(page), [], `${name} ${n} ${colorScheme}`);
		}
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}

test("by a password, to the first page that shows its comments", async () => {
	const page = await begin();
	await heading(page, "Create the owner account");
	await page.getByLabel("Your name").fill("Oona Brandt");
	await page.getByLabel("Email").fill("oona@example.com");
	await page.getByRole("textbox", { name: "Password" }).fill("short");
	await page.getByRole("button", { name: "Create account" }).click();
	await page.getByText("Password must have at least 8 characters").waitFor();
	await looks(page, "owner");
	await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
	await page.getByRole("button", { name: "Show the password" }).click();
	assert.equal(await page.getByRole("textbox", { name: "Password" }).getAttribute("type"), "text");
	await page.getByRole("button", { name: "Create account" }).click();

	await step(page, "Add your first site");
	assert.equal(new URL(page.url()).hash, "", "the link works once, and is off the address");
	await page.getByLabel("Address").fill("not an address");
	await page.getByLabel("Name of the site").fill("The Lantern");
	assert.equal(await page.getByLabel("Short name").inputValue(), "the-lantern");
	await page.getByRole("button", { name: "Add site" }).click();
	await page.getByText("Address must be like https://www.example.com.").waitFor();
	for (const [typed, why] of [
		["https://*.lantern.example", "Address must name a host"],
		["ftp://lantern.example", "Address must begin with https://"],
		[SERVER, "this one is the server that you are setting up"],
	]) {
		await page.getByLabel("Address").fill(typed);
		await page.getByRole("button", { name: "Add site" }).click();
		await page.getByText(why).waitFor();
	}
	await page.getByLabel("Address").fill("lantern.example/blog");
	await page.getByText("Comments belong to pages at https://lantern.example.").waitFor();
	await page.getByLabel("Also at https://www.lantern.example").waitFor();
	await page.getByLabel("A newsroom").check();
	await looks(page, "site");
	await page.getByRole("button", { name: "Add site" }).click();

	await step(page, "How can a stranger comment here?");
	await page.getByRole("status").getByText("Nobody but you can comment.").waitFor();
	await looks(page, "people");
	await page.reload(); // tomorrow, in the same browser
	await step(page, "How can a stranger comment here?").catch(() => heading(page, "How can a stranger comment here?"));
	await page.getByRole("button", { name: "Send a test email to oona@example.com" }).click();
	await page.getByText("The mail server took it.").waitFor();
	await page.getByText("Strangers can comment.").waitFor();
	await page.getByRole("button", { name: "Continue" }).click();

	await step(page, "How does it look?");
	await page.goBack(); // each step is a place of its own
	await heading(page, "How can a stranger comment here?");
	await page.goForward();
	await step(page, "How does it look?");
	await page.locator("parley-comments").getByText("No comments yet").waitFor();
	await page.getByRole("radio", { name: "Dark" }).click();
	await page.getByLabel("Colour of buttons and links").fill("#b3261e");
	await looks(page, "look");
	await page.getByRole("button", { name: "Continue" }).click();

	await step(page, "Put it on a page");
	const snippet = () => page.locator(".snip").textContent();
	for (const [name, has] of [
		["WordPress", "esc_url( get_permalink() )"],
		["Ghost", '{{url absolute="true"}}'],
		["Hugo", "{{ .Permalink }}"],
		["Jekyll", "absolute_url"],
		["Astro", "Astro.url.href"],
		["Next, React", "next/script"],
		["Vue", "isCustomElement"],
		["CMS field", 'data-site="the-lantern"'],
		["HTML", '<parley-comments site="the-lantern" theme="dark">'],
	]) {
		await page.getByRole("tab", { name }).click();
		const text = await snippet();
		assert.ok(text.includes(has), `${name}: ${text}`);
		assert.ok(text.includes(`${SERVER}/embed.js`), `${name}: ${text}`);
	}
	await page.getByText("Waiting for the first page load…").waitFor();
	await looks(page, "waiting");

	// The page stands where the owner has not said.
	const article = await page.context().newPage();
	const html = `<!doctype html><title>Ferries</title>${await snippet()}`;
	await article.goto(`${NEWS}/written?html=${encodeURIComponent(html)}`);
	await page.bringToFront();
	await page.getByText("Found it, on a site that isn't listed").waitFor();
	await looks(page, "refused");
	await page.getByRole("button", { name: `Allow ${NEWS}` }).click();
	await article.reload();
	await article.locator("parley-comments").getByText("No comments yet").waitFor();
	const accent = await article.evaluate(() => getComputedStyle(document.querySelector("parley-comments")).getPropertyValue("--parley-accent").trim());
	assert.equal(accent, "#b3261e");
	await page.bringToFront();
	await page.getByText("It's live").waitFor();
	await looks(page, "live");
	await page.getByRole("link", { name: "Go to the dashboard" }).click();
	await page.waitForURL(/\/dashboard\//);
	assert.deepEqual(page.problems, []);

	const other = await visit(browser, "about:blank"); // another browser, without a session
	await other.goto(`${SERVER}/setup`);
	await other.getByText("This server is set up. Sign in to go on.").waitFor();
});

test("by a passkey; one that was not made is asked for again", async () => {
	const page = await begin();
	await page.getByLabel("Your name").fill("Oona Brandt");
	await page.getByLabel("Email").fill("oona@example.com");
	await page.getByRole("radio", { name: "A passkey" }).click();
	await page.evaluate(() => {
		navigator.credentials.create = () => Promise.reject(new DOMException("no", "NotAllowedError"));
	});
	await page.getByRole("button", { name: "Create account" }).click();
	await heading(page, "One more thing: your way in");
	await shot(page, "setup-keyless");
	await page.reload(); // it is asked for again until there is one
	await heading(page, "One more thing: your way in");
	const cdp = await page.context().newCDPSession(page);
	await cdp.send("WebAuthn.enable");
	await cdp.send("WebAuthn.addVirtualAuthenticator", {
		options: {
			protocol: "ctap2",
			transport: "internal",
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
	await page.getByRole("button", { name: "Make a passkey" }).click();
	await heading(page, "Add your first site");
	await page.getByLabel("Address").fill("news.test");
	await page.getByLabel("Name of the site").fill("The Lantern");
	await page.getByLabel("Short name").fill("news");
	await page.getByLabel("A blog").check();
	await page.getByRole("button", { name: "Add site" }).click();
	await heading(page, "How can a stranger comment here?");
	await page.getByText("Strangers can comment.").waitFor(); // guests may
	await page.getByText("This server sends no mail yet.").waitFor();
	await page.getByRole("switch", { name: "As a guest" }).click();
	await page.getByRole("status").getByText("Nobody but you can comment.").waitFor();
	await page.getByRole("switch", { name: "As a guest" }).click();
	await page.getByText("Strangers can comment.").waitFor();
	assert.deepEqual(page.problems, []);
});
