import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { control, launch, NEWS, PASSWORD, SERVER, shot, visit } from "./stage.mjs";

let browser;
const GO = /^(Continue with|Sign in and post)/;
before(async () => {
	browser = await launch({ thirdParty: "blocked" });
});
after(() => browser?.close());

/** window opens the sign-in window and goes to Facebook's own page. */
async function toFacebook(page) {
	const [popup] = await Promise.all([
		page.waitForEvent("popup"),
		page
			.getByRole("button", { name: GO })
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

/** posted: what was typed before signing in is posted by that one press. */
async function posted(page, text) {
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
	await posted(page, "Typed before Facebook");
	assert.deepEqual(page.problems, []);
});

test("the provider's page cuts the window off, and the claim works all the same", async () => {
	await control("/coop");
	const page = await visit(browser, "/coop");
	await page.getByLabel("Join the discussion").fill("Cut off");
	const popup = await toFacebook(page);
	await popup.getByRole("link", { name: "Continue as Ada" }).click();
	await posted(page, "Cut off");
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
	await posted(page, "Never mind");
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
		.getByRole("button", { name: GO })
		.first()
		.click();
	const facebook = page.getByRole("button", { name: "Continue with Facebook" });
	const own = page.getByRole("heading", { name: "The provider’s own page" });
	await facebook.or(own).waitFor();
	assert.equal(new URL(page.url()).origin === SERVER || (await own.isVisible()), true);
	if (await facebook.isVisible()) await facebook.click();
	await page.getByRole("link", { name: "Continue as Ada" }).click();
	await page.waitForURL(`${NEWS}/blocked?page=2`);
	await posted(page, "No windows here");
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
			.getByRole("button", { name: GO })
			.first()
			.click(),
	]);
	await popup.getByRole("heading", { name: "Go on in the other window" }).waitFor();
	await popup.close();
	await page.waitForURL((u) => u.pathname === "/auth/popup");
	await page.getByRole("button", { name: "Continue with Facebook" }).click();
	await page.getByRole("link", { name: "Continue as Ada" }).click();
	await page.waitForURL(`${NEWS}/apart`);
	await posted(page, "Kept apart");
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
		await posted(page, "With all cookies");
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

const PHONE = "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0.6367.82 Mobile Safari/537.36";
const INSTAGRAM = `${PHONE} Instagram 330.0.0.40.92 Android (34/14; 480dpi; 1080x2115; samsung; SM-S918B; dm3q; qcom; en_GB; 595902190)`;

test("in the browser of an app the page itself signs in, and what refuses there is not offered", async () => {
	const page = await visit(browser, "/in-app", { userAgent: INSTAGRAM, viewport: { width: 390, height: 800 } });
	const popups = [];
	page.on("popup", (p) => popups.push(p));
	await page.getByRole("tab", { name: /Facebook/ }).waitFor();
	await page.getByText("You are in Instagram's own browser.").waitFor();
	const more = page.locator(".ovf");
	if (await more.count()) {
		await more.click();
		assert.equal(await page.getByRole("menuitem", { name: "Google" }).count(), 0);
		await page.keyboard.press("Escape");
	}
	await page.getByLabel("Join the discussion").fill("From inside an app");
	await page.getByText("Draft saved").waitFor();
	await shot(page, "in-app");
	await page.getByRole("button", { name: "Sign in and post" }).click();
	await page.getByRole("button", { name: "Continue with Facebook" }).waitFor();
	assert.equal(await page.getByRole("button", { name: "Continue with Google" }).count(), 0);
	await page.getByRole("button", { name: "Continue with Facebook" }).click();
	await page.getByRole("link", { name: "Continue as Ada" }).click();
	const back = page.locator("parley-comments");
	const name = page.getByRole("heading", { name: "How should we show you?" }); // where no test was here before
	await back.or(name).first().waitFor();
	if (await name.isVisible()) await page.getByRole("button", { name: "Continue" }).click();
	await page.waitForURL(`${NEWS}/in-app`);
	await posted(page, "From inside an app");
	assert.equal(popups.length, 0);
	assert.deepEqual(page.problems, []);
});

test("an app that says nothing of itself: Facebook refuses as well, the way out carries the page and nothing else", async () => {
	const page = await visit(browser, "about:blank", { userAgent: PHONE, permissions: ["clipboard-read", "clipboard-write"] });
	await page.addInitScript(() => {
		window.left = [];
		addEventListener(
			"click",
			(e) => {
				const a = e.composedPath()[0];
				if (a instanceof HTMLAnchorElement && a.protocol === "intent:") {
					e.preventDefault();
					window.left.push(a.href);
				}
			},
			true,
		);
		const click = HTMLAnchorElement.prototype.click; // one that is in no document
		HTMLAnchorElement.prototype.click = function () {
			if (this.protocol === "intent:") window.left.push(this.href);
			else click.call(this);
		};
	});
	await page.goto(`${NEWS}/webview?page=2&fbclid=who-i-am`);
	await page.getByRole("tab", { name: /The Lantern/ }).waitFor();
	assert.equal(await page.getByRole("tab", { name: /Facebook/ }).count(), 0);
	await page.getByLabel("Join the discussion").fill("Half a thought");
	await page.getByRole("button", { name: "Open in your browser" }).click();
	await page.getByText("What you wrote stays here, and is copied: you can paste it there.").waitFor();
	await shot(page, "in-app-outside");
	assert.deepEqual(await page.evaluate(() => window.left), [
		"intent://news.test/webview?page=2#Intent;scheme=https;action=android.intent.action.VIEW;end",
	]);
	assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "Half a thought");
	await page.reload();
	assert.equal(await page.getByLabel("Join the discussion").inputValue(), "Half a thought", "the draft stays");
});

test("in an app a typed code signs in, also after the page was loaded anew while the mail was read", async () => {
	await control("/mail");
	const page = await visit(browser, "/in-app-code", { userAgent: PHONE });
	await page.getByRole("tab", { name: /The Lantern/ }).click();
	await page.getByLabel("Join the discussion").fill("By a typed code");
	await page.getByText("Draft saved").waitFor();
	await page.getByRole("button", { name: "Sign in and post" }).click();
	await page.locator("#e1").fill("ann@example.com");
	await page.locator("#e1").press("Enter");
	await page.getByRole("button", { name: "Email me a sign-in link" }).click();
	await page.locator("#c1").waitFor();
	await page.reload();
	await page.locator("#c1").waitFor();
	await page.getByText("ann@example.com").locator("visible=true").first().waitFor();
	let code = "";
	for (let i = 0; i < 50 && !code; i++) {
		const m = await control("/code");
		if (m.ok) code = m.text;
		else await new Promise((r) => setTimeout(r, 100));
	}
	assert.match(code, /^[0-9]{6}$/);
	await page.locator("#c1").fill(code);
	await page.waitForURL(`${NEWS}/in-app-code`);
	await posted(page, "By a typed code");
});

test("a window that the reader closes is noticed: open again, or cancel", async () => {
	const page = await visit(browser, "/closed-window");
	await page.getByRole("tab", { name: /The Lantern/ }).click();
	await page.getByLabel("Join the discussion").fill("Closed once");
	const press = (name) => Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name }).click()]);
	const [first] = await press("Sign in and post");
	await first.locator("#e1").waitFor();
	await page.getByText("Finish signing in in the other window.").waitFor();
	await first.close();
	await page.getByText("The window was closed.").waitFor();
	await shot(page, "window-closed");
	await page.getByRole("button", { name: "Cancel" }).click();
	await page.getByText("Shows your display name at The Lantern.").waitFor();
	const [second] = await press("Sign in and post");
	await second.locator("#e1").waitFor();
	await second.close();
	const [third] = await press("Open again");
	await third.locator("#e1").fill("ann@example.com");
	await third.locator("#e1").press("Enter");
	await third.locator("#p1").fill(PASSWORD);
	await third.locator("#login").getByRole("button", { name: "Sign in and post" }).click();
	await posted(page, "Closed once");
	assert.deepEqual(page.problems, []);
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
	await page.getByRole("tab", { name: /The Lantern/ }).click(); // the site is never behind "More"
	await Promise.all([
		page.waitForEvent("popup"),
		page
			.getByRole("button", { name: /^Continue with The Lantern/ })
			.first()
			.click(),
	]);
	await page
		.getByRole("button", { name: /^Commenting as Lena Login/ })
		.first()
		.waitFor();
});
