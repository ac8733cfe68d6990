// What a reader does beside writing: signed out, and while the server is away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, control, launch, NEWS, PASSWORD, post, SERVER, shot, token, visit } from "./stage.mjs";

let browser, ann, bo;
before(async () => {
	browser = await launch();
	[ann, bo] = await Promise.all([token("ann@example.com"), token("bo@example.com")]);
	await control("/run", ["site", "set", "news", "--guests"].join("\n"));
});
after(() => browser?.close());

const LONG = "Long enough to take a few lines, as most comments are, so that a list of them is several windows high. ".repeat(2);
const comment = (f, text) =>
	f.locator("article.c").filter({ has: (f.page?.() ?? f).locator(":scope > .c-main > .c-b", { hasText: text }) });
async function open(mode, path, options = {}) {
	const page = await visit(browser, `${path}?attrs=${encodeURIComponent(mode === "frame" ? 'mode="frame"' : "")}`, options);
	page.setDefaultTimeout(12_000);
	page.popups = [];
	page.on("popup", (p) => page.popups.push(p));
	const f = mode === "frame" ? page.frameLocator("parley-comments iframe") : page.locator("parley-comments");
	await f.locator("form.cp").waitFor();
	return { page, f };
}
const fill = async (path, n = 15) => {
	for (let i = 0; i < n; i++) await post(bo, path, `Comment ${i}. ${LONG}`);
};
/** through signs in by the site's own account, in the window or in the frame's panel. */
async function through(mode, page, dialog) {
	const go = dialog.getByRole("button", { name: "Continue with The Lantern" });
	if (mode === "frame") {
		await go.click();
		await dialog.getByLabel("Email").fill("ann@example.com");
		await dialog.getByLabel("Password").fill(PASSWORD);
		await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
		return;
	}
	const [popup] = await Promise.all([page.waitForEvent("popup"), go.click()]);
	await popup.locator("#e1").fill("ann@example.com");
	await popup.locator("#e1").press("Enter");
	await popup.locator("#p1").fill(PASSWORD);
	await Promise.all([popup.waitForEvent("close"), popup.locator("#login").getByRole("button", { name: "Sign in" }).click()]);
}
const focused = (loc) => loc.evaluate((e) => e.getRootNode().activeElement === e);

for (const mode of ["inline", "frame"]) {
	test(`${mode}: a vote while signed out, far down the page: choose a way, and it is counted where it was pressed`, async () => {
		const path = `/a-vote-${mode}`;
		await fill(path);
		const { page, f } = await open(mode, path);
		const up = comment(f, "Comment 3.").getByRole("button", { name: "Vote up" });
		await up.scrollIntoViewIfNeeded();
		await page.waitForFunction(() => scrollY > 600);
		const top = async () => Math.round((await up.boundingBox()).y);
		await page.waitForTimeout(300); // what comes into sight takes its real height, above the button too
		const before = await top();
		await up.click();
		const dialog = f.getByRole("dialog", { name: "Sign in to vote" });
		await dialog.waitFor();
		await shot(page, `a-choose-${mode}`);
		assert.equal(page.popups.length, 0, "nothing opens unasked");
		assert.deepEqual((await dialog.getByRole("button", { name: /^Continue/ }).allTextContents()).length >= 1, true);
		await dialog.getByText("Guests can write, but votes need an account.").waitFor();
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "detached" });
		assert.equal(await focused(up), true, "who changes their mind is back at the button");
		assert.equal(await top(), before);
		await up.click();
		await through(mode, page, dialog);
		await f.getByText("Signed in. Your vote is counted.").waitFor();
		assert.equal(await up.getAttribute("aria-pressed"), "true");
		assert.equal(await focused(up), true, "the focus is back on the button");
		assert.equal(await top(), before, "the page has not moved");
		await shot(page, `a-voted-${mode}`);
		const all = (await api("GET", `/api/v1/me?site=news&thread=${path}`, null, ann)).body.votes;
		assert.deepEqual(Object.values(all), [1]);
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: a report, a mute and following while signed out go on after signing in`, async () => {
		const path = `/a-acts-${mode}`;
		await fill(path, 4);
		for (const [item, head, then] of [
			["Report…", "Sign in to report", (f) => f.getByRole("dialog", { name: "Report this comment" })],
			["Mute Bo Berg", "Sign in to mute", (f) => f.getByText("Bo Berg is muted")],
			["Notify me of replies", "Sign in to be notified", (f) => f.getByText("You'll be notified of replies")],
			["Follow", "Sign in to follow", (f) => f.getByText("Following this discussion")],
		]) {
			const { page, f } = await open(mode, path);
			if (item === "Follow") await f.getByRole("button", { name: "Follow", exact: true }).click();
			else {
				await comment(f, "Comment 1.").getByRole("button", { name: "More", exact: true }).click();
				await f.getByRole("menuitem", { name: item }).click();
			}
			const dialog = f.getByRole("dialog", { name: head });
			await dialog.waitFor();
			assert.equal(page.popups.length, 0, "nothing opens unasked");
			await through(mode, page, dialog);
			await then(f).waitFor();
			if (item === "Follow") {
				const button = f.getByRole("button", { name: "Following" });
				assert.equal(await focused(button), true);
			}
			if (item.startsWith("Mute")) await f.locator(".toast").getByRole("button", { name: "Undo" }).click();
			if (item.startsWith("Mute")) await f.getByText("Bo Berg is no longer muted").waitFor();
			assert.deepEqual(page.problems, []);
			await page.context().close();
		}
	});

	test(`${mode}: what fails says so where one looks, and offers to try again`, async () => {
		const path = `/a-fails-${mode}`;
		await fill(path, 25);
		const { page, f } = await open(mode, path, { viewport: { width: 390, height: 800 } });
		await f.getByRole("button", { name: "Follow", exact: true }).click();
		await through(mode, page, f.getByRole("dialog", { name: "Sign in to follow" }));
		await f.getByRole("button", { name: "Following" }).waitFor();
		await page.waitForLoadState("networkidle"); // what the server says of it would take the place of what is said next
		const away = ["**/vote", "**/comments?*cursor*", "**/follow?*", "**/mute"];
		const down = async (yes) => {
			for (const a of away) {
				if (yes) await page.route(a, (r) => r.abort());
				else await page.unroute(a);
			}
		};
		const inWindow = async (what) => {
			const box = await f.locator(".toast").boundingBox();
			assert.ok(box && box.y >= 0 && box.y + box.height <= 800 && box.x >= 0 && box.x + box.width <= 390, `${what}: ${JSON.stringify(box)}`);
		};
		const again = async (what, press, said, then) => {
			await down(true);
			await press();
			await f.locator(".toast", { hasText: said }).waitFor();
			await inWindow(what);
			await shot(page, `a-toast-${mode}-${what}`);
			await down(false);
			await f.locator(".toast").getByRole("button", { name: "Retry" }).click();
			await then();
		};
		const up = comment(f, "Comment 20.").getByRole("button", { name: "Vote up" });
		await again("vote", () => up.click(), "Your vote wasn't counted. The server didn't answer.", async () => {
			await comment(f, "Comment 20.").locator('[data-act="up"][aria-pressed="true"]').waitFor();
		});
		await again("more", () => f.getByRole("button", { name: "Show more comments" }).click(), "didn't work", async () => {
			await comment(f, "Comment 0.").waitFor();
		});
		await f.getByRole("button", { name: "Following" }).click();
		const follows = f.getByRole("switch", { name: /This discussion/ });
		await down(true);
		await follows.click();
		await f.getByRole("dialog", { name: "Follow" }).getByRole("alert").filter({ hasText: "didn't work" }).waitFor();
		assert.equal(await follows.isChecked(), true, "it is as it was");
		await down(false);
		await follows.click();
		await page.keyboard.press("Escape");
		await f.getByRole("button", { name: "Follow", exact: true }).waitFor();
		// A link that can be copied, and one to what is not there.
		await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: mode === "frame" ? SERVER : NEWS }).catch(() => {});
		await comment(f, "Comment 20.").getByRole("button", { name: "More", exact: true }).click();
		await f.getByRole("menuitem", { name: "Copy link" }).click();
		await f.locator(".toast", { hasText: /Link copied|The link is in the address bar/ }).waitFor();
		await inWindow("copy");
		await page.evaluate(() => {
			location.hash = "#parley-3zzzzzzzzzzz";
		});
		await f.locator(".toast", { hasText: "That comment is not here." }).waitFor();
		await inWindow("dead permalink");
		await f.locator(".toast").getByRole("button", { name: "Dismiss" }).click();
		await f.locator(".toast").waitFor({ state: "detached" });
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: a button that works says so, and takes no second press`, async () => {
		const path = `/a-busy-${mode}`;
		await fill(path, 25);
		const { page, f } = await open(mode, path);
		let asked = 0;
		let go;
		const held = new Promise((r) => {
			go = r;
		});
		await page.route("**/comments?*cursor*", async (r) => {
			asked++;
			await held;
			await r.continue();
		});
		const more = f.getByRole("button", { name: "Show more comments" });
		await more.click();
		await f.locator(".btn.full[aria-busy=true]").waitFor();
		await more.click();
		go();
		await comment(f, "Comment 0.").waitFor();
		assert.equal(asked, 1);
		assert.equal(await f.locator("[aria-busy]").count(), 0);
	});
}

test("where the whole page goes away to sign in, the vote is counted when it comes back", async () => {
	const path = "/a-away";
	await fill(path);
	const page = await visit(browser, "about:blank");
	page.setDefaultTimeout(12_000);
	await page.addInitScript(() => {
		window.open = () => null; // as in the browser of an app
	});
	await page.goto(NEWS + path);
	const f = page.locator("parley-comments");
	await f.locator("form.cp").waitFor();
	await comment(f, "Comment 3.").getByRole("button", { name: "Vote down" }).click();
	await f.getByRole("dialog").getByRole("button", { name: "Continue with The Lantern" }).click();
	await page.locator("#continue, #e1").first().waitFor();
	if (await page.locator("#continue").isVisible()) await page.locator("#continue").click();
	await page.locator("#e1").fill("ann@example.com");
	await page.locator("#e1").press("Enter");
	await page.locator("#p1").fill(PASSWORD);
	await page.locator("#login").getByRole("button", { name: "Sign in" }).click();
	await f.getByText("Signed in. Your vote is counted.").waitFor();
	const down = comment(f, "Comment 3.").getByRole("button", { name: "Vote down" });
	assert.equal(await down.getAttribute("aria-pressed"), "true");
	assert.equal(await focused(down), true);
	assert.deepEqual(page.problems, []);
});

test("illegal content is reported without an account, by name, law and good faith", async () => {
	const path = "/a-law";
	await fill(path, 2);
	const { page, f } = await open("inline", path, { viewport: { width: 390, height: 800 } });
	await comment(f, "Comment 1.").getByRole("button", { name: "More", exact: true }).click();
	await f.getByRole("menuitem", { name: "Report" }).click();
	const first = f.getByRole("dialog", { name: "Sign in to report" });
	await first.getByRole("button", { name: "Report illegal content" }).click();
	const dialog = f.getByRole("dialog", { name: "Report illegal content" });
	await dialog.getByLabel("Your name").fill("A Citizen");
	await dialog.getByLabel("Your email").fill("citizen@example.com");
	await dialog.getByLabel("Which law does it break, and why?").fill("Paragraph 7: it names a child.");
	await dialog.getByLabel("I believe in good faith").check();
	await shot(page, "a-notice");
	await dialog.getByRole("button", { name: "Send notice" }).click();
	await dialog.getByText(/Its number is [A-Z0-9]{16}; a receipt goes to citizen@example.com/).waitFor();
	await dialog.getByRole("button", { name: "Close" }).last().click();
	await dialog.waitFor({ state: "detached" });
	assert.deepEqual(page.problems, []);
});
