import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, launch, NEWS, PASSWORD, post, SERVER, shot, token } from "./stage.mjs";

let browser;
before(async () => {
	browser = await launch();
});
after(() => browser?.close());

async function own(path, { referer, ...options } = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	page.on("console", (m) => {
		if (m.type() === "error" && !/status of (400|401|403|404|409|422|429)/.test(m.text())) page.problems.push(m.text());
	});
	await page.goto(SERVER + path, referer ? { referer } : {});
	return page;
}

async function signedIn(options) {
	const page = await own("/account", options);
	await page.getByLabel("Email").fill("ann@example.com");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("heading", { name: "Profile" }).waitFor();
	return page;
}

test("a passkey is added, opens the account alone, and is removed", async () => {
	const page = await signedIn();
	const cdp = await page.context().newCDPSession(page);
	await cdp.send("WebAuthn.enable");
	const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
		options: {
			protocol: "ctap2",
			transport: "internal",
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
	await page.getByRole("button", { name: "Add a passkey" }).click();
	await page.getByText("The passkey is added.").waitFor();
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.getByRole("button", { name: "Use your passkey" }).click();
	await page.getByRole("heading", { name: "Profile" }).waitFor();
	// An answer that the device signs for nobody is refused.
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.getByRole("button", { name: "Use your passkey" }).waitFor();
	const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId });
	assert.equal(credentials.length, 1);
	assert.ok(credentials[0].isResidentCredential);
	await page.getByRole("button", { name: "Use your passkey" }).click();
	await page.getByRole("heading", { name: "Ways to sign in" }).waitFor();
	await page.locator("li", { hasText: "Passkey" }).getByRole("button", { name: "Remove" }).click();
	await page.getByText("The passkey is removed.").waitFor();
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.getByRole("button", { name: "Use your passkey" }).click();
	await page.getByText("That passkey wasn't accepted").waitFor();
	assert.deepEqual(page.problems, []);
});

test("the sign-in window takes a passkey and hands the session to the widget", async () => {
	const page = await signedIn();
	const context = page.context();
	const enable = async (p) => {
		const cdp = await context.newCDPSession(p);
		await cdp.send("WebAuthn.enable");
		const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
			options: {
				protocol: "ctap2",
				transport: "internal",
				hasResidentKey: true,
				hasUserVerification: true,
				isUserVerified: true,
				automaticPresenceSimulation: true,
			},
		});
		return { cdp, authenticatorId };
	};
	const here = await enable(page);
	await page.getByRole("button", { name: "Add a passkey" }).click();
	await page.getByText("The passkey is added.").waitFor();
	const { credentials } = await here.cdp.send("WebAuthn.getCredentials", { authenticatorId: here.authenticatorId });
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.getByRole("button", { name: "Use your passkey" }).waitFor();
	await page.goto(`${NEWS}/passkey`);
	await page.getByRole("tab", { name: /The Lantern/ }).click();
	const [popup] = await Promise.all([
		page.waitForEvent("popup"),
		page
			.getByRole("button", { name: /^Continue with The Lantern/ })
			.first()
			.click(),
	]);
	await popup.locator("#e1").waitFor();
	const there = await enable(popup);
	await there.cdp.send("WebAuthn.addCredential", { authenticatorId: there.authenticatorId, credential: credentials[0] });
	await popup.locator("#e1").fill("ann@example.com");
	await popup.locator("#e1").press("Enter");
	await Promise.all([popup.waitForEvent("close"), popup.getByRole("button", { name: "Use your passkey" }).click()]);
	await page
		.getByRole("button", { name: /^Commenting as/ })
		.first()
		.waitFor();
});

for (const [width, scheme] of [
	[1280, "light"],
	[1280, "dark"],
	[390, "light"],
	[390, "dark"],
]) {
	test(`the account at ${width} px, ${scheme}`, async () => {
		const page = await signedIn({ viewport: { width, height: 900 }, colorScheme: scheme });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing sticks out");
		await page.screenshot({ path: `${process.env.SHOTS}/account-${width}-${scheme}.png`, fullPage: true });
		assert.deepEqual(page.problems, []);
	});
	test(`the sign-in window at ${width} px, ${scheme}`, async () => {
		const q = new URLSearchParams({ site: "news", origin: NEWS, return: `${NEWS}/a`, challenge: "A".repeat(43) });
		const page = await own(`/auth/popup?${q}`, {
			referer: `${NEWS}/a`, // the widget's page sends the reader here
			viewport: { width, height: width === 390 ? 844 : 860 },
			colorScheme: scheme,
		});
		const at = async (name) => {
			assert.equal(
				await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
				true,
				`${name}: nothing sticks out`,
			);
			await shot(page, `popup-${name}-${width}-${scheme}`);
		};
		await page.getByRole("heading", { name: "Sign in to The Lantern" }).waitFor();
		await at("choose");
		await page.locator("#e1").fill("not an address");
		await page.locator("#e1").press("Enter");
		await page.getByText("must be one address").waitFor();
		await page.locator("#e1").fill("ines@okafor.example");
		await page.locator("#e1").press("Enter");
		await page.getByRole("heading", { name: "Welcome back" }).waitFor();
		await at("password");
		await page.locator("#p1").fill("wrongone");
		await page.locator("#p1").press("Enter");
		await page.getByText("don't match").waitFor();
		await at("wrong");
		await page.getByRole("button", { name: "Create an account" }).click();
		await page.locator("#p3").fill("a ferry at two");
		await at("create");
		await page.getByRole("button", { name: "Back" }).click();
		await page.locator("#e1").press("Enter");
		await page.getByRole("button", { name: "Email me a sign-in link" }).click();
		await page.getByRole("heading", { name: "Check your email" }).waitFor();
		assert.equal(await page.evaluate(() => document.activeElement?.id), "c1", "the cursor is where the code goes");
		await page.keyboard.type("4193");
		await at("link");
		await page.goto(
			`${SERVER}/auth/popup?${new URLSearchParams({ site: "news", origin: NEWS, provider: "facebook", step: "denied" })}`,
		);
		await page.getByRole("heading", { name: /was cancelled/ }).waitFor();
		await at("denied");
		assert.deepEqual(page.problems, []);
	});
}

test("the account by keyboard: a name is changed, a wrong one is said where it stands", async () => {
	const page = await signedIn();
	const name = page.getByLabel("Display name");
	await name.fill("B");
	await name.press("Enter");
	await page.getByText(/^Display name /).waitFor();
	assert.equal(await name.getAttribute("aria-invalid"), "true");
	await name.fill("Ann Leigh");
	await name.press("Enter");
	await page.getByText("Your name is saved.").waitFor();
	await page.getByRole("heading", { name: "Ann Leigh" }).waitFor();
	await name.fill("Ann Lee");
	await name.press("Enter");
	await page.getByRole("heading", { name: "Ann Lee" }).waitFor();
});

test("a picture is cut to a square by keys and pointer, seen by all, and removed", async () => {
	const page = await signedIn();
	const bytes = await page.evaluate(async () => {
		const c = new OffscreenCanvas(600, 300);
		const x = c.getContext("2d");
		x.fillStyle = "#0000c8";
		x.fillRect(0, 0, 600, 300);
		x.fillStyle = "#c80000";
		x.fillRect(0, 0, 300, 300); // the left half is red
		return [...new Uint8Array(await (await c.convertToBlob({ type: "image/png" })).arrayBuffer())];
	});
	await page.locator("#picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from(bytes) });
	const crop = page.getByRole("group", { name: "Choose what readers see" });
	const square = crop.getByRole("img");
	await square.waitFor();
	for (let i = 0; i < 20; i++) await square.press("ArrowLeft");
	const box = await square.boundingBox();
	await page.mouse.move(box.x + 128, box.y + 128); // as far as it goes already
	await page.mouse.down();
	await page.mouse.move(box.x + 250, box.y + 128);
	await page.mouse.up();
	await shot(page, "account-crop");
	await crop.getByRole("button", { name: "Use this picture" }).click();
	await page.getByText("Your picture is saved.").waitFor();
	const { avatar_url } = await page.evaluate(() => fetch("/api/v1/me/account").then((r) => (r.ok ? r.json() : {}))).catch(() => ({}));
	const src = avatar_url ?? (await page.locator("img.pic").first().getAttribute("src"));
	const colours = await page.evaluate(async (src) => {
		const m = await createImageBitmap(await (await fetch(src)).blob());
		const c = new OffscreenCanvas(m.width, m.height);
		const x = c.getContext("2d");
		x.drawImage(m, 0, 0);
		return [10, m.width - 10].map((at) => [...x.getImageData(at, 50, 1, 1).data]);
	}, src);
	for (const [r, , b] of colours) assert.ok(r > 150 && b < 80, JSON.stringify(colours));
	await page.getByRole("button", { name: "Remove picture" }).click();
	await page.getByText("Your picture is removed.").waitFor();
});

test("imported comments are claimed on the account's page, and an admin approves in the dashboard", async () => {
	const ann = await signedIn();
	const card = ann.getByRole("region", { name: "Comments from before" });
	await card.getByText("Written as Old Ann on The Lantern").waitFor();
	await card.getByText("The ferry was late.").waitFor();
	await shot(ann, "account-claims");
	await card.getByRole("button", { name: "They are mine" }).click();
	await ann.getByText("The site has been asked.").waitFor();
	await card.getByText("You said that they are yours. The site decides.").waitFor();
	assert.equal(await card.getByRole("button").count(), 0);
	assert.deepEqual(ann.problems, []);

	const bo = await own("/account", { locale: "ru-RU" });
	await bo.locator("input[type=email]").fill("bo@example.com");
	await bo.locator("input[type=password]").fill(PASSWORD);
	await bo.getByRole("button", { name: "Войти", exact: true }).click();
	await bo.getByRole("heading", { name: "Прежние комментарии" }).waitFor();
	await bo.getByText("Подпись: Old Bo, сайт: The Lantern").waitFor();
	await shot(bo, "account-claims-ru");
	await bo.getByRole("button", { name: "Не мои" }).click();
	await bo.getByText("Больше о них не спросим.").waitFor();
	assert.equal(await bo.getByRole("heading", { name: "Прежние комментарии" }).count(), 0);
	assert.deepEqual(bo.problems, []);

	const chief = await own("/dashboard/?site=news&screen=people");
	await chief.getByLabel("Email").fill("chief@example.com");
	await chief.getByLabel("Password").fill(PASSWORD);
	await chief.getByRole("button", { name: "Sign in" }).click();
	await chief.getByRole("heading", { name: "Claims to imported comments" }).waitFor();
	await chief.getByText(/says: I wrote as Old Ann/).waitFor();
	await shot(chief, "dashboard-claims");
	await chief.getByRole("button", { name: /^Approve the claim of .* to the comments of Old Ann$/ }).click();
	await chief.getByText("The comments of Old Ann are now those of").waitFor();
	await chief.getByRole("heading", { name: "Claims to imported comments" }).waitFor({ state: "detached" });
	assert.deepEqual(chief.problems, []);
	const { body } = await api("GET", "/api/v1/sites/news/comments?thread=https://news.example.com/ferries/&view=flat&sort=oldest");
	assert.match(body.comments[0].author.name, /^Ann/);
	assert.equal(body.comments[1].author.name, "Old Bo");
});

test("the export is downloaded, erasing is asked for and taken back", async () => {
	const ann = await token("ann@example.com");
	await post(ann, "/export", "Kept in the export");
	const page = await signedIn();
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download everything" }).click(),
	]);
	assert.match(download.suggestedFilename(), /^parley-\d{4}-\d\d-\d\d\.zip$/);
	await page.getByRole("button", { name: "Delete my account" }).click();
	await page.getByText("Your account will be deleted in 24 hours.").waitFor();
	await page.getByRole("button", { name: "Keep my account" }).click();
	await page.getByText("Your account stays.").waitFor();
	assert.equal((await api("GET", "/api/v1/me/account", undefined, ann)).body.erase_at, null);
	assert.deepEqual(page.problems, []);
});

test("who is signed in to the account writes on the stand-alone page", async () => {
	await post(await token("bo@example.com"), "/own-page", "Anybody here?");
	const page = await signedIn();
	await page.goto(`${SERVER}/p/news?thread=${encodeURIComponent("/own-page")}`);
	await page.getByLabel("Join the discussion").first().fill("I am, with my account");
	await page.getByRole("button", { name: /^Post comment/ }).click();
	await page.locator("article.c", { hasText: "with my account" }).waitFor();
	assert.deepEqual(page.problems, []);
});

test("the sign-in window speaks the reader's language", async () => {
	const q = new URLSearchParams({ site: "news", origin: NEWS, return: `${NEWS}/a`, challenge: "A".repeat(43) });
	const page = await own(`/auth/popup?${q}`, { referer: `${NEWS}/a`, locale: "ru-RU", viewport: { width: 480, height: 720 } });
	await page.getByRole("heading", { name: "Вход на The Lantern" }).waitFor();
	await page.getByRole("button", { name: "Продолжить через Facebook" }).waitFor();
	assert.equal(await page.evaluate(() => document.documentElement.lang), "ru");
	await shot(page, "popup-choose-ru");
	await page.goto(`${SERVER}/account`);
	await page.getByRole("heading", { name: "Ваша учётная запись" }).waitFor();
	await page.getByRole("button", { name: "Войти", exact: true }).waitFor();
	assert.deepEqual(page.problems, []);
});

test("check 15: no page frames what people sign in with", async () => {
	const context = await browser.newContext();
	const page = await context.newPage();
	await page.goto(`${NEWS}/frames`);
	for (const path of [
		"/account",
		"/dashboard/",
		"/setup",
		`/auth/popup?${new URLSearchParams({ site: "news", origin: NEWS })}`,
	]) {
		const frame = await page.evaluateHandle((src) => {
			const f = document.createElement("iframe");
			f.src = src;
			document.body.append(f);
			return new Promise((done) => {
				f.onload = () => done(f);
			});
		}, SERVER + path);
		const inside = await frame.asElement().contentFrame();
		assert.match(inside.url(), /^chrome-error:/, path);
	}
});

test("check 18: the window answers its widget's origin and no other", async () => {
	const context = await browser.newContext();
	const page = await context.newPage();
	await page.goto(`${NEWS}/messages`);
	// The window is told that it belongs to another origin than the one that opened it.
	const heard = await page.evaluate(
		async (url) => {
			const got = [];
			addEventListener("message", (e) => got.push(e.data?.type));
			const win = open(url, "w", "popup,width=300,height=300");
			await new Promise((r) => setTimeout(r, 2000));
			for (let i = 0; i < 5; i++) {
				win.postMessage({ type: "parley:begin", challenge: "A".repeat(43) }, "*");
				await new Promise((r) => setTimeout(r, 200));
			}
			win.close();
			return got;
		},
		`${SERVER}/auth/popup?${new URLSearchParams({ site: "news", origin: SERVER })}`,
	);
	assert.deepEqual(
		heard.filter((t) => String(t).startsWith("parley:")),
		[],
	);
});
