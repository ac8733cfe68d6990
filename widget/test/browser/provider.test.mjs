import assert from "node:assert/strict";
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
