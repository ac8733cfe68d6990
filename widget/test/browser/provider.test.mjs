import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { control, launch, NEWS, SERVER, shot, visit } from "./stage.mjs";

let browser;
before(async () => {
	browser = await launch();
});
after(() => browser?.close());

/** window opens the sign-in window and goes to Facebook's own page. */
async function toFacebook(page) {
	const [popup] = await Promise.all([
		page.waitForEvent("popup"),
		page
			.getByRole("button", { name: /^Continue with/ })
			.first()
			.click(),
	]);
	const facebook = popup.getByRole("button", { name: "Continue with Facebook" });
	const own = popup.getByRole("heading", { name: "The provider’s own page" });
	await facebook.or(own).waitFor();
	if (await facebook.isVisible()) await facebook.click();
	await own.waitFor();
	return popup;
}

async function post(page, text) {
	await page
		.getByRole("button", { name: /^Commenting as/ })
		.first()
		.waitFor();
	assert.equal(await page.getByLabel("Join the discussion").inputValue(), text, "the text is kept");
	await page.getByRole("button", { name: "Post comment" }).click();
	await page.locator("article.c", { hasText: text }).getByRole("button", { name: "Reply" }).waitFor();
}

test("a reader comes by Facebook, chooses a name, and posts what was typed before", async () => {
	const page = await visit(browser, "/facebook");
	await page.getByLabel("Join the discussion").fill("Typed before Facebook");
	const popup = await toFacebook(page);
	await popup.getByRole("link", { name: "Continue as Ada" }).click();
	await popup.getByRole("heading", { name: "How should we show you?" }).waitFor();
	await shot(popup, "popup-name");
	assert.equal(new URL(popup.url()).searchParams.get("code"), null, "the code leaves the address");
	assert.equal(await popup.locator("#n2").inputValue(), "Ada Lovelace");
	await Promise.all([popup.waitForEvent("close"), popup.getByRole("button", { name: "Continue" }).click()]);
	await post(page, "Typed before Facebook");
	assert.deepEqual(page.problems, []);
});

test("the provider's page cuts the window off, and the claim works all the same", async () => {
	await control("/coop");
	const page = await visit(browser, "/coop");
	await page.getByLabel("Join the discussion").fill("Cut off");
	const popup = await toFacebook(page);
	await popup.getByRole("link", { name: "Continue as Ada" }).click();
	await post(page, "Cut off");
	assert.deepEqual(page.problems, []);
});

test("cancelling says so, and another try works", async () => {
	const page = await visit(browser, "/cancel");
	await page.getByLabel("Join the discussion").fill("Never mind");
	const popup = await toFacebook(page);
	await popup.getByRole("link", { name: "Cancel" }).click();
	await popup.getByRole("heading", { name: "Facebook sign-in was cancelled" }).waitFor();
	await shot(popup, "popup-denied");
	await popup.getByRole("button", { name: "Try Facebook again" }).click();
	await popup.getByRole("link", { name: "Continue as Ada" }).click();
	await post(page, "Never mind");
	assert.deepEqual(page.problems, []);
});

test("where windows are blocked the whole page goes and comes back", async () => {
	const page = await visit(browser, "about:blank");
	await page.addInitScript(() => {
		window.open = () => null;
	});
	await page.goto(`${NEWS}/blocked?page=2`);
	await page.getByLabel("Join the discussion").fill("No windows here");
	await page.getByText("Draft saved").waitFor();
	await page
		.getByRole("button", { name: /^Continue with/ })
		.first()
		.click();
	const facebook = page.getByRole("button", { name: "Continue with Facebook" });
	const own = page.getByRole("heading", { name: "The provider’s own page" });
	await facebook.or(own).waitFor();
	assert.equal(new URL(page.url()).origin === SERVER || (await own.isVisible()), true);
	if (await facebook.isVisible()) await facebook.click();
	await page.getByRole("link", { name: "Continue as Ada" }).click();
	await page.waitForURL(`${NEWS}/blocked?page=2`);
	await post(page, "No windows here");
	assert.equal(new URL(page.url()).hash, "", "nothing of the sign-in stays in the address");
	assert.deepEqual(page.problems, []);
});

test("a link with somebody's challenge asks to begin again, and the page's own asks for a click", async () => {
	const query = new URLSearchParams({
		site: "news",
		origin: NEWS,
		provider: "facebook",
		return: `${NEWS}/blocked`,
		challenge: "A".repeat(43),
	});
	const page = await visit(browser, "about:blank");
	const begun = [];
	page.on("request", (r) => {
		if (/\/auth\/(begin|login|complete)$/.test(r.url())) begun.push(r.url());
	});
	for (const referer of [undefined, "https://evil.example/", `${NEWS}.evil.example/`]) {
		await page.goto(`${SERVER}/auth/popup?${query}`, referer ? { referer } : {});
		await page.getByRole("heading", { name: "This sign-in has ended" }).waitFor();
		assert.deepEqual(begun, [], `nothing is begun for ${referer}`);
	}
	await page.goto(`${SERVER}/auth/popup?${query}`, { referer: `${NEWS}/blocked` });
	await page.getByRole("button", { name: "Continue with Facebook" }).waitFor();
	assert.equal(new URL(page.url()).pathname, "/auth/popup", "nobody goes to the provider without a click");
	assert.equal(begun.filter((u) => !u.endsWith("/begin")).length, 0);
});

test("a page that keeps its windows apart goes to the sign-in itself", async () => {
	const page = await visit(browser, "/apart");
	await page.getByLabel("Join the discussion").fill("Kept apart");
	await page.getByText("Draft saved").waitFor();
	const [popup] = await Promise.all([
		page.waitForEvent("popup"),
		page
			.getByRole("button", { name: /^Continue with/ })
			.first()
			.click(),
	]);
	await popup.getByRole("heading", { name: "Go on in the other window" }).waitFor();
	await popup.close();
	await page.waitForURL((u) => u.pathname === "/auth/popup");
	await page.getByRole("button", { name: "Continue with Facebook" }).click();
	await page.getByRole("link", { name: "Continue as Ada" }).click();
	await page.waitForURL(`${NEWS}/apart`);
	await post(page, "Kept apart");
});

test("the frame signs in by a provider too", async () => {
	const page = await visit(browser, `/framed-provider?attrs=${encodeURIComponent('mode="frame"')}`);
	const f = page.frameLocator("parley-comments iframe");
	const [popup] = await Promise.all([
		page.waitForEvent("popup"),
		f.getByRole("button", { name: "Continue with Facebook" }).first().click(),
	]);
	await popup.getByRole("link", { name: "Continue as Ada" }).click();
	await f
		.getByRole("button", { name: /^Commenting as/ })
		.first()
		.waitFor();
	await f.getByLabel("Join the discussion").fill("From the frame");
	await f.getByRole("button", { name: "Post comment" }).click();
	await f.locator("article.c", { hasText: "From the frame" }).getByRole("button", { name: "Reply" }).waitFor();
});

test("with third-party cookies allowed it is the same", async () => {
	const open = await launch({ thirdParty: "allowed" });
	try {
		const page = await visit(open, "/allowed");
		await page.getByLabel("Join the discussion").fill("With all cookies");
		const popup = await toFacebook(page);
		await popup.getByRole("link", { name: "Continue as Ada" }).click();
		await post(page, "With all cookies");
		assert.deepEqual(page.problems, []);
	} finally {
		await open.close();
	}
});

async function ssoKey() {
	return (await control("/run", "sso\nkey\nnews")).text.split(/\s/)[0];
}

function ssoToken(key, name, sub) {
	const part = (v) => Buffer.from(JSON.stringify(v)).toString("base64url");
	const now = Math.floor(Date.now() / 1000);
	const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ iss: NEWS, aud: "news", sub, name, iat: now, exp: now + 120, jti: randomUUID() })}`;
	return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

test("the page's own token signs in without a window, and a second time leaves the session", async () => {
	const token = ssoToken(await ssoKey(), "Rosa Reader", "r-1");
	const page = await visit(browser, `/sso?attrs=${encodeURIComponent(`sso="${token}"`)}`);
	await page
		.getByRole("button", { name: /^Commenting as Rosa Reader/ })
		.first()
		.waitFor();
	await page.getByLabel("Join the discussion").fill("Signed on silently");
	await page.getByRole("button", { name: "Post comment" }).click();
	await page.locator("article.c", { hasText: "Signed on silently" }).getByRole("button", { name: "Reply" }).waitFor();
	await page.reload(); // the same token once more
	await page
		.getByRole("button", { name: /^Commenting as Rosa Reader/ })
		.first()
		.waitFor();
});

test("the site's own log-in page signs in through the window", async () => {
	const key = await ssoKey();
	await control("/run", `site\nset\nnews\n--sso-login\n${NEWS}/login`);
	const page = await visit(browser, "about:blank");
	await page.context().route(`${NEWS}/login*`, (route) => {
		const back = new URL(route.request().url()).searchParams.get("return");
		assert.ok(back?.startsWith(`${SERVER}/auth/sso?`), back);
		return route.fulfill({ status: 302, headers: { Location: `${back}#token=${ssoToken(key, "Lena Login", "l-1")}` } });
	});
	await page.goto(`${NEWS}/own-login`);
	const more = page
		.getByRole("tab", { name: /More|Other/ })
		.or(page.getByRole("button", { name: /More ways|More/ }))
		.first();
	await more.click();
	await Promise.all([
		page.waitForEvent("popup"),
		(async () => {
			await page
				.getByRole("menuitem", { name: /The Lantern/ })
				.or(page.getByRole("menuitemradio", { name: /The Lantern/ }))
				.first()
				.click();
			const go = page.getByRole("button", { name: /^Continue with The Lantern/ }).first();
			if (await go.isVisible()) await go.click();
		})(),
	]);
	await page
		.getByRole("button", { name: /^Commenting as Lena Login/ })
		.first()
		.waitFor();
});
