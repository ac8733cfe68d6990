// What readers are told in the page: the bell, mentions, and how one follows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { api, control, launch, lend, live, PASSWORD, post, SERVER, shot, shut, token, until, visit } from "./stage.mjs";

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
		if (mode === "inline") assert.deepEqual((await axe(page)).filter((v) => !v.startsWith("target-size: parley-comments,.find")), []); // the panel covers a part of it
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

test("a reader without an account follows by mail; the answer is the same for every address", async () => {
	await control("/run", ["site", "set", "news", "--guests"].join("\n"));
	const path = "/t-guest";
	await post(bo, path, "Something to follow");
	const { page, f } = await open("inline", path, { viewport: { width: 390, height: 800 } });
	await f.getByRole("button", { name: "Follow", exact: true }).click();
	const dialog = f.getByRole("dialog", { name: "Sign in to follow" });
	await dialog.getByRole("button", { name: "Follow by email, without an account" }).click();
	await dialog.getByLabel("Your email address").fill("x");
	await page.keyboard.press("Enter");
	await dialog.getByRole("alert").waitFor();
	await dialog.getByLabel("Your email address").fill("gast@inbox.example");
	assert.deepEqual((await axe(page)).filter((v) => !v.includes("header >")), []); // what the veil covers is nobody's to read
	await shot(page, "t-guest");
	await page.keyboard.press("Enter");
	await dialog.getByRole("status").filter({ hasText: "a message is on its way" }).waitFor();
	assert.deepEqual(page.problems, []);
});

test("a device is let in on our own page: it explains, asks, shows what comes, and is let out", async () => {
	await lend(async (whole) => { // the shell of it shows no notifications
		const context = await whole.newContext({ viewport: { width: 460, height: 700 } });
		await context.grantPermissions(["notifications"], { origin: SERVER });
		const page = await context.newPage();
		const wrong = [];
		page.on("pageerror", (e) => wrong.push(e.message));
		await page.goto(`${SERVER}/push?site=news`);
		await page.getByLabel("Email").fill("ann@example.com");
		await page.getByLabel("Password").fill(PASSWORD);
		await page.getByRole("button", { name: "Sign in", exact: true }).click();
		await page.getByRole("heading", { name: "Push on your devices" }).waitFor();
		await page.getByText("It says who wrote and where").waitFor();
		assert.deepEqual(await axe(page), []);
		await shot(page, "t-push");
		// Chromium without a head has no push service: the worker is let in by hand, as the page does it.
		assert.equal(
			await page.evaluate(async () => {
				const url = trustedTypes.createPolicy("test", { createScriptURL: () => "/push.js" }).createScriptURL("");
				const r = await navigator.serviceWorker.register(url, { scope: "/" });
				await navigator.serviceWorker.ready;
				return new URL(r.scope).pathname;
			}),
			"/",
		);
		assert.equal(await page.evaluate(() => Notification.permission), "granted");
		const cdp = await context.newCDPSession(page);
		const registered = new Promise((done) => cdp.on("ServiceWorker.workerRegistrationUpdated", (e) => e.registrations[0] && done(e.registrations[0].registrationId)));
		await cdp.send("ServiceWorker.enable");
		const id = await registered;
		const message = { web_push: 8030, notification: { title: "Bo Berg replied to you", body: "The Lantern · Ferries", navigate: `${SERVER}/c/x`, lang: "en", dir: "auto", tag: "t" } };
		await cdp.send("ServiceWorker.deliverPushMessage", { origin: SERVER, registrationId: id, data: JSON.stringify(message) });
		const shown = () => page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => [n.title, n.body, n.tag, n.data.navigate]));
		await until("the worker shows it", async () => (await shown()).length === 1);
		assert.deepEqual(await shown(), [["Bo Berg replied to you", "The Lantern · Ferries", "t", `${SERVER}/c/x`]]);
		await cdp.send("ServiceWorker.deliverPushMessage", { origin: SERVER, registrationId: id, data: JSON.stringify({ ...message, notification: { ...message.notification, title: "Pell replied to you" } }) });
		await until("the later of a discussion takes the place of the earlier", async () => (await shown())[0]?.[0] === "Pell replied to you" && (await shown()).length === 1);
		await until("what cannot be read is shown as no more than a sign", async () => {
			await cdp.send("ServiceWorker.deliverPushMessage", { origin: SERVER, registrationId: id, data: "no message" }); // one is lost now and then where the worker is just ending
			await page.waitForTimeout(1_000);
			return (await shown()).some(([title]) => title === "Parley");
		});
		// Quiet hours and what a message shows are the account's.
		await page.getByLabel("From").fill("22:00");
		await page.getByLabel("Until").fill("07:00");
		await page.getByRole("button", { name: "Save quiet hours" }).click();
		await until("the hours are kept", async () => (await api("GET", "/api/v1/me/push", null, ann)).body.quiet_until === "07:00");
		assert.deepEqual(wrong, []);
	});
});

test("the account shows what the bell says on all sites, and where devices are let out", async () => {
	const mine = await post(ann, "/t-account", "A question.");
	await post(bo, "/t-account", "An answer for the account.", mine.id);
	const context = await browser.newContext();
	const page = await context.newPage();
	await page.goto(`${SERVER}/account#notifications`);
	await page.getByLabel("Email").fill("ann@example.com");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
	const card = page.locator("#notifications");
	await card.waitFor();
	await until("it is told", async () => {
		if (await card.getByText("An answer for the account.").count()) return true;
		await page.reload();
		await card.waitFor();
		await page.waitForTimeout(300);
		return false;
	});
	assert.deepEqual(await axe(page), []);
	await card.scrollIntoViewIfNeeded();
	await shot(page, "t-account");
	await card.getByRole("button", { name: "Mark all as read" }).click();
	await page.getByText("All of it is read.").waitFor();
	assert.equal((await api("GET", "/api/v1/me/notifications", null, ann)).body.unread, 0);
	await shut(context);
});

test("in the dark, right to left and narrow, what one is told stays in the window; Russian is whole", async () => {
	const path = "/t-looks";
	const mine = await post(ann, path, "Вопрос о паромах.");
	await post(bo, path, "They count at the gangway. I have asked for the figures by hour.", mine.id);
	const { page, f } = await open("inline", path, { colorScheme: "dark" });
	await signIn("inline", page, f);
	const fits = async (what) => {
		const box = await f.getByRole("dialog").boundingBox();
		const { width } = page.viewportSize();
		assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${what}: ${JSON.stringify(box)} of ${width}`);
	};
	await until("it is told", async () => (await says(f)) !== "Notifications", 20_000);
	await page.evaluate(() => Object.assign(document.body.style, { background: "#191918", color: "#eee" }));
	const section = f.locator("section.w");
	await bell(f).click();
	await f.getByRole("dialog").getByText("Bo Berg").first().waitFor();
	assert.deepEqual(await axe(page), []);
	await fits("dark");
	await shot(page, "t-dark");
	await section.evaluate((e) => e.setAttribute("dir", "rtl"));
	await page.setViewportSize({ width: 1000, height: 800 });
	await fits("right to left");
	await shot(page, "t-rtl");
	await page.setViewportSize({ width: 320, height: 700 });
	await fits("narrow");
	await shot(page, "t-narrow");
	await page.keyboard.press("Escape");
	await page.locator("parley-comments").evaluate((e) => e.setAttribute("lang", "ru"));
	await until("it speaks Russian", async () => (await section.getAttribute("lang")) === "ru");
	await section.evaluate((e) => e.setAttribute("dir", "ltr"));
	await bell(f).click();
	await f.getByRole("dialog", { name: "Уведомления" }).getByText("Вам ответили: Bo Berg").first().waitFor();
	await shot(page, "t-ru");
	assert.deepEqual(page.problems, []);
});
