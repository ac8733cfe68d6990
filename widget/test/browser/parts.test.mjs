// What is typed and pressed while the parts of the widget are slow, or do not come at all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, launch, NEWS, post, SERVER, shot, signIn, token, until, visit } from "./stage.mjs";

let browser, bo;
before(async () => {
	browser = await launch();
	bo = await token("bo@example.com");
});
after(() => browser?.close());

const box = (page) => page.getByLabel("Join the discussion");
const comments = async (path) => (await api("GET", `/api/v1/sites/news/comments?thread=${path}&view=flat`)).body.comments;
const draft = (page, name = "root") =>
	page.evaluate(([name]) => Object.entries(localStorage).find(([k]) => k.startsWith("parley:draft:") && k.endsWith(name))?.[1] ?? "", [name]);
const focused = (page) =>
	page.evaluate(() => {
		const at = document.activeElement;
		return (at?.shadowRoot?.activeElement ?? at)?.closest("article, [id]")?.id ?? "";
	});

/** hold keeps a part, or the parts that act, back until it is told to let go. */
async function hold(page, part = /\/(act|posting|following|ways)\.js$/) {
	let go;
	const held = new Promise((done) => (go = done));
	await page.route(part, async (route) => {
		await held;
		await route.continue().catch(() => {});
	});
	return go;
}

/** fail has a part not come until it is told to: then the browser says so, which is no fault of a script. */
async function fail(page, part, how = (route) => route.fulfill({ status: 404, headers: { "access-control-allow-origin": "*" }, body: "" })) {
	await page.route(part, how);
	return () => page.unroute(part);
}

const open = async () => {
	const page = await visit(browser, "about:blank");
	page.setDefaultTimeout(12_000);
	return page;
};
const arrive = async (page, path, html = "") => {
	if (html)
		await page.goto(
			`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Ferries</title>${html}<parley-comments site="news" thread="${path}" lazy="off"></parley-comments><script async src="${SERVER}/embed.js"></script></html>`)}`,
		);
	else await page.goto(NEWS + path);
	await box(page).waitFor();
};

test("signed in, what is pressed and sent at once waits for who one is, and no sign-in opens", async () => {
	const root = await post(bo, "/p-me", "To be voted on");
	const page = await open();
	await arrive(page, "/p-me");
	await signIn(page);
	let windows = 0;
	page.context().on("page", () => windows++);
	const go = await hold(page);
	let tell;
	const told = new Promise((done) => (tell = done));
	await page.route("**/me?*", async (route) => {
		await told;
		await route.continue().catch(() => {});
	});
	await arrive(page, "/p-me");
	await page.locator(`#parley-${root.id}`).getByRole("button", { name: "Vote up" }).click();
	await page.getByRole("button", { name: "Follow" }).click();
	await box(page).fill("Sent before anybody was known");
	await page.locator("form.root [type=submit]").click();
	go();
	await page.locator(".skip").waitFor({ state: "attached" });
	tell();
	await page.locator("article.c", { hasText: "Sent before anybody was known" }).getByText("You").waitFor();
	await page.locator(`#parley-${root.id} [data-act=up][aria-pressed=true]`).waitFor();
	await page.getByRole("button", { name: "Following" }).waitFor();
	await until("the vote counts", async () => (await comments("/p-me")).find((c) => c.id === root.id).up === 1);
	assert.equal(await page.getByRole("dialog").count(), 0);
	assert.equal(windows, 0, "no sign-in window");
	assert.deepEqual(page.problems, []);
});

test("a session that has ended meanwhile: what was pressed says so, or opens the window", async () => {
	const page = await open();
	await arrive(page, "/p-ended");
	await page.evaluate(() => localStorage.setItem("parley:signed-in", "01gone"));
	const go = await hold(page);
	await arrive(page, "/p-ended");
	await box(page).fill("Written under a session that is over");
	const popup = page.waitForEvent("popup");
	await page.locator("form.root [type=submit]").click();
	go();
	await (await popup).locator("#e1").waitFor();
	assert.equal(await box(page).inputValue(), "Written under a session that is over");
	assert.deepEqual(page.problems, []);
});

test("where the part that listens does not come, it is said where the box would be, and pressing fetches it again", async () => {
	await post(bo, "/p-deaf", "To be answered");
	for (const how of ["a button", "the first press"]) {
		const page = await open();
		const mend = await fail(page, "**/listen.js");
		await page.goto(`${NEWS}/p-deaf`);
		const said = page.getByRole("alert").filter({ hasText: "That didn't work." });
		await said.waitFor();
		await mend();
		if (how === "a button") await said.getByRole("button", { name: "Try again" }).click();
		else await page.locator("[data-act=reply]").click();
		await box(page).waitFor();
		await said.waitFor({ state: "detached" });
		if (how !== "a button") await page.getByLabel("Your reply to Bo Berg").waitFor();
		assert.deepEqual(page.problems, []);
		await page.context().close();
	}
});

test("a draft that is written on before the parts come is one text", async () => {
	const page = await open();
	await arrive(page, "/p-draft");
	await box(page).fill("old draft");
	await until("it is kept", async () => (await draft(page)) === "old draft");
	const go = await hold(page);
	await arrive(page, "/p-draft");
	await box(page).focus();
	await page.keyboard.press("End");
	await page.keyboard.type("NEW ");
	go();
	await page.locator(".skip").waitFor({ state: "attached" });
	await page.getByText("Draft saved").waitFor();
	assert.equal(await box(page).inputValue(), "old draftNEW ");
	assert.equal(await draft(page), "old draftNEW ");
	assert.deepEqual(page.problems, []);
});

test("what is written before the parts come outlives the page, and a move of the element", async () => {
	const page = await open();
	await arrive(page, "/p-leave");
	await hold(page);
	await box(page).focus();
	await page.keyboard.type("Typed, and away");
	await page.evaluate(() => document.body.append(document.querySelector("parley-comments")));
	await until("it is there again", async () => (await box(page).inputValue().catch(() => "")) === "Typed, and away");
	await box(page).fill("Typed, and away again");
	await page.reload();
	await box(page).waitFor();
	assert.equal(await box(page).inputValue(), "Typed, and away again");
	assert.deepEqual(page.problems, []);
});

test("what is written in one tab is not mixed with the draft of another, nor does an untouched one drop it", async () => {
	const one = await open();
	await arrive(one, "/p-tabs");
	const two = await one.context().newPage();
	const three = await one.context().newPage();
	for (const page of [two, three]) await arrive(page, "/p-tabs");
	await one.bringToFront();
	await box(one).pressSequentially("tab one text");
	await until("it is kept", async () => (await draft(one)) === "tab one text");
	await three.bringToFront();
	await three.locator("form.cp").hover();
	await three.locator(".skip").waitFor({ state: "attached" });
	assert.equal(await box(three).inputValue(), "");
	await three.goto("about:blank");
	assert.equal(await draft(one), "tab one text", "an untouched box drops nothing");
	await two.bringToFront();
	await box(two).pressSequentially("tab two");
	await two.locator(".skip").waitFor({ state: "attached" });
	await two.getByText("Draft saved").waitFor();
	assert.equal(await box(two).inputValue(), "tab two");
	assert.equal(await box(one).inputValue(), "tab one text");
	assert.deepEqual(one.problems, []);
	await one.context().close();
	// Who signs in in a tab where nothing is written takes nothing out of the box of another.
	const writes = await open();
	await arrive(writes, "/p-tabs-in");
	const signs = await writes.context().newPage();
	await arrive(signs, "/p-tabs-in");
	await box(writes).pressSequentially("half a thought");
	await until("it is kept", async () => (await draft(writes)) === "half a thought");
	await signs.bringToFront();
	await signIn(signs);
	await writes.getByRole("button", { name: /^Commenting as/ }).waitFor();
	assert.equal(await box(writes).inputValue(), "half a thought");
	assert.deepEqual(writes.problems, []);
});

test("an answer takes what is typed right after the press; it takes no focus once the reader is elsewhere", async () => {
	const path = "/p-reply";
	const [first] = [await post(bo, path, "To be answered"), await post(bo, path, "Another")];
	const page = await open();
	const go = await hold(page);
	await arrive(page, path, '<input id="search" aria-label="Search">');
	const article = page.locator(`#parley-${first.id}`);
	await article.getByRole("button", { name: "Reply" }).click();
	await page.keyboard.type("Typed at once");
	const area = article.locator("form.reply textarea");
	await until("the box has all of it", async () => (await area.inputValue()) === "Typed at once");
	const same = await area.elementHandle();
	const { y, height } = await article.locator("..").boundingBox();
	await article.getByRole("button", { name: "Reply" }).click();
	await page.locator("#search").click();
	await page.keyboard.type("jkr");
	go();
	await page.getByLabel("Your reply to Bo Berg").waitFor();
	await page.keyboard.type("!");
	assert.equal(await page.locator("#search").inputValue(), "jkr!");
	assert.equal(await article.locator("form.reply").count(), 1);
	assert.equal(await same.evaluate((e) => e.isConnected && e.value), "Typed at once");
	const now = await article.locator("..").boundingBox();
	assert.equal(now.y, y);
	assert.ok(Math.abs(now.height - height) < 4, `the room is there from the press: ${height} px at rest, ${now.height} px after`);
	assert.deepEqual(page.problems, []);
});

test("an answer that is begun before the parts come outlives the page", async () => {
	const root = await post(bo, "/p-reply-leave", "To be answered");
	const page = await open();
	const go = await hold(page);
	await arrive(page, "/p-reply-leave");
	await page.locator("[data-act=reply]").click();
	await page.keyboard.type("Half an answer");
	await until("the box has all of it", async () => (await page.locator("form.reply textarea").inputValue()) === "Half an answer");
	await page.reload();
	assert.equal(await draft(page, root.id), "Half an answer");
	await box(page).waitFor();
	go();
	await page.locator("[data-act=reply]").click();
	await page.getByLabel("Your reply to Bo Berg").waitFor();
	assert.equal(await page.locator("form.reply textarea").inputValue(), "Half an answer");
	assert.deepEqual(page.problems, []);
});

test("the letters that lead through the list work from the first one on", async () => {
	const path = "/p-keys";
	for (let i = 0; i < 3; i++) await post(bo, path, `Comment ${i}`);
	for (const slow of [true, false]) {
		const page = await open();
		const go = slow ? await hold(page) : () => {};
		await arrive(page, path);
		const ids = await page.locator("article.c").evaluateAll((all) => all.map((a) => a.id));
		await page.locator("article.c").first().focus();
		await page.keyboard.press("j");
		go();
		await until(`j moves, ${slow}`, async () => (await focused(page)) === ids[1]);
		await page.context().close();
	}
	const page = await open();
	const go = await hold(page);
	await arrive(page, path);
	await page.locator("article.c").first().focus();
	await page.keyboard.press("r");
	await page.keyboard.type("crack jokes");
	go();
	await page.getByLabel("Your reply to Bo Berg").waitFor();
	assert.equal(await page.locator("form.reply textarea").inputValue(), "crack jokes");
	assert.equal(await page.locator("form.reply").count(), 1);
	assert.deepEqual(page.problems, []);
});

test("what does not come is said where the reader is, in a sentence that fits", async () => {
	const path = "/p-lost";
	for (let i = 0; i < 12; i++) await post(bo, path, `Comment ${i}\n\nof two paragraphs`);
	for (const [lang, said, mode] of [
		["en", "That didn't work.", "inline"],
		["ru", "Не получилось.", "inline"],
		["en", "That didn't work.", "frame"],
	]) {
		const page = await open();
		const mend = await fail(page, "**/act.js");
		await page.goto(`${NEWS}${path}?attrs=${encodeURIComponent(`lang="${lang}" ${mode === "frame" ? 'mode="frame"' : ""}`)}`);
		const f = mode === "frame" ? page.frameLocator("parley-comments iframe") : page;
		await f.locator("form.cp").waitFor();
		const tenth = f.locator("article.c").nth(9);
		await tenth.scrollIntoViewIfNeeded();
		await tenth.locator("[data-act=up]").click();
		const banner = f.locator("div.ban:not([hidden])", { hasText: said });
		await banner.waitFor();
		const inSight = async () => {
			const at = await banner.boundingBox();
			return !!at && at.y >= 0 && at.y + at.height <= 900;
		};
		await until("it is in sight", inSight);
		const text = await banner.textContent();
		assert.ok(text.startsWith(said) && !/[Nn]othing you wrote|пропало/.test(text), text);
		await shot(page, `parts-lost-${lang}-${mode}`);
		await mend();
		await banner.getByRole("button").click();
		if (mode === "inline") await page.getByRole("dialog").waitFor(); // the vote asks who one is
		await banner.waitFor({ state: "hidden" });
		assert.deepEqual(page.problems, []);
		await page.context().close();
	}
	const page = await open();
	await arrive(page, path);
	await page.route("**/comments?*", (route) => route.abort());
	await page.getByLabel("Sort").selectOption("newest");
	await page.locator("div.ban:not([hidden])", { hasText: "That didn't work." }).waitFor();
});

test("without a connection nothing is promised that is not there", async () => {
	await post(bo, "/p-off", "To be answered");
	const page = await open();
	await arrive(page, "/p-off");
	await page.context().setOffline(true);
	await page.locator("[data-act=reply]").click();
	const banner = page.locator("div.ban:not([hidden])", { hasText: "You're offline." });
	await banner.waitFor();
	assert.equal((await banner.textContent()).includes("writing"), false);
	await page.context().setOffline(false);
	const again = page.getByRole("button", { name: "Try again" });
	await until("the answer opens", async () => {
		if (await again.isVisible()) await again.click({ timeout: 500 }).catch(() => {}); // the first try may have come too early
		return page.getByLabel("Your reply to Bo Berg").isVisible();
	});
	await page.context().setOffline(true);
	await banner.getByText("You can keep reading and writing.").waitFor();
	assert.deepEqual(page.problems, []);
});

test("what is sent twice while the parts are slow is sent once", async () => {
	const page = await open();
	const go = await hold(page);
	await arrive(page, "/p-twice");
	await box(page).fill("Pressed twice");
	await page.evaluate(() => {
		window.opened = 0;
		window.open = () => {
			window.opened++;
			return { closed: false, postMessage() {} };
		};
	});
	const button = page.locator("form.root [type=submit]");
	await button.click();
	await button.click();
	go();
	await page.getByText("Finish signing in in the other window.").waitFor();
	assert.equal(await page.evaluate(() => window.opened), 1);
	assert.deepEqual(page.problems, []);
});
