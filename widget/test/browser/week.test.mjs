// A week of one reader on two devices: comes by a message, finds what is new, is
// mentioned, answers, posts an image, reacts, searches, mutes, takes all of it
// out and goes. What is left of her then is looked for by the test around this.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, control, launch, NEWS, PASSWORD, post, SERVER, shot, signIn, token, until, visit } from "./stage.mjs";

let browser, ada, bo;
before(async () => {
	browser = await launch();
	await control("/run", ["user", "add", "--site", "news", "--email", "ada@example.com", "--name", "Ada Min", "--password", PASSWORD, "--role", "admin"].join("\n"));
	[ada, bo] = await Promise.all([token("ada@example.com"), token("bo@example.com")]);
	const r = await api("PATCH", "/api/v1/sites/news/settings", { reactions: ["agree", "thanks", "funny"], images: "members", blur_images: "off" }, ada);
	assert.equal(r.status, 200, JSON.stringify(r.body));
});
after(() => browser?.close());

const THREAD = "/w-week";
const comment = (page, id) => page.locator(`#parley-${id}`);
const box = (page) => page.getByLabel("Join the discussion");
const seen = (page) => page.evaluate(() => Object.keys(localStorage).find((k) => k.startsWith("parley:seen:")));

test("a week of one reader", async () => {
	// Monday, at the desk: she asks, and reads on.
	const desk = await visit(browser, THREAD);
	await signIn(desk);
	await box(desk).fill("Is the lift at the quayside-hippogriff running again?");
	await desk.getByRole("button", { name: "Post comment" }).click();
	const asked = desk.locator("article.c", { hasText: "quayside-hippogriff" });
	await asked.waitFor();
	await until("it is posted", async () => /parley-/.test((await asked.getAttribute("id")) ?? ""));
	const mine = (await asked.getAttribute("id")).slice("parley-".length);
	await until("her visit is remembered", () => seen(desk));
	const ann = await token("ann@example.com");
	const me = (await api("GET", `/api/v1/me?site=news&thread=${THREAD}`, null, ann)).body.user;

	// Tuesday: she is answered, and named; the bell of the open page says so.
	const answer = await post(bo, THREAD, "@Ann_Lee it runs since Sunday, says the harbour office.", mine);
	await until("the bell says it", async () => /unread/.test((await desk.locator("button.bell").getAttribute("aria-label")) ?? ""));
	const told = (await api("GET", "/api/v1/me/notifications?site=news", null, ann)).body;
	assert.ok(told.unread >= 1 && told.notifications.some((n) => n.comment?.id === answer.id || n.comment === answer.id), JSON.stringify(told));

	// Wednesday, on the phone: she comes by the message's link, to the comment in its place.
	const phone = await visit(browser, "about:blank", { viewport: { width: 390, height: 800 } });
	phone.setDefaultTimeout(15_000);
	await phone.goto(`${SERVER}/c/${answer.id}`);
	await phone.waitForURL(`${NEWS}${THREAD}#parley-${answer.id}`);
	await comment(phone, answer.id).waitFor();
	await signIn(phone);
	await comment(phone, answer.id).getByRole("link", { name: "@Ann Lee" }).waitFor();
	await phone.locator("button.bell").click();
	await phone.getByRole("dialog", { name: "Notifications" }).getByText("harbour office").first().waitFor();
	await phone.keyboard.press("Escape");
	await until("what was read on the phone is read at the desk", async () => !/unread/.test((await desk.locator("button.bell").getAttribute("aria-label")) ?? ""), 20_000);

	// She answers there with an image, and reacts.
	await comment(phone, answer.id).getByRole("button", { name: /^Reply/ }).click();
	const reply = phone.getByRole("textbox", { name: "Your reply to Bo Berg" });
	await reply.fill("Then I take the hippogriff-ferry at two.");
	const [ask] = await Promise.all([phone.waitForEvent("filechooser"), phone.locator("form.reply").getByRole("button", { name: "Add an image" }).click()]);
	const png = await phone.evaluate(async () => {
		const c = new OffscreenCanvas(300, 200);
		c.getContext("2d").fillRect(20, 20, 90, 90);
		return [...new Uint8Array(await (await c.convertToBlob({ type: "image/png" })).arrayBuffer())];
	});
	await ask.setFiles({ name: "lift.png", mimeType: "image/png", buffer: Buffer.from(png) });
	await phone.getByLabel("Describe the picture").fill("The lift, its doors open");
	await phone.locator("form.reply").getByRole("button", { name: /^(Post|Reply)/ }).last().click();
	const image = phone.locator("article.c .pic img");
	await image.waitFor();
	const picture = await image.getAttribute("src");
	await comment(phone, answer.id).getByRole("button", { name: "Agree: 0" }).click();
	await comment(phone, answer.id).getByRole("button", { name: "Agree: 1", pressed: true }).waitFor();
	await shot(phone, "week-phone");

	// Friday, at the desk: what is new since then is marked, and found.
	const later = await post(bo, THREAD, "The hippogriff has a timetable of its own now.");
	await desk.goto("about:blank");
	const next = await desk.context().newPage();
	await next.goto(`${NEWS}/other`);
	await next.evaluate((t) => localStorage.setItem(`parley:seen:news:${t}`, JSON.stringify({ before: 0, last: Date.now() - 3 * 86_400_000 })), THREAD);
	await next.goto(`${NEWS}${THREAD}`);
	await next.getByRole("heading", { name: /new since/ }).waitFor();
	await comment(next, later.id).getByText("New", { exact: true }).waitFor();
	await next.getByRole("button", { name: "Search comments" }).click();
	await next.getByRole("combobox", { name: "Search comments" }).fill("hippogr");
	await until("three are found", async () => (await next.locator(".fd-l li").count()) === 3);
	await shot(next, "week-desk");
	await next.keyboard.press("Escape");

	// She has had enough of Bo.
	await comment(next, later.id).getByRole("button", { name: "More", exact: true }).click();
	await next.getByRole("menuitem", { name: "Mute Bo Berg" }).click();
	await comment(next, later.id).getByText("muted by you").waitFor();
	await post(bo, THREAD, "@Ann_Lee are you there?");
	await next.waitForTimeout(2_000);
	assert.equal((await api("GET", "/api/v1/me/notifications?site=news", null, ann)).body.unread, 0, "who is muted is not heard");

	// She takes everything out, and goes.
	const own = await (await browser.newContext()).newPage();
	await own.goto(`${SERVER}/account`);
	await own.getByLabel("Email").fill("ann@example.com");
	await own.getByLabel("Password").fill(PASSWORD);
	await own.getByRole("button", { name: "Sign in", exact: true }).click();
	await own.getByRole("heading", { name: "Profile" }).waitFor();
	const zip = await own.evaluate(async () => (await fetch("/api/v1/me/export", { headers: { "X-Parley": "1" } })).arrayBuffer().then((b) => [...new Uint8Array(b)].length));
	assert.ok(zip > 1_000, `${zip} bytes`);
	await control("/run", ["user", "erase", "ann@example.com", "--texts"].join("\n"));
	await until("her words are gone", async () => {
		const found = (await api("GET", `/api/v1/sites/news/search?q=hippogriff&thread=${encodeURIComponent(THREAD)}`)).body.comments;
		return found.every((c) => c.author?.id !== me.id) && found.length === 1;
	}, 30_000);
	await until("her image is gone", async () => (await api("GET", picture.slice(SERVER.length))).status === 404);
	const page = (await api("GET", `/api/v1/sites/news/comments?thread=${encodeURIComponent(THREAD)}`)).body;
	assert.ok(!JSON.stringify(page).includes(`/u/${me.id}`), "no mention leads to her");
	assert.ok(!JSON.stringify(page.comments.map((c) => c.author)).includes("Ann"), "and nothing is signed by her");
	assert.deepEqual([...desk.problems, ...phone.problems], []);
});
