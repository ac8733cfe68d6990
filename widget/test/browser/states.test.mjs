// Every state of the widget, reached in the real one against the real server:
// each test names the cause (a request, an answer or an event) and the way out.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { api, control, launch, live, NEWS, PASSWORD, post, SERVER, shot, shut, token, until, visit } from "./stage.mjs";

let browser, axe, ann, bo, ada;
before(async () => {
	browser = await launch();
	axe = await readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
	const add = (email, name, ...more) =>
		control(
			"/run",
			["user", "add", "--site", "news", "--email", email, "--name", name, "--password", PASSWORD, ...more].join("\n"),
		);
	await add("ada@example.com", "Ada Min", "--role", "admin");
	for (let i = 0; i < 10; i++) await add(`v${i}@example.com`, `Voter ${i}`);
	await control("/run", ["site", "set", "news", "--guests", "--challenge"].join("\n"));
	[ann, bo, ada] = await Promise.all(["ann@example.com", "bo@example.com", "ada@example.com"].map(token));
});
after(() => browser?.close());

const box = (f) => f.getByLabel("Join the discussion");
const comment = (f, text) =>
	f.locator("article.c").filter({ has: (f.page?.() ?? f).locator(":scope > .c-main > .c-b", { hasText: text }) });
const menu = async (f, at, item) => {
	await at.getByRole("button", { name: "More", exact: true }).click();
	await f.getByRole("menuitem", { name: item }).click();
};
const focused = (page) =>
	page.evaluate(() => document.querySelector("parley-comments").shadowRoot.activeElement?.outerHTML.slice(0, 120) ?? "nothing");

/** clean fails on anything that axe-core finds in the widget. */
async function clean(page, what) {
	await page.evaluate(axe);
	for (const scheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
		await page.evaluate((c) => (document.body.style.background = c), scheme === "dark" ? "#191918" : "#fff");
		await page.waitForFunction(
			(s) => document.querySelector("parley-comments").shadowRoot.querySelector("section.w")?.dataset.theme === s,
			scheme,
		);
		const found = await page.evaluate(async () => {
			const r = await axe.run(document.querySelector("parley-comments"), { rules: { region: { enabled: false } } });
			return r.violations.map(
				(v) =>
					`${v.id}: ${v.nodes
						.map((n) => `${n.target.flat().at(-1)} ${n.any[0]?.message ?? ""}`)
						.slice(0, 3)
						.join(" | ")}`,
			);
		});
		assert.deepEqual(found, [], `${what}, ${scheme}`);
	}
	await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
	await page.evaluate(() => (document.body.style.background = "#fff"));
}

/** pictures takes a state at both widths, light and dark. */
async function pictures(page, name) {
	for (const width of [1280, 390]) {
		for (const scheme of ["light", "dark"]) {
			await page.setViewportSize({ width, height: 1000 });
			await page.emulateMedia({ colorScheme: scheme });
			await page.evaluate((c) => (document.body.style.background = c), scheme === "dark" ? "#191918" : "#fff");
			await page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))); // it is drawn
			await shot(page, `${name}-${width}-${scheme}`);
			assert.ok(
				(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0,
				`${name} scrolls sideways at ${width}`,
			);
		}
	}
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.emulateMedia({ colorScheme: "light" });
	await page.evaluate(() => (document.body.style.background = "#fff"));
}

/** open shows a thread in one of the modes; f finds things inside it. */
async function open(mode, path, { attrs = "", ...options } = {}) {
	const page = await visit(
		browser,
		`${path}?attrs=${encodeURIComponent(`${mode === "frame" ? 'mode="frame"' : ""} ${attrs}`)}`,
		options,
	);
	page.setDefaultTimeout(12_000);
	const f = mode === "frame" ? page.frameLocator("parley-comments iframe") : page.locator("parley-comments");
	return { page, f, all: mode === "frame" ? f : page };
}

async function signIn(mode, page, f, email = "ann@example.com") {
	await f
		.getByRole("tab", { name: /The Lantern/ })
		.first()
		.click();
	const go = f.getByRole("button", { name: /^(Continue with The Lantern|Sign in and post)/ });
	if (mode === "frame") {
		await go.click();
		await f.getByLabel("Email").fill(email);
		await f.getByLabel("Password").fill(PASSWORD);
		await f.getByRole("button", { name: "Sign in", exact: true }).click();
	} else {
		const [popup] = await Promise.all([page.waitForEvent("popup"), go.click()]);
		await popup.locator("#e1").fill(email);
		await popup.locator("#e1").press("Enter");
		await popup.locator("#p1").fill(PASSWORD);
		await Promise.all([popup.waitForEvent("close"), popup.locator("#login").getByRole("button", { name: "Sign in" }).click()]);
	}
	await f.getByRole("button", { name: /^Commenting as/ }).waitFor();
}

for (const mode of ["inline", "frame"]) {
	test(`${mode}: signed out, the ways in as tabs, the others behind More`, async () => {
		const { page, f } = await open(mode, `/s-tabs-${mode}`);
		await box(f).fill("Written first");
		const tabs = f.getByRole("tab");
		assert.equal(await tabs.first().getAttribute("aria-selected"), "true");
		await tabs.first().focus();
		await page.keyboard.press("ArrowRight");
		assert.equal(await tabs.nth(1).getAttribute("aria-selected"), "true");
		await f.getByRole("button", { name: "More", exact: true }).click();
		await f.getByRole("menu").waitFor();
		await page.keyboard.press("End");
		await page.keyboard.press("Enter");
		await f.getByRole("tab", { name: "As a guest" }).waitFor();
		await f.getByLabel("Your name").fill("Gus");
		await f.getByRole("button", { name: "Post as guest" }).click();
		await comment(f, "Written first").getByText("Guest").waitFor();
		await f.getByRole("button", { name: "More", exact: true }).first().click();
		await page.keyboard.press("Escape");
		assert.deepEqual(page.problems, []);
		if (mode === "inline") {
			await clean(page, "signed out");
			await f.getByRole("button", { name: "More", exact: true }).first().click();
			await clean(page, "the menu of ways");
			await shot(page, "tabs-menu");
		}
	});

	for (const secure of [true, false]) {
		test(`${mode}: a guest's risky comment, ${secure ? "the browser works and it goes" : "where it can't, the text stays"}`, async () => {
			const { page, f } = await open(mode, `/s-work-${mode}-${secure}`);
			if (!secure)
				await (mode === "frame" ? f : page).locator("html").evaluate(() => {
					Object.defineProperty(Crypto.prototype, "subtle", { value: undefined }); // as on a page without HTTPS
				});
			const text = `Tickets at https://cheap.example (${mode})`;
			await box(f).fill(text);
			await f.getByRole("button", { name: "More", exact: true }).click();
			await f.getByRole("menuitem", { name: "As a guest" }).click();
			await f.getByLabel("Your name").fill("Gus");
			const answers = [];
			page.on("response", (r) => {
				if (r.request().method() === "POST" && r.url().endsWith("/comments")) answers.push(r);
			});
			await f.getByRole("button", { name: "Post as guest" }).click();
			if (secure) {
				await f.getByText("Awaiting").first().waitFor();
				assert.deepEqual(
					answers.map((r) => r.status()),
					[403, 201],
				);
				const [asked, sent] = answers.map((r) => r.request().headers());
				assert.equal(asked["idempotency-key"], sent["idempotency-key"]);
				assert.ok(sent["x-parley-proof"]);
				console.log(
					`# ${mode}: the work took ${Math.round(answers[1].request().timing().startTime - answers[0].request().timing().startTime)} ms`,
				);
			} else {
				await f.getByRole("alert").filter({ hasText: "HTTPS" }).waitFor();
				await f.getByRole("button", { name: "Edit" }).click();
				assert.equal(await box(f).inputValue(), text);
			}
			await shot(page, `work-${mode}-${secure}`);
			assert.deepEqual(
				page.problems.filter((m) => !/status of 403/.test(m)),
				[],
			);
		});
	}

	test(`${mode}: write, format by key, preview by the server, over the limit, draft`, async () => {
		const { page, f } = await open(mode, `/s-write-${mode}`);
		await signIn(mode, page, f);
		await box(f).fill("A headcount would settle it");
		await f.getByRole("toolbar", { name: "Formatting" }).getByRole("button", { name: "Bold" }).waitFor();
		await box(f).press("Control+a");
		await box(f).press("Control+b");
		assert.equal(await box(f).inputValue(), "**A headcount would settle it**");
		await box(f).press("Control+b");
		assert.equal(await box(f).inputValue(), "A headcount would settle it");
		await box(f).press("Control+b");
		if (mode === "inline") await f.getByText("Draft saved").waitFor(); // this browser keeps storage from frames
		await f.getByRole("tab", { name: "Preview" }).click();
		await f.locator(".pv strong", { hasText: "A headcount" }).waitFor();
		if (mode === "inline") await clean(page, "preview");
		if (mode === "inline") await pictures(page, "preview");
		await f.getByRole("tab", { name: "Write" }).click();
		await box(f).fill("x".repeat(3038));
		await f.getByText("38 over").waitFor();
		const button = f.getByRole("button", { name: /^Post comment/ });
		assert.equal(await button.getAttribute("aria-disabled"), "true");
		await button.focus();
		await page.keyboard.press("Enter"); // still there for the keyboard, and says why
		await f.getByText("The text is 38 characters too long.").waitFor();
		assert.equal((await box(f).inputValue()).length, 3038, "the text stays");
		if (mode === "inline") await pictures(page, "over");
		await box(f).fill("Just right");
		await button.click();
		await comment(f, "Just right").waitFor();
		assert.equal(await box(f).inputValue(), "");
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: a refusal keeps the text and says why; too fast counts down`, async () => {
		const { page, f } = await open(mode, `/s-refused-${mode}`);
		await signIn(mode, page, f);
		const answers = [
			{
				status: 422,
				json: { code: "invalid", detail: "x", errors: [{ field: "body", message: "holds a word that this site does not take" }] },
			},
			{ status: 429, headers: { "Retry-After": "2" }, json: { code: "pace", detail: "slow" } },
			{
				status: 403,
				json: {
					code: "banned",
					detail: "You can't comment here until 28 November. Reason: standard 1.",
					until: "2099-11-28T12:00:00Z", // as the server's own answer: the box says it anew, in the reader's words
					reason: "standard 1",
				},
			},
		];
		await page.route("**/api/v1/sites/news/comments", async (route) => {
			const a = route.request().method() === "POST" && answers.shift();
			if (!a) return route.fallback();
			const cors = {
				"Access-Control-Allow-Origin": mode === "frame" ? SERVER : NEWS,
				"Access-Control-Allow-Credentials": "true",
				"Access-Control-Expose-Headers": "Retry-After",
			};
			await route.fulfill({
				status: a.status,
				headers: { "Content-Type": "application/problem+json", ...cors, ...a.headers },
				body: JSON.stringify(a.json),
			});
		});
		await box(f).fill("My words");
		await box(f).press("Control+Enter");
		await f.getByText("holds a word that this site does not take").waitFor();
		assert.equal(await box(f).inputValue(), "My words");
		await box(f).press("Control+Enter");
		await f.getByText(/you can post again in 0:0[12]/).waitFor();
		assert.equal(await box(f).inputValue(), "My words");
		if (mode === "inline") await clean(page, "too fast");
		if (mode === "inline") await shot(page, "wait");
		await f.getByText(/you can post again/).waitFor({ state: "hidden" });
		await box(f).press("Control+Enter");
		await f.getByText(/You can't comment here until (28 )?November( 28)?.*standard 1.*You can still read/).waitFor();
		assert.equal(await box(f).inputValue(), "My words");
		assert.deepEqual(
			page.problems.filter((p) => !/status of 403/.test(p)),
			[],
		);
	});

	test(`${mode}: offline, what is written waits on this device, outlives the page, and is sent once`, async () => {
		const { page, f } = await open(mode, `/s-offline-${mode}`);
		await signIn(mode, page, f);
		await page.context().setOffline(true);
		await f.getByText("You're offline.").waitFor();
		await box(f).fill("Sent from a tunnel");
		await box(f).press("Control+Enter");
		await f.getByText("Waiting for a connection").waitFor();
		await f.getByText("We'll send 1 comment when you're back.").waitFor();
		if (mode === "inline") await clean(page, "offline");
		if (mode === "inline") await pictures(page, "offline");
		const url = page.url();
		await page.goto("about:blank").catch(() => {});
		await page.context().setOffline(false);
		await page.goto(url);
		await comment(f, "Sent from a tunnel").getByRole("button", { name: "Reply" }).waitFor();
		await page.reload();
		await comment(f, "Sent from a tunnel").getByRole("button", { name: "Reply" }).waitFor();
		const list = (await api("GET", `/api/v1/sites/news/comments?thread=/s-offline-${mode}`)).body.comments;
		assert.equal(list.length, 1, "sent once");
	});

	test(`${mode}: awaiting approval, withdrawn, and brought back`, async () => {
		await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
		try {
			const { page, f } = await open(mode, `/s-pending-${mode}`);
			await signIn(mode, page, f);
			await box(f).fill("Please let me in");
			await box(f).press("Control+Enter");
			await comment(f, "Please let me in").getByText("Awaiting approval").waitFor();
			await comment(f, "Please let me in").getByText("Only you can see this.").waitFor();
			if (mode === "inline") await clean(page, "awaiting approval");
			if (mode === "inline") await shot(page, "pending");
			await comment(f, "Please let me in").getByRole("button", { name: "Withdraw" }).click();
			await f.getByText("Comment deleted by its author").waitFor();
			await f.getByRole("button", { name: "Undo" }).click();
			await comment(f, "Please let me in").getByText("Awaiting approval").waitFor();
			assert.deepEqual(page.problems, []);
		} finally {
			await control("/run", ["site", "set", "news", "--hold", "none"].join("\n"));
		}
	});

	test(`${mode}: what is decided about a held comment shows on its author's open page, and on nobody else's`, async () => {
		await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
		try {
			const decide = async (id, action) => {
				const got = (await api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: id, action }], ada)).body;
				assert.ok(got.results[0].ok);
				return got.undo;
			};
			const ids = [];
			const { page, f } = await open(mode, `/s-decided-${mode}`);
			const other = await open(mode, `/s-decided-${mode}`);
			for (const p of [page, other.page]) await live(p);
			const heard = [];
			for (const s of other.page.sockets) s.said = (what) => heard.push(what);
			await signIn(mode, page, f);
			for (const text of ["Held and refused", "Held and let in"]) {
				const [sent] = await Promise.all([
					page.waitForResponse((r) => r.request().method() === "POST" && r.url().endsWith("/comments")),
					box(f).fill(text).then(() => box(f).press("Control+Enter")),
				]);
				ids.push((await sent.json()).comment.id);
				await comment(f, text).getByText("Awaiting approval").waitFor();
			}
			await until("its socket knows whose page it is", () => page.sockets.some((s) => s.own));
			const undo = await decide(ids[0], "reject");
			await f.getByRole("group", { name: "Your comment was not published" }).getByText("Held and refused").waitFor();
			await until("it left the list", async () => (await comment(f, "Held and refused").count()) === 0);
			await api("POST", "/api/v1/sites/news/moderation/undo", { undo }, ada);
			await comment(f, "Held and refused").getByText("Awaiting approval").waitFor();
			await decide(ids[1], "approve");
			await comment(f, "Held and let in").getByRole("button", { name: "Reply" }).waitFor();
			await other.f.getByRole("button", { name: "Show 1 new comment" }).first().waitFor();
			assert.ok(!heard.some((t) => t.includes("own") || t.includes(ids[0])), `another reader hears of it: ${heard}`);
			for (const p of [page, other.page]) assert.deepEqual(p.problems, []);
		} finally {
			await control("/run", ["site", "set", "news", "--hold", "none"].join("\n"));
		}
	});

	test(`${mode}: own menu: edit with the time left and history; delete and undo`, async () => {
		const { page, f } = await open(mode, `/s-own-${mode}`);
		await signIn(mode, page, f);
		await box(f).fill("First version");
		await box(f).press("Control+Enter");
		await comment(f, "First version").getByRole("button", { name: "More", exact: true }).click();
		await f.getByRole("menuitem", { name: /Edit\s*15 min left/ }).waitFor();
		if (mode === "inline") await clean(page, "own menu");
		if (mode === "inline") await shot(page, "own-menu");
		await f.getByRole("menuitem", { name: /^Edit/ }).click();
		await f.locator("form.edit textarea").fill("Second version");
		await f.getByRole("button", { name: "Save" }).click();
		await comment(f, "Second version").getByRole("button", { name: "edited" }).click();
		await f.getByRole("dialog").getByText("First version").waitFor();
		if (mode === "inline") await clean(page, "history");
		if (mode === "inline") await shot(page, "history");
		await page.keyboard.press("Escape");
		if (mode === "inline") assert.match(await focused(page), /edited/, "focus goes back to its trigger");
		await menu(f, comment(f, "Second version"), "Delete…");
		await f.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
		await f.getByText("Comment deleted by its author").waitFor();
		if (mode === "inline") assert.match(await focused(page), /<article/, "focus stays at the place");
		await f.getByRole("button", { name: "Undo" }).click();
		await comment(f, "Second version").waitFor();
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: another's menu: mute, report, and the undo of each`, async () => {
		await post(bo, `/s-others-${mode}`, "Nobody asked you");
		await post(bo, `/s-others-${mode}`, "I said what I said");
		const { page, f } = await open(mode, `/s-others-${mode}`);
		await signIn(mode, page, f);
		await menu(f, comment(f, "Nobody asked you"), "Mute Bo Berg");
		await f.getByText("muted by you").first().waitFor();
		assert.equal(await f.getByText("muted by you").count(), 2, "all that he wrote");
		const kept = () => f.locator("article.c").first().evaluate((e) => e.getRootNode().activeElement?.closest("article, .w") !== null);
		assert.ok(await kept(), "the focus stays with the comment");
		if (mode === "inline") await clean(page, "muted");
		await page.reload();
		await f.getByText("muted by you").first().waitFor();
		await f.getByRole("button", { name: "Show comment" }).first().click();
		const shown = f.locator("article.c:not(.low)").first();
		await menu(f, shown, "Unmute Bo Berg");
		await comment(f, "Nobody asked you").getByRole("button", { name: "Reply" }).waitFor();
		await menu(f, comment(f, "Nobody asked you"), "Report…");
		const dialog = f.getByRole("dialog");
		await dialog.getByText("Private. Bo Berg won't know it was you.").waitFor();
		if (mode === "inline") assert.match(await focused(page), /type="radio"/, "opens on the first reason");
		if (mode === "inline") await clean(page, "report");
		if (mode === "inline") await pictures(page, "report");
		await dialog.getByLabel("Harassment or hate").check();
		await dialog.getByLabel(/Anything to add/).fill("In every thread.");
		await dialog.getByRole("button", { name: "Send report" }).click();
		await dialog.getByText("Thanks, a moderator will look.").waitFor();
		await dialog.getByRole("button", { name: "Close" }).last().click();
		await f.getByText("it is hidden for you").waitFor();
		assert.ok(await kept(), "the focus stays with what was reported");
		const queue = (await api("GET", "/api/v1/sites/news/moderation/queue?state=reported", null, ada)).body;
		assert.ok(JSON.stringify(queue).includes("In every thread."), "the report has reached the moderators");
		await f.locator("article.low").getByRole("button", { name: "Undo" }).click();
		await comment(f, "Nobody asked you").getByRole("button", { name: "Reply" }).waitFor();
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: follow a thread, read the standards`, async () => {
		await post(bo, `/s-follow-${mode}`, "Something to follow");
		const { page, f } = await open(mode, `/s-follow-${mode}`);
		await f.getByRole("button", { name: "Community standards" }).first().click();
		await f.getByRole("dialog").getByText("Nobody's private life.").waitFor();
		if (mode === "inline") await clean(page, "standards");
		if (mode === "inline") await shot(page, "standards");
		await page.keyboard.press("Escape");
		await signIn(mode, page, f);
		await f.getByRole("button", { name: "Follow", exact: true }).click();
		await f.getByRole("button", { name: "Following" }).waitFor();
		await page.reload();
		await f.getByRole("button", { name: "Following" }).click();
		await f.getByRole("switch", { name: /This discussion/ }).click();
		await page.keyboard.press("Escape");
		await f.getByRole("button", { name: "Follow", exact: true }).waitFor();
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: low score and a folded thread, remembered; a permalink opens both`, async () => {
		const root = await post(bo, `/s-fold-${mode}`, "A root with an answer");
		const low = await post(ann, `/s-fold-${mode}`, "Nobody likes this", root.id);
		for (let i = 0; i < 10; i++)
			await api("PUT", `/api/v1/comments/${low.id}/vote`, { value: -1 }, await token(`v${i}@example.com`));
		await until("the public tally", async () => (await api("GET", `/api/v1/comments/${low.id}`)).body.comment.low);
		const { page, f } = await open(mode, `/s-fold-${mode}`);
		await f.getByText("hidden by reader votes (-10)").waitFor();
		if (mode === "inline") await clean(page, "low score");
		await f.getByRole("button", { name: "Show comment" }).click();
		await comment(f, "Nobody likes this").getByRole("button", { name: "Reply" }).waitFor();
		await f.getByRole("button", { name: "Fold this thread" }).click();
		await f.getByText("1 reply").waitFor();
		if (mode === "inline") await clean(page, "folded");
		if (mode === "inline") await shot(page, "folded");
		if (mode === "inline") {
			await page.reload();
			await f.getByText("1 reply").waitFor();
			assert.equal(await comment(f, "Nobody likes this").isVisible(), false, "the fold is remembered");
		}
		await page.evaluate((id) => document.querySelector("parley-comments").goTo(id), low.id);
		await comment(f, "Nobody likes this").getByRole("button", { name: "Reply" }).waitFor();
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: the depth cap, and a permalink to what is not on the page`, async () => {
		let parent, deepest;
		for (let i = 0; i < 10; i++) parent = deepest = await post(bo, `/s-deep-${mode}`, `Level ${i}`, parent?.id);
		const { page, f } = await open(mode, `/s-deep-${mode}`, { attrs: 'max-depth="4"' });
		await comment(f, "Level 5").waitFor();
		await f.getByRole("button", { name: "Continue this thread" }).click();
		await comment(f, "Level 9").getByText("in reply to").waitFor();
		await page.reload();
		await comment(f, "Level 5").waitFor();
		await page.evaluate((id) => document.querySelector("parley-comments").goTo(id), deepest.id);
		await f.locator("article.target", { hasText: "Level 9" }).waitFor();
		if (mode === "inline") await clean(page, "a permalink's target");
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: who answers is told when the comment changes, and when it goes`, async () => {
		const root = await post(bo, `/s-parent-${mode}`, "I may change my mind");
		const { page, f } = await open(mode, `/s-parent-${mode}`);
		await signIn(mode, page, f);
		await comment(f, "I may change my mind").getByRole("button", { name: "Reply" }).click();
		await f.getByLabel("Your reply to Bo Berg").fill("My answer");
		await live(page);
		await api("PATCH", `/api/v1/comments/${root.id}`, { body: "I have changed my mind" }, bo);
		await f.getByText("Bo Berg has edited the comment you are replying to.").waitFor();
		await api("DELETE", `/api/v1/comments/${root.id}`, null, bo);
		await f.getByText("The comment you are replying to has been removed.").waitFor();
		await f.getByText("Comment removed", { exact: true }).waitFor(); // by whom, nobody says
		assert.equal(await f.getByText("deleted by its author").count(), 0);
		assert.equal(await f.getByLabel("Your reply to Bo Berg").inputValue(), "My answer", "the text stays");
		await f.getByLabel("Your reply to Bo Berg").press("Escape");
		await f.getByText("No comments yet").waitFor();
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: loading, empty, error and closed`, async () => {
		const { page, f } = await open(mode, `/s-empty-${mode}`);
		await f.getByText("No comments yet").waitFor();
		if (mode === "inline") await clean(page, "empty");
		if (mode === "inline") await pictures(page, "empty");
		await page.route("**/api/v1/sites/news/comments?*", (r) =>
			r.fulfill({
				status: 200,
				headers: { "Content-Type": "text/html", "Access-Control-Allow-Origin": "*" },
				body: "<h1>A portal</h1>",
			}),
		);
		// Several times, for Chromium lost the whole list now and then while it was display: contents until the answer came.
		for (let i = 0; i < 8; i++) {
			await page.reload();
			await f.getByText("Comments didn't load").waitFor();
		}
		if (mode === "inline") await clean(page, "error");
		if (mode === "inline") await shot(page, "error");
		await page.unroute("**/api/v1/sites/news/comments?*");
		let let_go;
		const held = new Promise((r) => {
			let_go = r;
		});
		await page.route("**/api/v1/sites/news/comments?*", async (r) => {
			await held;
			await r.continue();
		});
		await f.getByRole("button", { name: "Try again" }).click();
		const slow = await open(mode, `/s-empty-${mode}`);
		await slow.page.close();
		let_go();
		await f.getByText("No comments yet").waitFor();
		const root = await post(bo, `/s-closed-${mode}`, "The last word");
		const closing = await open(mode, `/s-closed-${mode}`);
		await signIn(mode, closing.page, closing.f);
		await box(closing.f).fill("Too late?");
		await live(closing.page);
		const r = await api("PATCH", `/api/v1/sites/news/moderation/threads/${root.thread_id}`, { state: "closed" }, ada);
		assert.equal(r.status, 200, JSON.stringify(r.body));
		await closing.f.getByText("This discussion has just been closed.").waitFor();
		assert.equal(await box(closing.f).inputValue(), "Too late?");
		const closed = await open(mode, `/s-closed-${mode}`);
		await closed.f.getByText("This discussion is closed").waitFor();
		if (mode === "inline") await clean(closed.page, "closed");
		await closed.f.getByText(/Comments closed on .+ You can still read and share\.$/).waitFor();
		if (mode === "inline") await clean(closed.page, "closed");
		if (mode === "inline") await pictures(closed.page, "closed");
		assert.deepEqual([...page.problems, ...closed.page.problems], []);
	});

	test(`${mode}: who is warned reads it first, keeps the text, and then posts`, async () => {
		const path = `/s-warned-${mode}`;
		const email = mode === "inline" ? "v0@example.com" : "v1@example.com";
		const { author } = await post(await token(email), path, "Before the warning");
		const warn = async (text) =>
			assert.equal((await api("POST", `/api/v1/sites/news/moderation/people/${author.id}/warn`, { text }, ada)).status, 200);
		const { page, f, all } = await open(mode, path);
		const head = f.getByRole("heading", { name: "A moderator of The Lantern has sent you a warning" });
		const yes = f.getByRole("button", { name: "I understand" });
		await signIn(mode, page, f, email);
		await box(f).fill("Written while warned");
		await warn("Attack arguments, never a person.\nThis is the second time.");
		await f.getByRole("button", { name: /^Post comment/ }).click();
		await head.waitFor();
		await f.getByText("Attack arguments, never a person.").waitFor();
		assert.equal(await box(f).inputValue(), "Written while warned", "the text is kept");
		assert.equal(await yes.evaluate((b) => b.getRootNode().activeElement === b), true, "the focus is where it goes on");
		assert.equal(await f.getByRole("button", { name: /^Post comment/ }).getAttribute("aria-disabled"), "true");
		if (mode === "inline") await clean(page, "warned");
		if (mode === "inline") await pictures(page, "warned");
		await yes.click();
		await head.waitFor({ state: "hidden" });
		await all.getByText("Thank you. You can post again.").waitFor({ state: "attached" });
		await f.getByRole("button", { name: /^Post comment/ }).click();
		await comment(f, "Written while warned").getByRole("button", { name: "Reply" }).waitFor();
		if (mode === "inline") {
			// One that comes while another is read is shown with it.
			await warn("Read this one.");
			await page.reload();
			await head.waitFor();
			await warn("And this one.");
			await page.evaluate(() => document.querySelector("parley-comments").setAttribute("sort", "oldest"));
			await f.getByText("And this one.").waitFor();
			await yes.click();
			await head.waitFor({ state: "hidden" });
			assert.equal(await f.getByRole("button", { name: /^Post comment/ }).getAttribute("aria-disabled"), null);
		}
		// Who comes back finds it before he has written anything.
		await warn("And again.");
		await page.reload();
		await head.waitFor();
		assert.equal(await box(f).isVisible(), true);
		if (mode === "inline") {
			const bare = await visit(browser, "about:blank", { javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
			await bare.context().addCookies((await page.context().cookies(SERVER)).filter((c) => c.name === "__Host-parley"));
			await bare.goto(`${SERVER}/p/news?thread=${path}`);
			await bare.getByText("And again.").waitFor();
			await shot(bare, "warned-plain");
			const own = await page.context().newPage();
			await own.goto(`${SERVER}/account`);
			await own.getByText("A warning from the moderators of The Lantern").waitFor();
			await shot(own, "warned-account");
			await own.getByRole("button", { name: "I understand" }).click();
			await own.getByText("Thank you. You can comment there again.").waitFor();
			await bare.reload();
			assert.equal(await bare.getByText("And again.").count(), 0);
			await page.reload();
			await f.getByRole("button", { name: /^Post comment/ }).waitFor();
			assert.equal(await head.count(), 0);
			await warn("A third time.");
			const desk = await visit(browser, "about:blank");
			await desk.goto(`${SERVER}/dashboard/?site=news&screen=people&person=${author.id}`);
			await desk.getByLabel("Email").fill("ada@example.com");
			await desk.getByLabel("Password").fill(PASSWORD);
			await desk.getByRole("button", { name: "Sign in" }).click();
			await desk.getByText(/acknowledged on \w+ \d+/).first().waitFor();
			assert.equal(await desk.getByText("not acknowledged yet").count(), 1);
			await shot(desk, "warned-drawer");
		} else await yes.click();
		assert.deepEqual(
			page.problems.filter((p) => !/status of 403/.test(p)),
			[],
		);
	});

	test(`${mode}: readers are told when it closes, and it closes under their eyes, with the socket and without`, async () => {
		const path = `/s-closing-${mode}`;
		const last = await post(bo, path, "Say it now");
		const closes = (at) =>
			api("PATCH", `/api/v1/sites/news/moderation/threads/${last.thread_id}`, { closes_at: at.toISOString() }, ada);
		const { page, f } = await open(mode, path, { timezoneId: "Asia/Kathmandu" });
		await comment(f, "Say it now").waitFor();
		assert.equal(await f.getByText("This discussion closes on").count(), 0);
		const soon = new Date(Date.now() + 3_600_000);
		await closes(soon);
		const time = new Intl.DateTimeFormat("en", { timeStyle: "short", timeZone: "Asia/Kathmandu" }).format(soon);
		await f.getByText(new RegExp(`^This discussion closes on .+, ${time}\\.$`)).waitFor(); // live, in the reader's zone
		if (mode === "inline") await clean(page, "closing");
		if (mode === "inline") await pictures(page, "closing");
		await closes(new Date(Date.now() + 4_000));
		const quiet = await open(mode, path, { attrs: 'live="off"' });
		await quiet.f.getByText("This discussion closes on").waitFor();
		for (const at of [f, quiet.f]) {
			await at.getByText("This discussion is closed").waitFor();
			assert.equal(await at.getByText("This discussion closes on").count(), 0);
			assert.equal(await at.getByText(/^Closed \w/).count(), 1);
		}
		assert.deepEqual([...page.problems, ...quiet.page.problems], []);
	});
}

test("whose comments were removed reads beside the box why the next one waits", async () => {
	const v2 = await token("v2@example.com");
	const bad = [];
	for (const text of ["One.", "Two.", "Three."]) bad.push((await post(v2, "/s-demoted", text)).id);
	const reject = bad.map((comment_id) => ({ comment_id, action: "reject", reason: "", note: "" }));
	assert.equal((await api("POST", "/api/v1/sites/news/moderation/decisions", reject, ada)).status, 200);
	const { page, f } = await open("inline", "/s-demoted");
	await signIn("inline", page, f, "v2@example.com");
	await f.getByText(/^Several of your comments were removed this week, so a moderator reads yours first until \w+ \d+\.$/).waitFor();
	await clean(page, "demoted");
	await pictures(page, "demoted");
	await box(f).fill("The next one");
	await f.getByRole("button", { name: /^Post comment/ }).click();
	await comment(f, "The next one").getByText("Only you can see this.").waitFor();
	assert.deepEqual(page.problems, []);
});

test("by night the box says that comments wait, and until when", async () => {
	const hour = (h) => new Date(Date.now() + h * 3_600_000).toISOString().slice(11, 16);
	const settings = (body) => api("PATCH", "/api/v1/sites/news/settings", body, ada);
	const { page, f } = await open("inline", "/s-night", { timezoneId: "Europe/Berlin" });
	await signIn("inline", page, f, "v3@example.com");
	await post(bo, "/s-night", "Before the night");
	await f.getByRole("button", { name: "Show 1 new comment" }).first().click();
	const r = await settings({ night_mode: "all", night_start: hour(-1), night_end: hour(2), night_zone: "UTC" });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	await f.getByText(/^It is night here: comments wait for a moderator until \d+:\d\d [AP]M\.$/).waitFor(); // live
	await clean(page, "night");
	await pictures(page, "night");
	await box(f).fill("Anybody awake?");
	await f.getByRole("button", { name: /^Post comment/ }).click();
	await comment(f, "Anybody awake?").getByText("Only you can see this.").waitFor();
	const desk = await visit(browser, "about:blank");
	await desk.goto(`${SERVER}/dashboard/?site=news&screen=settings`);
	await desk.getByLabel("Email").fill("ada@example.com");
	await desk.getByLabel("Password").fill(PASSWORD);
	await desk.getByRole("button", { name: "Sign in" }).click();
	await desk.getByLabel("Overnight moderation").waitFor();
	for (const width of [1280, 390]) {
		await desk.setViewportSize({ width, height: 900 });
		for (const colorScheme of ["light", "dark"]) {
			await desk.emulateMedia({ colorScheme });
			await desk.getByLabel("Time zone").scrollIntoViewIfNeeded();
			await shot(desk, `night-settings-${width}-${colorScheme}`);
		}
	}
	await desk.getByLabel("Time zone").fill("Middle/Earth");
	await desk.getByLabel("Time zone").press("Enter");
	await desk.getByText("must be a time zone like Europe/Berlin or UTC").waitFor();
	await desk.getByLabel("Overnight moderation").selectOption({ label: "Off" });
	await f.getByText("It is night here").waitFor({ state: "hidden" });
	assert.equal((await api("GET", "/api/v1/sites/news/comments?thread=/s-night")).body.site.night, null);
	assert.deepEqual(page.problems, []);
});

test("what an owner changes reaches the pages that are open, and the text in the box stays", async () => {
	const settings = async (body) => assert.equal((await api("PATCH", "/api/v1/sites/news/settings", body, ada)).status, 200);
	await post(bo, "/s-changes", "Before the change");
	const { page, f } = await open("inline", "/s-changes");
	await live(page);
	const up = comment(f, "Before the change").getByRole("button", { name: "Vote up" });
	await up.waitFor();
	await box(f).fill("Half a sentence");
	try {
		await settings({ votes: "off" });
		await up.waitFor({ state: "detached" });
		await settings({ votes: "updown", max_length: 20 });
		await up.waitFor();
		await box(f).fill("Half a sentence, and more than fits");
		await f.getByText("15 over").first().waitFor();
		await settings({ guests: true, ways_order: ["guest"] });
		await f.getByRole("tab", { name: "As a guest" }).waitFor();
		await settings({ guests: false });
		await f.getByRole("tab", { name: "As a guest" }).waitFor({ state: "detached" });
		assert.equal(await box(f).inputValue(), "Half a sentence, and more than fits");
	} finally {
		await settings({ votes: "updown", max_length: 3000, guests: true, ways_order: [] });
	}
	assert.deepEqual(page.problems, []);
});

test("a page that nobody has touched follows the ways in and the site's name", async () => {
	const settings = async (body) => assert.equal((await api("PATCH", "/api/v1/sites/news/settings", body, ada)).status, 200);
	const { name } = (await api("GET", "/api/v1/sites/news/settings", undefined, ada)).body;
	await settings({ guests: true, ways_order: ["guest"] });
	await post(bo, "/s-untouched", "Before the change");
	const { page, f } = await open("inline", "/s-untouched");
	await live(page);
	const guest = f.getByRole("tab", { name: "As a guest" });
	try {
		await guest.waitFor();
		assert.ok(!(await page.evaluate(() => performance.getEntriesByType("resource").some((r) => /\/act\.js/.test(r.name)))), "something was pressed");
		await settings({ guests: false });
		await guest.waitFor({ state: "detached" });
		await f.getByRole("button", { name: "Post as guest" }).waitFor({ state: "detached" });
		await settings({ guests: true, name: "The Harbour" });
		await guest.waitFor();
		await f.getByRole("tab", { name: /The Harbour/ }).waitFor();
		await f.getByRole("tab", { name: /The Harbour/ }).click();
		await f.getByRole("button", { name: "Continue with The Harbour" }).waitFor();
	} finally {
		await settings({ guests: true, ways_order: [], name });
	}
	assert.deepEqual(page.problems, []);
});

test("a guest's name is kept once they have posted", async () => {
	await post(bo, "/s-guest-name", "Who are you?");
	const { page, f } = await open("inline", "/s-guest-name");
	await box(f).waitFor();
	await f.getByRole("button", { name: "More", exact: true }).first().click();
	await f.getByRole("menuitem", { name: "As a guest" }).click();
	await f.getByLabel("Your name").fill("Gus");
	await box(f).fill("A guest, with nothing risky to say");
	await f.getByRole("button", { name: "Post as guest" }).click();
	await f.locator("article.c").filter({ hasText: "nothing risky" }).filter({ hasText: "Awaiting approval" }).or(comment(f, "nothing risky").getByRole("button", { name: /^Reply/ })).first().waitFor();
	await page.waitForFunction(() => localStorage.getItem("parley:guest") === "Gus");
	await page.reload();
	await box(f).waitFor();
	await f.getByRole("button", { name: "More", exact: true }).first().click();
	await f.getByRole("menuitem", { name: "As a guest" }).click();
	assert.equal(await f.getByLabel("Your name").inputValue(), "Gus");
	assert.deepEqual(page.problems, []);
});

test("quote what is selected", async () => {
	await post(bo, "/s-quote", "Take the early boat, it is empty.");
	const { page, f } = await open("inline", "/s-quote");
	await signIn("inline", page, f);
	const p = comment(f, "Take the early boat").locator(".c-b p");
	await p.selectText();
	await p.dispatchEvent("pointerup");
	await f.getByRole("button", { name: "Quote in a reply" }).click();
	assert.equal(await f.getByLabel("Your reply to Bo Berg").inputValue(), "> Take the early boat, it is empty.\n\n");
});

test("a conversation by keyboard alone", async () => {
	const root = await post(bo, "/s-keys", "Does anybody read this with the keyboard?");
	await post(bo, "/s-keys", "A second thread");
	const { page, f } = await open("inline", "/s-keys", { attrs: 'sort="oldest"' });
	await signIn("inline", page, f);
	const tab = async (find, back = false) => {
		for (let i = 0; i < 40; i++) {
			if (find.test(await focused(page))) return;
			await page.keyboard.press(back ? "Shift+Tab" : "Tab");
		}
		assert.fail(`never reached ${find}: at ${await focused(page)}`);
	};
	await box(f).focus();
	await tab(/<article/);
	await page.keyboard.press("Enter"); // a comment is one stop: this goes in
	await tab(/data-act="reply"/);
	await page.keyboard.press("Enter");
	await page.keyboard.type("I do.");
	await page.keyboard.press("Control+Enter");
	await comment(f, "I do.").getByRole("button", { name: "Reply" }).waitFor();
	assert.match(await focused(page), /<article/, "focus is on the new comment");
	await page.keyboard.press("]");
	assert.match(await focused(page), /<article/);
	await page.keyboard.press("Enter");
	await tab(/aria-label="Vote up"/);
	await page.keyboard.press("Enter");
	await f.locator('[aria-pressed="true"]').first().waitFor();
	assert.match(await focused(page), /Vote up/, "the focus stays on the vote");
	await tab(/data-act="menu"/);
	await page.keyboard.press("Enter");
	await f.getByRole("menu").waitFor();
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Escape");
	assert.match(await focused(page), /data-act="menu"/, "back at its trigger");
	await tab(/data-act="reply"/, true);
	await page.keyboard.press("Enter");
	await page.keyboard.type("Half a thought");
	await page.keyboard.press("Escape");
	assert.match(await focused(page), /data-act="reply"/);
	await page.keyboard.press("Enter");
	assert.equal(await f.locator("form.reply textarea").inputValue(), "Half a thought", "Esc keeps the draft");
	assert.ok(root);
	assert.deepEqual(page.problems, []);
});

test("a live comment touches only its own nodes", async () => {
	for (let i = 0; i < 10; i++) await post(bo, "/s-mutate", `Standing ${i}`);
	const { page, f } = await open("inline", "/s-mutate");
	await comment(f, "Standing 9").waitFor();
	await box(f).waitFor();
	await live(page);
	await page.evaluate(() => {
		window.touched = [];
		new MutationObserver((list) =>
			window.touched.push(
				...list.map(
					(m) => (m.target.nodeType === 1 ? m.target : m.target.parentElement)?.closest("article, .list")?.className ?? "frame",
				),
			),
		).observe(document.querySelector("parley-comments").shadowRoot, {
			subtree: true,
			childList: true,
			attributes: true,
			characterData: true,
		});
	});
	const fresh = await post(ann, "/s-mutate", "Fresh from the socket");
	await f.getByRole("button", { name: "Show 1 new comment" }).first().waitFor();
	assert.deepEqual(await page.evaluate(() => window.touched.filter((t) => t !== "frame")), [], "an arrival touches no comment");
	await page.evaluate(() => (window.touched = []));
	const other = (await api("GET", "/api/v1/sites/news/comments?thread=/s-mutate&sort=oldest&limit=1")).body.comments[0];
	await api("PUT", `/api/v1/comments/${other.id}/vote`, { value: 1 }, ann);
	await f.locator(`#parley-${other.id} output`, { hasText: "1" }).waitFor();
	const touched = await page.evaluate(() => [...new Set(window.touched)]);
	assert.ok(touched.length <= 2 && !touched.includes("list"), `a vote touched ${touched}`);
	assert.ok(fresh);
});

test("a hostile page cannot undo it, and the article is unharmed", async () => {
	await post(bo, "/hostile", "Still here");
	const page = await visit(browser, "about:blank");
	await page.addInitScript(() => {
		Array.prototype.extra = () => "added by somebody";
		Object.prototype.inherited = "added by somebody";
		const real = window.fetch;
		window.fetch = (...a) => real(...a);
		const style = document.createElement("style");
		style.textContent =
			"* { all: unset !important; } p, div, span, button { display: none !important; float: right !important; color: red !important }";
		addEventListener("DOMContentLoaded", () => document.head.append(style));
	});
	await page.goto(`${NEWS}/hostile`);
	const f = page.locator("parley-comments");
	await comment(f, "Still here").waitFor();
	assert.equal(await f.locator("section.w").evaluate((e) => getComputedStyle(e).display), "block");
	assert.ok((await comment(f, "Still here").boundingBox()).width > 300, "it has its width");
	assert.notEqual(await comment(f, "Still here").evaluate((e) => getComputedStyle(e).color), "rgb(255, 0, 0)");
	await signIn("inline", page, f);
	await box(f).fill("Posted all the same");
	await box(f).press("Control+Enter");
	await comment(f, "Posted all the same").getByRole("button", { name: "Reply" }).waitFor();
	await shot(page, "hostile");
	assert.deepEqual(page.problems, []);
});

test("storage full or forbidden: the text lives as long as the page", async () => {
	const page = await visit(browser, "about:blank");
	await page.addInitScript(() => {
		Object.defineProperty(window, "localStorage", {
			get() {
				throw new DOMException("no", "SecurityError");
			},
		});
	});
	await page.goto(`${NEWS}/s-storage`);
	const f = page.locator("parley-comments");
	await box(f).fill("No place to keep this");
	await signIn("inline", page, f); // which posts it
	await comment(f, "No place to keep this").getByRole("button", { name: "Reply" }).waitFor();
	assert.deepEqual(page.problems, []);
});

test("leaving the page leaks nothing; two on one page do not disturb each other", async () => {
	await post(bo, "/s-one", "In the first");
	await post(bo, "/s-two", "In the second");
	const { page } = await open("inline", "/s-one");
	await page.evaluate(() => {
		const other = document.createElement("parley-comments");
		other.setAttribute("site", "news");
		other.setAttribute("thread", "/s-two");
		other.setAttribute("lazy", "off");
		document.body.append(other);
	});
	await page.locator("parley-comments").nth(1).getByText("In the second").waitFor();
	await page.locator("parley-comments").nth(0).getByText("In the first").waitFor();
	const sockets = [];
	page.on("websocket", (w) => {
		sockets.push(w);
		w.closed = false;
		w.on("close", () => {
			w.closed = true;
		});
	});
	for (let i = 0; i < 5; i++) {
		await page.evaluate(() => {
			const el = document.querySelector("parley-comments");
			const parent = el.parentElement;
			el.remove();
			parent.prepend(el);
		});
		await page.locator("parley-comments").nth(0).getByText("In the first").waitFor();
	}
	await until("two widgets have two sockets", () => sockets.filter((w) => !w.isClosed()).length <= 2);
	assert.deepEqual(page.problems, []);
});

test("narrow: names show whole, the heading keeps its button, tools keep to one line, menus stay in the window", async () => {
	await control("/run", ["site", "set", "news", "--name", "The Lantern and Harbour Gazette of the North"].join("\n"));
	try {
		await post(bo, "/s-narrow", "The last one before the end of the page");
		const { page, f } = await open("inline", "/s-narrow", { attrs: 'lang="ru"' });
		await f.getByRole("tab", { name: /The Lantern/ }).waitFor();
		const middle = (e) => e.evaluate((el) => el.getBoundingClientRect().top + el.getBoundingClientRect().height / 2);
		for (const width of [320, 390]) {
			await page.setViewportSize({ width, height: 700 });
			for (const tab of await f.getByRole("tab").all()) {
				const cut = await tab.evaluate((e) => [e, ...e.children].some((x) => x.scrollWidth > x.clientWidth + 1 && x.clientWidth > 0));
				assert.ok(!cut, `${width}: a name is cut`);
			}
			const [title, follow] = [f.locator(".hd h2"), f.getByRole("button", { name: "Следить" })];
			assert.ok(Math.abs((await middle(title)) - (await middle(follow))) < 14, `${width}: the button is beside the heading`);
		}
		await shut(page.context());
		for (const mode of ["inline", "frame"]) await staysInTheWindow(mode);
	} finally {
		await control("/run", ["site", "set", "news", "--name", "The Lantern"].join("\n"));
	}

	async function staysInTheWindow(mode) {
		const { page, f } = await open(mode, "/s-narrow", { viewport: { width: 390, height: 700 } });
		await signIn(mode, page, f);
		const more = f.locator("article.c").last().locator('[data-act="menu"]');
		await f.locator("footer, .ftl").last().scrollIntoViewIfNeeded();
		const long = () => page.evaluate(() => document.documentElement.scrollHeight);
		const before = await long();
		await more.click();
		const menu = f.getByRole("menu");
		await menu.waitFor();
		assert.equal(await long(), before, `${mode}: the page has the same end`);
		const [top, bottom, end] = await menu.evaluate((e) => [e.getBoundingClientRect().top, e.getBoundingClientRect().bottom, innerHeight]);
		assert.ok(top >= 0 && bottom <= end, `${mode}: the menu stands at ${top} to ${bottom} of ${end}`);
		await page.keyboard.press("Escape");
		const tops = await f.locator(".cp.root .cp-tb .ib").evaluateAll((all) => [...new Set(all.map((e) => e.offsetTop))]);
		assert.equal(tops.length, 1, "the tools keep to one line, also once the menus' style is there");
		assert.deepEqual(page.problems, []);
	}
});

test("nonsense attributes, 320 px, 400 % zoom, forced colours, right to left", async () => {
	let parent;
	for (let i = 0; i < 6; i++)
		parent = await post(
			i % 2 ? ann : bo,
			"/s-layout",
			`Level ${i} with a long-enough sentence to fill a line or two of a narrow column, and https://example.com/a/very/long/address/that/does/not/break/anywhere/by/itself`,
			parent?.id,
		);
	const { page, f } = await open("inline", "/s-layout", {
		attrs: 'sort="upside-down" view="spiral" max-depth="-3" page-size="banana" lang="xx-nonsense" theme="mauve"',
	});
	await comment(f, "Level 3").waitFor();
	for (const [name, size] of [
		["320", { width: 320, height: 900 }],
		["zoom", { width: 320, height: 225 }],
	]) {
		await page.setViewportSize(size);
		await until(`${name}: nothing reaches out sideways`, () => page.evaluate(() => document.documentElement.scrollWidth === innerWidth));
		await shot(page, `layout-${name}`);
	}
	await page.setViewportSize({ width: 760, height: 1100 });
	await page.emulateMedia({ forcedColors: "active" });
	await shot(page, "forced-colours");
	await page.emulateMedia({ forcedColors: "none", colorScheme: "dark" });
	await f.locator("section.w").evaluate((e) => e.setAttribute("dir", "rtl"));
	await shot(page, "rtl-dark");
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, "right to left: sideways");
	assert.deepEqual(page.problems, []);
});

test("Russian comes whole and by its own rules", async () => {
	for (let i = 0; i < 3; i++) await post(bo, "/s-ru", `Комментарий ${i}`);
	const { page, f } = await open("inline", "/s-ru", { attrs: 'lang="ru"' });
	await f.getByRole("heading", { name: /^Обсуждение/ }).waitFor();
	await f.getByLabel("Присоединяйтесь к обсуждению").waitFor();
	await live(page);
	for (let i = 0; i < 2; i++) await post(ann, "/s-ru", `Новый ${i}`);
	await f.getByRole("button", { name: "Показать 2 новых комментария" }).first().waitFor();
	await shot(page, "ru");
	assert.deepEqual(page.problems, []);
});
