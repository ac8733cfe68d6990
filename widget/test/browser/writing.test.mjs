// What is being written is never lost, and never becomes another's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, control, launch, live, NEWS, PASSWORD, post, SERVER, shot, token, until, visit } from "./stage.mjs";

let browser, ann, bo;
before(async () => {
	browser = await launch();
	[ann, bo] = await Promise.all([token("ann@example.com"), token("bo@example.com")]);
});
after(() => browser?.close());

const box = (f) => f.getByLabel("Join the discussion");
const comment = (f, text) =>
	f.locator("article.c").filter({ has: (f.page?.() ?? f).locator(":scope > .c-main > .c-b", { hasText: text }) });
async function open(mode, path, attrs = "", options = {}) {
	const page = await visit(browser, `${path}?attrs=${encodeURIComponent(`${mode === "frame" ? 'mode="frame"' : ""} ${attrs}`)}`, options);
	page.setDefaultTimeout(12_000);
	const f = mode === "frame" ? page.frameLocator("parley-comments iframe") : page.locator("parley-comments");
	await f.locator("form.cp.root").waitFor();
	return { page, f };
}
async function signIn(mode, page, f, email = "ann@example.com") {
	const tab = f.getByRole("tab", { name: /The Lantern/ }).first();
	if (await tab.count()) await tab.click();
	const go = f.getByRole("button", { name: /^(Continue with The Lantern|Sign in and post)/ }).first();
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
const set = (page, name, value) =>
	page.evaluate(([n, v]) => document.querySelector("parley-comments").setAttribute(n, v), [name, value]);
const signOut = async (f) => {
	await f.getByRole("button", { name: /^Commenting as/ }).click();
	await f.getByRole("menuitem", { name: "Sign out" }).click();
	await f.getByRole("button", { name: /^Continue with/ }).first().waitFor();
};

for (const mode of ["inline", "frame"]) {
	test(`${mode}: half an answer survives another order, another view, new comments and changed attributes`, async () => {
		const path = `/w-keep-${mode}`;
		const standing = [];
		for (let i = 0; i < 8; i++) standing.push(await post(bo, path, `Standing ${i}`));
		const { page, f } = await open(mode, path, 'sort="newest"');
		await signIn(mode, page, f);
		await box(f).fill("Half a comment");
		await comment(f, "Standing 3").getByRole("button", { name: "Reply" }).click();
		const reply = f.getByLabel("Your reply to Bo Berg");
		await reply.fill("Half an answer");
		const area = await reply.elementHandle();
		const there = async (what) => {
			assert.equal(await comment(f, "Standing 3").locator("form.reply textarea").inputValue(), "Half an answer", what);
			assert.equal(await area.evaluate((e) => e.isConnected), true, `${what}: the same box`);
			assert.equal(await f.locator("form.root textarea").inputValue(), "Half a comment", what);
		};
		await f.getByLabel("Sort").selectOption("oldest");
		await f.locator("article.c").first().getByText("Standing 0").waitFor();
		await there("another order");
		await f.getByRole("radio", { name: "Flat" }).click();
		await f.locator('[data-view="flat"][aria-checked="true"]').waitFor();
		await there("another view");
		await f.getByRole("radio", { name: "Threaded" }).click();
		await there("and back");
		for (let i = 0; i < 32; i++) await post(bo, path, `Fresh ${i}`);
		await f.getByRole("button", { name: "Show 32 new comments" }).first().click();
		await f.getByRole("button", { name: "Show 32 new comments" }).first().waitFor({ state: "hidden" });
		await f.getByLabel("Sort").selectOption("newest");
		await f.locator("article.c").first().getByText("Fresh 31").waitFor();
		// It is on no page that shows: the box stands above the list, by name, with the way there.
		await f.locator(".held form.reply").waitFor();
		await f.locator(".held").getByText("Replying to Bo Berg").waitFor();
		assert.equal(await area.evaluate((e) => e.isConnected && e.value), "Half an answer");
		await shot(page, `w-held-${mode}`);
		await f.locator(".held").getByRole("button", { name: "Go to comment" }).click();
		await comment(f, "Standing 3").locator("form.reply").waitFor();
		await there("Go to comment");
		assert.equal(await f.locator(".held form").count(), 0);
		// The page changes what it likes; nothing is mounted anew.
		let ready = 0;
		await page.exposeFunction("ready", () => ready++);
		await page.evaluate(() => document.addEventListener("parley:ready", () => window.ready()));
		await set(page, "title", "Another title");
		await set(page, "live", "off");
		await set(page, "live", "on");
		await set(page, "url", `${NEWS}${path}?page=2`);
		await set(page, "sso", "no.good.token");
		await there("title, url, live, sso");
		await reply.focus();
		await set(page, "lang", "ru");
		await f.getByRole("heading", { name: /^Обсуждение/ }).waitFor();
		await f.getByLabel("Ваш ответ для Bo Berg").or(f.locator("form.reply textarea")).first().waitFor();
		await there("lang");
		assert.equal(await area.evaluate((e) => e.getRootNode().activeElement === e), true, "the focus stays in the box");
		await shot(page, `w-lang-${mode}`);
		await set(page, "lang", "en");
		await f.getByRole("heading", { name: /^Discussion/ }).waitFor();
		await there("and back to English");
		assert.equal(ready, 0, "never mounted anew");
		await post(bo, path, "Still live");
		await f.getByRole("button", { name: "Show 1 new comment" }).first().waitFor();
		await f.locator("form.reply").getByRole("button", { name: "Reply", exact: true }).click();
		await comment(f, "Half an answer").getByRole("button", { name: "Reply" }).waitFor();
		const sent = (await api("GET", `/api/v1/comments/${standing[3].id}/replies`)).body;
		assert.equal(sent.comments.length, 1);
		assert.deepEqual(page.problems.filter((p) => !/40[13]/.test(p)), []);
	});

	test(`${mode}: Enter goes on with a list, and a paste is cut to what fits`, async () => {
		await post(bo, `/w-keys-${mode}`, "A list, please");
		const { page, f } = await open(mode, `/w-keys-${mode}`);
		const [came] = await Promise.all([
			page.waitForResponse((r) => r.url().endsWith("/typing.js")),
			f.getByLabel("Join the discussion").first().click(),
		]);
		await came.finished();
		await page.keyboard.type("1. one");
		await until("Enter goes on with the list", async () => {
			await page.keyboard.press("Enter");
			return (await f.locator("form.cp textarea").first().inputValue()).endsWith("2. ");
		});
		await f.locator("form.cp textarea").first().evaluate((area) => {
			const data = new DataTransfer();
			data.setData("text/plain", "x".repeat(9000));
			area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
		});
		assert.ok((await f.locator("form.cp textarea").first().inputValue()).length <= 3000);
		assert.deepEqual(page.problems.filter((p) => !/40[13]/.test(p)), []);
	});

	test(`${mode}: an edit has a draft: Esc keeps it, another order keeps it, saving and discarding end it`, async () => {
		const path = `/w-edit-${mode}`;
		await post(ann, path, "As it was");
		await post(bo, path, "Another");
		const { page, f } = await open(mode, path);
		await signIn(mode, page, f);
		const edit = async (text = "As it was") => {
			await comment(f, text).getByRole("button", { name: "More", exact: true }).click();
			await f.getByRole("menuitem", { name: /^Edit/ }).click();
			await f.locator("form.edit textarea").waitFor();
		};
		const area = f.locator("form.edit textarea");
		await edit();
		await area.fill("As it will be");
		await area.press("Escape");
		if (mode === "inline") await f.locator(".toast", { hasText: "Draft saved" }).waitFor(); // this browser keeps storage from frames
		await edit();
		assert.equal(await area.inputValue(), "As it will be", "Esc keeps it");
		await f.getByText("These are the changes you haven't saved.").waitFor();
		await f.getByLabel("Sort").selectOption("oldest");
		await f.locator("article.c").first().getByText("As it was").waitFor({ state: "attached" }); // the box stands in its place
		assert.equal(await area.inputValue(), "As it will be", "another order keeps it");
		await f.locator("form.edit").getByRole("button", { name: "Discard" }).click();
		assert.equal(await area.inputValue(), "As it was");
		await area.press("Escape");
		await edit();
		assert.equal(await area.inputValue(), "As it was", "discarded is discarded");
		assert.equal(await f.getByText("These are the changes").count(), 0);
		await area.fill("As it is");
		await f.getByRole("button", { name: "Save" }).click();
		await comment(f, "As it is").waitFor();
		await edit("As it is");
		assert.equal(await area.inputValue(), "As it is", "nothing is left of the draft");
		await area.fill("As it stays");
		await area.press("Escape");
		if (mode === "inline") await f.locator(".toast", { hasText: "Draft saved" }).waitFor();
		await edit("As it is");
		await f.getByRole("button", { name: "Save" }).click();
		await comment(f, "As it stays").waitFor();
		assert.equal(await f.locator(".toast", { hasText: "Draft saved" }).count(), 0, "of what is saved nothing is said to be a draft");
		assert.deepEqual(page.problems, []);
	});
}

test("what waits offline is sent for who wrote it, and for nobody else", async () => {
	const path = "/w-queue";
	await post(bo, path, "A start");
	const { page, f } = await open("inline", path);
	await signIn("inline", page, f);
	await page.context().setOffline(true);
	await f.getByText("You're offline.").waitFor();
	await box(f).fill("Ann's, from a tunnel");
	await box(f).press("Control+Enter");
	await f.getByText("Waiting for a connection").waitFor();
	await box(f).fill("Ann's draft");
	const url = page.url();
	await page.goto("about:blank").catch(() => {});
	await page.context().setOffline(false);
	// Bo signs in on another page of the paper, in the same browser.
	const other = await page.context().newPage();
	await other.goto(`${NEWS}/w-elsewhere`);
	const g = other.locator("parley-comments");
	await signOut(g);
	await signIn("inline", other, g, "bo@example.com");
	await page.goto(url);
	await f.getByRole("button", { name: "Commenting as Bo Berg" }).waitFor();
	assert.equal(await box(f).inputValue(), "", "another's draft is not there");
	assert.equal(await f.getByText("Ann's, from a tunnel").count(), 0, "nor what waits");
	await box(f).fill("Bo's draft");
	await f.getByText("Draft saved").waitFor();
	assert.equal((await api("GET", `/api/v1/sites/news/comments?thread=${path}`)).body.comments.length, 1, "nothing was sent");
	await signOut(f);
	assert.equal(await box(f).inputValue(), "", "who leaves takes their words along");
	await signIn("inline", page, f);
	await comment(f, "Ann's, from a tunnel").getByRole("button", { name: "Reply" }).waitFor();
	assert.equal(await box(f).inputValue(), "Ann's draft");
	const all = (await api("GET", `/api/v1/sites/news/comments?thread=${path}`)).body.comments;
	assert.deepEqual(all.map((c) => c.author.name).sort(), ["Ann Lee", "Bo Berg"]);
});

test("somebody else signs in in another tab while a comment waits: it is not sent in their name", async () => {
	const path = "/w-tabs";
	await post(bo, path, "A start");
	const { page, f } = await open("inline", path);
	await signIn("inline", page, f);
	const other = await page.context().newPage();
	await other.goto(`${NEWS}/w-tabs-other`);
	const g = other.locator("parley-comments");
	await g.getByRole("button", { name: "Commenting as Ann Lee" }).waitFor();
	await page.route("**/api/v1/sites/news/comments", (r) => (r.request().method() === "POST" ? r.abort() : r.fallback()));
	await box(f).fill("Only ever Ann's");
	await box(f).press("Control+Enter");
	await f.getByText("Not posted.").waitFor();
	await box(f).fill("Ann's next");
	await signOut(g);
	await f.getByRole("button", { name: /^Continue with/ }).first().waitFor(); // this tab follows
	await signIn("inline", other, g, "bo@example.com");
	await page.unroute("**/api/v1/sites/news/comments");
	await f.getByRole("button", { name: "Commenting as Bo Berg" }).waitFor();
	assert.equal(await f.getByText("Only ever Ann's").count(), 0);
	assert.equal(await box(f).inputValue(), "");
	assert.equal((await api("GET", `/api/v1/sites/news/comments?thread=${path}`)).body.comments.length, 1);
});

test("signing out means out in this browser: nobody is signed in again by one click", async () => {
	const { page, f } = await open("inline", "/w-out");
	await box(f).fill("Written before signing in");
	await signIn("inline", page, f);
	await comment(f, "Written before signing in").getByRole("button", { name: /^Reply/ }).waitFor(); // pressed once
	const account = await page.context().newPage();
	await account.goto(`${SERVER}/account`);
	await account.getByText("Ann Lee").first().waitFor();
	await signOut(f);
	assert.equal(await box(f).inputValue(), "");
	const [popup] = await Promise.all([page.waitForEvent("popup"), f.getByRole("button", { name: /^Continue with The Lantern/ }).first().click()]);
	await popup.locator("#e1").waitFor();
	assert.equal(await popup.getByText("Ann Lee").count(), 0);
	await shot(popup, "w-out");
	await account.reload();
	assert.equal(await account.getByText("Ann Lee").count(), 0, "the account's page knows nobody either");
	await popup.close();
	await page.reload();
	await f.locator("form.cp.root").waitFor();
	assert.equal(await box(f).inputValue(), "", "the next person finds nothing");
});

test("the sign-in window speaks of a comment only where one is written", async () => {
	await post(await token("bo@example.com"), "/w-kept", "A comment to vote on");
	const page = await visit(browser, "/w-kept");
	const f = page.locator("parley-comments");
	const said = async (press) => {
		const [popup] = await Promise.all([page.waitForEvent("popup"), press()]);
		await popup.getByRole("heading", { name: "Sign in to The Lantern" }).waitFor();
		const kept = await popup.getByText("Your comment is kept").locator("visible=true").count();
		await popup.close();
		return kept > 0;
	};
	const go = () => f.getByRole("button", { name: "Continue with The Lantern" }).last().click();
	await f.getByRole("button", { name: "Vote up" }).first().click();
	const dialog = f.getByRole("dialog", { name: "Sign in to vote" });
	assert.equal(await said(() => dialog.getByRole("button", { name: "Continue with The Lantern" }).click()), false, "a vote");
	await dialog.press("Escape");
	await dialog.waitFor({ state: "detached" });
	await page.getByLabel("Join the discussion").fill("Half a sentence");
	const press = () => f.getByRole("button", { name: "Sign in and post" }).click();
	assert.equal(await said(press), true, "a text");
	await page.getByLabel("Join the discussion").fill("");
	assert.equal(await said(go), false, "a text that was taken back");
	assert.deepEqual(page.problems, []);
});

for (const mode of ["inline", "frame"]) {
	test(`${mode}: one's own comment is never news, however late the answer`, async () => {
		await post(bo, `/w-own-${mode}`, "The first word");
		const { page, f } = await open(mode, `/w-own-${mode}`);
		await signIn(mode, page, f);
		await live(page);
		await page.evaluate(() => {
			window.news = 0;
			document.addEventListener("parley:new-available", () => window.news++);
		});
		const watch = await f.locator(".pill").evaluateHandle((pill) => {
			const seen = { flashes: 0, spoken: "" };
			new MutationObserver(() => {
				if (!pill.hidden) seen.flashes++;
				seen.spoken += [...pill.getRootNode().querySelectorAll("p.sr")].map((p) => p.textContent).filter((t) => /new comment/.test(t)).join();
			}).observe(pill.getRootNode(), { subtree: true, childList: true, attributes: true, characterData: true });
			return seen;
		});
		for (const at of page.frames())
			await at.evaluate(() => {
				const go = window.fetch;
				window.fetch = async (url, how) => {
					const answer = await go(url, how);
					if (how?.method === "POST" && /comments$/.test(url)) await new Promise((r) => setTimeout(r, 1500)); // its event is here long before
					return answer;
				};
			});
		await box(f).fill("My own word");
		await f.getByRole("button", { name: "Post comment" }).click();
		await comment(f, "My own word").getByRole("button", { name: /^Reply/ }).waitFor();
		await page.waitForTimeout(500);
		assert.deepEqual(await watch.jsonValue(), { flashes: 0, spoken: "" });
		assert.equal(await page.evaluate(() => window.news), 0);
		assert.equal(await f.locator(".hd .n").textContent(), "2");
		await post(bo, `/w-own-${mode}`, "Another's word");
		await f.getByRole("button", { name: "Show 1 new comment" }).first().waitFor();
		assert.deepEqual(page.problems, []);
	});
}

test("while an input method composes, no key acts", async () => {
	const { page, f } = await open("inline", "/w-ime");
	await signIn("inline", page, f);
	await box(f).fill("half a w");
	await page.waitForTimeout(500); // the tools
	const press = (how) =>
		box(f).evaluate((at, o) => {
			const e = new KeyboardEvent("keydown", { ctrlKey: true, bubbles: true, composed: true, cancelable: true, ...o });
			if (o.keyCode) Object.defineProperty(e, "keyCode", { value: o.keyCode });
			at.dispatchEvent(e);
			return e.defaultPrevented;
		}, how);
	for (const composing of [{ isComposing: true }, { keyCode: 229 }])
		for (const key of ["Enter", "b", "i", "k", "Escape"]) assert.equal(await press({ key, ...composing }), false, key);
	assert.equal(await box(f).inputValue(), "half a w");
	assert.equal(await f.locator("article.c").count(), 0, "nothing is posted");
	assert.equal(await press({ key: "b" }), true);
	assert.equal(await box(f).inputValue(), "half a w****");
	assert.deepEqual(page.problems, []);
});

test("a draft is gone in every tab once one of them has posted it; another text stays", async () => {
	const path = "/w-both";
	await post(bo, path, "A start");
	const { page, f } = await open("inline", path);
	await signIn("inline", page, f);
	await box(f).fill("Written once");
	await f.getByText("Draft saved").waitFor();
	const tab = async () => {
		const p = await page.context().newPage();
		await p.goto(`${NEWS}${path}`);
		const g = p.locator("parley-comments");
		await g.getByRole("button", { name: "Commenting as Ann Lee" }).waitFor();
		assert.equal(await box(g).inputValue(), "Written once", "both have it");
		return { p, g };
	};
	const same = await tab();
	const other = await tab();
	await other.g.locator("form.root textarea").evaluate((area) => {
		area.value = "Written since"; // no pause since: it is kept nowhere yet
	});
	await f.getByRole("button", { name: "Post comment" }).click();
	await comment(f, "Written once").getByRole("button", { name: /^Reply/ }).waitFor();
	await until("it is gone in the other tab", async () => (await box(same.g).inputValue()) === "");
	assert.equal(await box(other.g).inputValue(), "Written since");
	await same.p.reload();
	await same.g.getByRole("button", { name: "Commenting as Ann Lee" }).waitFor();
	assert.equal(await box(same.g).inputValue(), "", "and stays gone");
});

test("why a comment waits is said after a reload too, and guests are offered only what they can do", async () => {
	await control(
		"/run",
		["user", "add", "--site", "news", "--email", "ad@example.com", "--name", "Ada Admin", "--password", PASSWORD, "--role", "admin"].join("\n"),
	);
	const ada = await token("ad@example.com");
	const settings = async (s) => assert.equal((await api("PATCH", "/api/v1/sites/news/settings", s, ada)).status, 200);
	const clock = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
	const path = "/w-waits";
	await post(bo, path, "A start");
	await settings({ guests: true, night_mode: "all", night_start: clock(-2), night_end: clock(4), night_zone: "UTC" });
	await post(ann, path, "Held by night");
	const { page, f } = await open("inline", path, 'live="off"');
	await f.getByRole("tab", { name: "As a guest" }).click();
	await f.getByLabel("Your name").fill("Gus");
	await box(f).fill("A guest's own");
	await f.getByRole("button", { name: "Post as guest" }).click();
	const guests = comment(f, "A guest's own");
	await guests.getByText("Awaiting approval").waitFor();
	await guests.getByText("It was written at night").waitFor();
	assert.equal(await guests.getByRole("button").count(), 0, "nothing that a guest cannot do");

	await settings({ guests: false });
	await box(f).fill("A guest's next");
	await f.getByRole("button", { name: "Post as guest" }).click();
	await f.getByText("This site no longer takes comments from guests.").waitFor();
	assert.equal(await box(f).inputValue(), "A guest's next", "the text is kept");
	assert.equal(await f.getByText("signed out").count(), 0);
	await shot(page, "w-no-guests");
	await box(f).fill("");

	await signIn("inline", page, f);
	for (const how of ["signed in", "reloaded"]) {
		const own = comment(f, "Held by night");
		await own.getByText("Only you can see this. It was written at night, when a moderator reads comments first.").waitFor();
		assert.equal(await own.getByRole("button", { name: "Withdraw" }).count(), 1, how);
		await shot(page, "w-held-night");
		if (how === "signed in") await page.reload();
	}
	await settings({ night_mode: "", guests: false });
	assert.deepEqual(page.problems, []);
});
