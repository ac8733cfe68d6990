// What readers are told in the page: the bell, mentions, and how one follows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { api, launch, live, PASSWORD, post, SERVER, shot, token, until, visit } from "./stage.mjs";

let browser, ann, bo;
before(async () => {
	browser = await launch();
	[ann, bo] = await Promise.all([token("ann@example.com"), token("bo@example.com")]);
});
after(() => browser?.close());

const inside = (mode, page) => (mode === "frame" ? page.frameLocator("parley-comments iframe") : page.locator("parley-comments"));
async function open(mode, path, options = {}, attrs = "") {
	const page = await visit(browser, `${path}?attrs=${encodeURIComponent(`${mode === "frame" ? 'mode="frame"' : ""} ${attrs}`)}`, options);
	page.setDefaultTimeout(12_000);
	const f = inside(mode, page);
	await f.locator("form.cp").waitFor();
	return { page, f };
}
async function signIn(mode, page, f, email = "ann@example.com") {
	const go = f.getByRole("button", { name: /^(Continue with|Войти через|متابعة)/ }).first();
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
	await f.locator(".bell").waitFor();
}
const bell = (f) => f.locator("button.bell");
const says = (f) => bell(f).getAttribute("aria-label");

for (const mode of ["inline", "frame"]) {
	test(`${mode}: the bell says live what is new, in all tabs, and what was shown there is read in all of them`, async () => {
		const path = `/t-bell-${mode}`;
		const mine = await post(ann, path, "A question about the ferries.");
		const { page, f } = await open(mode, path);
		await signIn(mode, page, f);
		const other = await page.context().newPage();
		other.sockets = [];
		await other.goto(page.url());
		const g = inside(mode, other);
		await bell(g).waitFor();
		await live(page);
		const before = await says(f);
		await post(bo, path, `They count at the gangway, ${mode}.`, mine.id);
		await until("both tabs say that something is unread", async () => (await says(f)) !== before && (await says(g)) !== before, 20_000);
		assert.match(await says(f), /^Notifications, \d+ unread$/);
		await bell(f).focus();
		await page.keyboard.press("Enter");
		const panel = f.getByRole("dialog", { name: "Notifications" });
		await panel.getByText(`They count at the gangway, ${mode}.`).waitFor();
		assert.match(await panel.locator("li").first().textContent(), /Unread\..*Bo Berg replied to you/s);
		if (mode === "inline") assert.deepEqual(await axe(page), []);
		await shot(page, `t-bell-${mode}`);
		await panel.getByText(`They count at the gangway, ${mode}.`).click();
		await panel.waitFor({ state: "detached" });
		await until("it is read here and there", async () => (await says(f)) === "Notifications" && (await says(g)) === "Notifications", 20_000);
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: a name is completed by keyboard, the link leads to the person, and it survives a rename`, async () => {
		const path = `/t-name-${mode}`;
		await post(bo, path, "I am Bo.");
		const { page, f } = await open(mode, path);
		await signIn(mode, page, f);
		const area = f.getByRole("textbox", { name: "Join the discussion" });
		await area.click();
		await page.keyboard.type("ask @b", { delay: 20 });
		const list = f.getByRole("listbox", { name: "People to mention" });
		await list.getByRole("option", { name: /Bo Berg/ }).waitFor();
		if (mode === "inline") assert.deepEqual(await axe(page), []);
		await shot(page, `t-name-${mode}`);
		await page.keyboard.press("Escape");
		await list.waitFor({ state: "hidden" });
		assert.equal(await area.inputValue(), "ask @b", "Escape leaves the text alone");
		await page.keyboard.type("o");
		assert.equal(await list.isVisible(), false, "and the list closed");
		await page.keyboard.press("Backspace");
		await page.keyboard.press("Backspace");
		await page.keyboard.press("Backspace");
		await page.keyboard.type("@be", { delay: 20 });
		await list.waitFor();
		assert.ok(await area.getAttribute("aria-activedescendant"));
		await page.keyboard.press("Tab");
		assert.equal(await area.inputValue(), "ask @Bo Berg ");
		await page.keyboard.type("about it");
		const sent = page.waitForRequest((r) => r.method() === "POST" && r.url().endsWith("/comments"));
		await page.keyboard.press("Control+Enter");
		const { mentions } = (await sent).postDataJSON();
		assert.equal(mentions.length, 1);
		assert.equal(mentions[0].name, "Bo Berg");
		const link = f.locator("article.c a", { hasText: "@Bo Berg" });
		await link.waitFor();
		assert.equal(await link.getAttribute("href"), `${SERVER}/u/${mentions[0].id}`);
		assert.deepEqual(page.problems, []);
	});

	test(`${mode}: following offers how, each switch takes effect at once`, async () => {
		const path = `/t-follow-${mode}`;
		await post(bo, path, "Something to follow");
		const { page, f } = await open(mode, path, { viewport: { width: 390, height: 800 } });
		await signIn(mode, page, f);
		await f.getByRole("button", { name: "Follow", exact: true }).click();
		await f.locator(".toast").getByRole("button", { name: "How?" }).click();
		const panel = f.getByRole("dialog", { name: "Follow" });
		await panel.getByRole("radio", { name: "Daily" }).click();
		await until("the choice is kept", async () => (await api("GET", "/api/v1/me/mail?site=news", null, ann)).body.replies === "daily");
		if (mode === "inline") assert.deepEqual(await axe(page), []);
		await shot(page, `t-follow-${mode}`);
		await page.keyboard.press("ArrowLeft");
		await until("arrows choose too", async () => (await api("GET", "/api/v1/me/mail?site=news", null, ann)).body.replies === "hourly");
		await panel.getByRole("switch", { name: /This discussion/ }).click();
		await until("nobody follows", async () => !(await api("GET", `/api/v1/me?site=news&thread=${path}`, null, ann)).body.following);
		await page.keyboard.press("Escape");
		await f.getByRole("button", { name: "Follow", exact: true }).waitFor();
		assert.deepEqual(page.problems, []);
	});
}
