// Images in comments: from a file, the clipboard or a drop to everybody's page, and out of sight again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, control, launch, PASSWORD, post, SERVER, shot, signIn, token, until, visit } from "./stage.mjs";

let browser, chief, bo;
before(async () => {
	browser = await launch();
	await control("/run", ["user", "add", "--site", "news", "--email", "chief@example.com", "--name", "The Chief", "--password", PASSWORD, "--role", "admin"].join("\n"));
	[chief, bo] = await Promise.all([token("chief@example.com"), token("bo@example.com")]);
});
after(() => browser?.close());

const settings = (body) => api("PATCH", "/api/v1/sites/news/settings", body, chief).then((r) => assert.equal(r.status, 200, JSON.stringify(r.body)));
const box = (p) => p.getByLabel("Join the discussion");

/** drawing is a picture of the page's own making, larger than is kept. */
const drawing = (page, w, h, kind = "image/png") =>
	page.evaluate(
		async ([w, h, kind]) => {
			const c = new OffscreenCanvas(w, h);
			const x = c.getContext("2d");
			for (let i = 0; i < 40; i++) {
				x.fillStyle = `hsl(${(i * 47) % 360} 60% ${20 + ((i * 13) % 60)}%)`;
				x.fillRect((i * 97) % w, (i * 61) % h, w / 4, h / 3);
			}
			return [...new Uint8Array(await (await c.convertToBlob({ type: kind })).arrayBuffer())];
		},
		[w, h, kind],
	);

async function visitPage(path) {
	const page = await visit(browser, path);
	page.setDefaultTimeout(12_000);
	return page;
}

async function open(path, attrs = "", options = {}) {
	const page = await visit(browser, `${path}?attrs=${encodeURIComponent(attrs)}`, options);
	page.setDefaultTimeout(12_000);
	await page.locator("form.cp.root").waitFor();
	return page;
}

test("the button is there for who may, and the upload's code comes with the first file", async () => {
	await settings({ images: "off" });
	const page = await open("/i-off");
	await signIn(page);
	await box(page).fill("words");
	await page.getByRole("button", { name: "Bold" }).waitFor();
	assert.equal(await page.getByRole("button", { name: "Add an image" }).count(), 0);
	await settings({ images: "members" });
	await page.reload();
	await box(page).click();
	await page.getByRole("button", { name: "Add an image" }).waitFor();
	assert.ok(!page.requests.some((r) => /upload\.js|pictures\.js/.test(r.url())), "nothing was loaded for it");
});

test("a file becomes an image that others see, with its size before it has come", async () => {
	await settings({ images: "members", blur_images: "off" });
	const page = await open("/i-one");
	await signIn(page);
	await box(page).fill("The 02:00 on Thursday.");
	const [ask] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Add an image" }).click()]);
	await ask.setFiles({ name: "ferry.png", mimeType: "image/png", buffer: Buffer.from(await drawing(page, 3000, 1500)) });
	await page.getByLabel("Describe the picture").waitFor();
	await until("it is in the text", async () => /!\[\]\(parley:[0-9a-f]{32}\)/.test(await box(page).inputValue()));
	await page.getByRole("button", { name: "Post comment" }).click();
	await page.getByText("Describe the picture first").waitFor();
	await page.getByLabel("Describe the picture").fill("A lit *ferry*");
	await shot(page, "image-composer");
	await page.getByRole("button", { name: "Post comment" }).click();
	const img = page.locator("article.c .pic img");
	await img.waitFor();
	const reader = await open("/i-one");
	const seen = reader.locator("article.c .pic img");
	await seen.waitFor();
	await seen.scrollIntoViewIfNeeded();
	await until("it has come", () => seen.evaluate((e) => e.complete && e.naturalWidth > 0));
	assert.equal(await seen.getAttribute("alt"), "A lit *ferry*");
	assert.deepEqual(await seen.evaluate((e) => [e.naturalWidth, e.naturalHeight]), [2048, 1024], "shrunk");
	const place = await reader.locator("article.c .pic").boundingBox();
	assert.ok(Math.abs(place.width / place.height - 2) < 0.02 && place.width <= 420, JSON.stringify(place));
	const src = await seen.getAttribute("src");
	assert.ok(src.startsWith(`${SERVER}/media/`), src);
	await shot(reader, "image-in-comment");
	const id = /media\/([0-9a-f]{32})/.exec(src)[1];
	const framed = await visitPage(`/i-one?attrs=${encodeURIComponent('mode="frame"')}`);
	const inside = framed.frameLocator("parley-comments iframe").locator("article.c .pic img");
	await inside.waitFor();
	await inside.scrollIntoViewIfNeeded();
	await until("it shows in the frame", () => inside.evaluate((e) => e.complete && e.naturalWidth > 0));
	assert.deepEqual(framed.problems, []);
	const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
	await plain.goto(`${SERVER}/p/news?thread=%2Fi-one`);
	assert.equal(await plain.locator(`img[src*="${id}"]`).getAttribute("alt"), "A lit *ferry*");
	assert.deepEqual([...page.problems, ...reader.problems], []);
});

test("what is pasted or dropped is taken, and what is no picture is refused in place", async () => {
	await settings({ images: "members", blur_images: "off" });
	const page = await open("/i-two");
	await signIn(page);
	await box(page).click();
	await page.getByRole("button", { name: "Add an image" }).waitFor();
	const bytes = await drawing(page, 300, 200);
	const give = (type, files) =>
		page.evaluate(
			([type, files]) => {
				const t = new DataTransfer();
				for (const [name, kind, bytes] of files) t.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
				const area = document.querySelector("parley-comments").shadowRoot.querySelector("form.cp textarea");
				const e = type === "paste" ? new ClipboardEvent("paste", { clipboardData: t, bubbles: true, cancelable: true, composed: true }) : new DragEvent("drop", { dataTransfer: t, bubbles: true, cancelable: true, composed: true });
				area.dispatchEvent(e);
				return e.defaultPrevented;
			},
			[type, files],
		);
	assert.ok(await give("paste", [["a.png", "image/png", bytes]]));
	await until("one is in the text", async () => (await box(page).inputValue()).split("parley:").length === 2);
	assert.ok(await give("drop", [["b.png", "image/png", bytes], ["timetable.pdf", "application/pdf", [37, 80, 68, 70]]]));
	await until("two are", async () => (await box(page).inputValue()).split("parley:").length === 3);
	await page.getByText("Not a picture.").waitFor();
	await page.getByLabel("It is decoration").first().check();
	await page.getByLabel("It is decoration").nth(1).check();
	await page.getByRole("button", { name: "Remove b.png" }).click();
	await until("one is left", async () => (await box(page).inputValue()).split("parley:").length === 2);
	await page.getByRole("button", { name: "Post comment" }).click();
	await page.locator("article.c .pic img").waitFor();
	assert.deepEqual(page.problems, []);
});

test("a name leads to a card, and without a tier the box says so before anybody writes", async () => {
	await post(bo, "/i-card", "Words of Bo's");
	const page = await open("/i-card");
	await page.locator("article.c .c-n").click();
	const card = page.getByRole("dialog", { name: "Bo Berg" });
	await card.getByText(/\d+ comments?/).waitFor();
	await card.getByText("First comments on this site").waitFor();
	await shot(page, "person-card");
	await page.keyboard.press("Escape");
	await until("the focus is back at the comment", () => page.evaluate(() => !!document.querySelector("parley-comments").shadowRoot.activeElement?.closest("article.c")));
	await page.getByRole("button", { name: /^More/ }).press("Enter"); // by keyboard it is in the menu
	await page.getByRole("menuitem", { name: "About Bo Berg" }).press("Enter");
	await card.waitFor();
	await page.keyboard.press("Escape");
	await settings({ write: ["gold"], subscribe_url: "https://news.test/subscribe" });
	const other = await open("/i-card");
	await box(other).click();
	await other.getByText("Only subscribers can comment here. Sign in").waitFor();
	await signIn(other);
	await other.getByText("Only subscribers can comment here. You can still read and vote.").waitFor();
	await other.getByRole("link", { name: "See subscriptions" }).waitFor();
	await shot(other, "tier-composer");
	await settings({ write: "everyone" });
	assert.deepEqual([...page.problems, ...other.problems], []);
});

test("a newcomer's image shows on a click, and one that is said to be illegal to nobody", async () => {
	await settings({ images: "members", blur_images: "all" });
	const page = await open("/i-veil");
	await signIn(page);
	await box(page).fill("Look.");
	const [ask] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Add an image" }).click()]);
	await ask.setFiles({ name: "gate.jpg", mimeType: "image/jpeg", buffer: Buffer.from(await drawing(page, 800, 600, "image/jpeg")) });
	await until("it is in the text", async () => /parley:/.test(await box(page).inputValue()));
	await page.getByLabel("Describe the picture").fill("People at a gate");
	await page.getByRole("button", { name: "Post comment" }).click();
	await page.getByRole("button", { name: "Show image" }).waitFor();
	const reader = await open("/i-veil", "", { viewport: { width: 390, height: 800 } });
	await reader.getByRole("button", { name: "Show image" }).waitFor();
	assert.ok(!reader.requests.some((r) => r.url().includes("/media/")), "it was not even fetched");
	for (const [name, scheme, dir] of [["light", "light", "ltr"], ["dark", "dark", "ltr"], ["rtl", "light", "rtl"]]) {
		await reader.emulateMedia({ colorScheme: scheme });
		await reader.evaluate((d) => (document.documentElement.dir = d), dir);
		await reader.locator(".pic").scrollIntoViewIfNeeded();
		await shot(reader, `image-veil-390-${name}`);
	}
	await reader.evaluate(() => (document.documentElement.dir = "ltr"));
	await reader.getByRole("button", { name: "Show image" }).press("Enter");
	await until("it shows", () => reader.locator(".pic img").evaluate((e) => e.complete && e.naturalWidth > 0));
	const c = (await api("GET", `/api/v1/sites/news/comments?thread=${encodeURIComponent("/i-veil")}`)).body.comments[0];
	const id = /media\/([0-9a-f]{32})/.exec(c.html)[1];
	assert.equal((await api("POST", `/api/v1/comments/${c.id}/reports`, { reason: "illegal", image: id }, bo)).status, 202);
	await reader.getByText("Hidden while a moderator looks").waitFor();
	assert.equal((await fetch(`${process.env.API}/media/${id}.jpg`)).status, 404);
	const desk = await visit(browser, "about:blank");
	await desk.goto(`${SERVER}/dashboard/?site=news`);
	await desk.getByLabel("Email").fill("chief@example.com");
	await desk.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await desk.getByRole("button", { name: "Sign in", exact: true }).click();
	await desk.getByText("Hidden: said to be illegal").waitFor();
	assert.ok(!desk.requests.some((r) => r.url().includes("/media/")), "no thumbnail");
	await shot(desk, "image-desk-held");
	await desk.getByRole("button", { name: "Open (logged)" }).click();
	await until("a moderator sees it", () => desk.locator(".k-b .pic img").evaluate((e) => e.complete && e.naturalWidth > 0));
	await desk.getByRole("button", { name: "It may stand" }).click();
	await desk.getByRole("button", { name: "Blur", exact: true }).waitFor();
	await until("it is back", async () => (await fetch(`${process.env.API}/media/${id}.jpg`)).status === 200);
});

test("an agreement is asked for in the box, and the text stays", async () => {
	const page = await open("/i-agree");
	await signIn(page);
	await box(page).fill("Half a thought");
	await settings({ ask_standards: true });
	await page.getByRole("button", { name: "Post comment" }).click();
	await page.getByRole("heading", { name: "Please accept the standards first" }).waitFor();
	await shot(page, "agree-composer");
	assert.equal(await box(page).inputValue(), "Half a thought");
	await page.getByRole("button", { name: "I accept them" }).click();
	await page.getByRole("heading", { name: "Please accept the standards first" }).waitFor({ state: "detached" });
	await page.getByRole("button", { name: "Post comment" }).click();
	await page.locator("article.c").getByText("Half a thought").waitFor();
	await settings({ ask_standards: false });
});
