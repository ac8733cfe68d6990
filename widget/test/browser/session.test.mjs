import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, NEWS, SERVER, signIn, visit } from "./stage.mjs";

let browser;
before(async () => {
	browser = await launch({ thirdParty: "blocked" });
});
after(() => browser?.close());

test("a session on another site, with third-party cookies blocked", async () => {
	const page = await visit(browser, "/session");
	const claims = [];
	page.on("request", (r) => r.url().includes("/api/v1/me") && claims.push(r));
	await signIn(page);
	const cookies = await page.context().cookies(SERVER);
	const widget = cookies.find((c) => c.name === "__Host-parley-w");
	const headers = await claims.at(-1).allHeaders();
	assert.equal(headers["sec-fetch-site"], "cross-site", "the two domains must be different sites");
	await page.reload();
	const back = await page
		.getByRole("button", { name: /^Commenting as/ })
		.first()
		.waitFor({ timeout: 8000 })
		.then(
			() => true,
			() => false,
		);
	assert.ok(back, "the session survives a reload");
	assert.equal(widget?.partitionKey, NEWS, "the cookie is kept for this site alone");
	assert.deepEqual(page.problems, []);
});
