// mode="frame": the same widget in a document of the server's origin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, control, launch, live, NEWS, PASSWORD, post, SERVER, shot, signIn, token, until, visit } from "./stage.mjs";

let browser;
before(async () => {
	browser = await launch({ thirdParty: "blocked" });
	await control(
		"/run",
		[
			"user",
			"add",
			"--site",
			"news",
			"--email",
			"mo@example.com",
			"--name",
			"Mo Moderator",
			"--password",
			PASSWORD,
			"--role",
			"moderator",
		].join("\n"),
	);
});
after(() => browser?.close());

const framed = (path, more = "") => `${path}?attrs=${encodeURIComponent(`mode="frame" ${more}`)}`;
const inside = (page) => page.frameLocator("parley-comments iframe");
const height = (page) => page.locator("parley-comments iframe").evaluate((e) => e.getBoundingClientRect().height);

async function panel(page, email) {
	const f = inside(page);
	await f.getByRole("button", { name: /^Continue with The Lantern/ }).click();
	await f.getByLabel("Email").fill(email);
	await f.getByLabel("Password").fill(PASSWORD);
	await f.getByRole("button", { name: "Sign in", exact: true }).click();
	await f.getByRole("button", { name: /^Commenting as/ }).waitFor();
}

test("the page's own counter follows what happens in the frame", async () => {
	const bo = await token("bo@example.com");
	const mo = await token("mo@example.com");
	await post(bo, "/counted", "The first");
	const page = await visit(browser, framed("/counted"));
	await inside(page).locator("article.c").waitFor();
	await live(page);
	const says = (n) => until(`the counter says ${n}`, async () => (await page.locator("parley-count").textContent()) === n);
	await says("1");
	const second = await post(bo, "/counted", "The second");
	await says("2");
	await api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: second.id, action: "reject" }], mo);
	await says("1");
	assert.deepEqual(page.problems, []);
});

test("it is as high as its comments, wears the page's colours, and tells the page what happens", async () => {
	const bo = await token("bo@example.com");
	for (let i = 0; i < 8; i++) await post(bo, "/framed", `Comment ${i} in the frame`);
	const page = await visit(browser, "about:blank");
	await page.addInitScript(() => {
		window.seen = [];
		for (const n of ["ready", "count", "error"]) addEventListener(`parley:${n}`, (e) => window.seen.push([n, e.detail]));
	});
	await page.goto(NEWS + framed("/framed", 'theme="dark" style="--parley-accent: rgb(200, 30, 30)"'));
	const f = inside(page);
	await f.locator("article.c", { hasText: "Comment 7 in the frame" }).waitFor();
	await page.waitForFunction(() => window.seen.some(([n]) => n === "ready"));
	assert.deepEqual(await page.evaluate(() => window.seen.filter(([n]) => n === "count").at(-1)), ["count", { count: 8 }]);
	assert.equal(await f.locator("section.w").getAttribute("data-theme"), "dark");
	assert.equal(
		await f.locator("section.w").evaluate((e) => getComputedStyle(e).getPropertyValue("--parley-accent").trim()),
		"rgb(200, 30, 30)",
	);
	const inner = await f.locator("section.w").evaluate((e) => e.getBoundingClientRect().height);
	assert.ok(Math.abs((await height(page)) - inner) <= 1, `${await height(page)} against ${inner}`);
	// The height follows and comes to rest.
	await f.getByRole("radio", { name: "Flat" }).click();
	let seen = [];
	await until("the height is at rest", async () => {
		seen = [...seen.slice(-9), await height(page)];
		return seen.length === 10 && new Set(seen).size === 1;
	});
	await page.evaluate(() => document.querySelector("parley-comments").setAttribute("theme", "light"));
	await f.locator('section.w[data-theme="light"]').waitFor();
	await shot(page, "frame-light");
	assert.deepEqual(page.problems, []);
});

test("a reader signs in inside the frame, posts, and is known after a reload", async () => {
	const page = await visit(browser, framed("/frame-post"));
	const f = inside(page);
	await f.getByLabel("Join the discussion").fill("Typed before the panel");
	await f.getByRole("button", { name: "Sign in and post" }).click();
	await f.getByText("Your comment is kept: “Typed before the panel”").waitFor();
	await f.getByLabel("Email").fill("ann@example.com");
	await f.getByLabel("Password").fill("not the password");
	await f.getByRole("button", { name: "Sign in and post" }).click();
	await f.getByText("don't match").waitFor();
	await shot(page, "frame-panel");
	await f.getByLabel("Password").fill(PASSWORD);
	await f.getByRole("button", { name: "Sign in and post" }).click();
	await f.getByRole("button", { name: "Commenting as Ann Lee" }).waitFor();
	await f.locator("article.c", { hasText: "Typed before the panel" }).getByRole("button", { name: "Reply" }).waitFor();
	const cookie = (await page.context().cookies(SERVER)).find((c) => c.name === "__Host-parley-w");
	assert.equal(cookie?.partitionKey, NEWS);
	await page.reload();
	await inside(page).getByRole("button", { name: "Commenting as Ann Lee" }).waitFor();
	assert.deepEqual(page.problems, []);
});

test("a permalink and the focus cross the border", async () => {
	const bo = await token("bo@example.com");
	let last;
	for (let i = 0; i < 30; i++) last = await post(bo, "/frame-link", `Linked ${i}`);
	const page = await visit(browser, "about:blank");
	await page.goto(`${NEWS}${framed("/frame-link", 'sort="newest"')}#parley-${last.id}`);
	const f = inside(page);
	await f.locator("article.target", { hasText: "Linked 29" }).waitFor();
	await page.waitForFunction(() => scrollY > 0);
	assert.equal(await page.evaluate(() => document.activeElement?.tagName), "PARLEY-COMMENTS");
	const first = (await api("GET", "/api/v1/sites/news/comments?thread=/frame-link&sort=oldest&limit=1")).body.comments[0];
	await page.evaluate((id) => document.querySelector("parley-comments").goTo(id), first.id);
	await f.locator("article.target", { hasText: "Linked 0" }).waitFor();
	assert.equal(
		await page.evaluate(() =>
			document
				.querySelector("parley-comments")
				.goTo("zzzz")
				.then(
					() => "there",
					() => "not there",
				),
		),
		"not there",
	);
	await f.locator("article.c", { hasText: "Linked 0" }).locator("a.c-t").first().click();
	await page.waitForFunction((id) => location.hash === `#parley-${id}`, first.id);
	assert.deepEqual(page.problems, []);
});

test("a moderator moderates inside the frame, and nobody else can use that session", async () => {
	const bo = await token("bo@example.com");
	await post(bo, "/frame-mod", "Out of order");
	const page = await visit(browser, framed("/frame-mod"));
	await panel(page, "mo@example.com");
	const f = inside(page);
	await f.locator("article.c", { hasText: "Out of order" }).getByRole("button", { name: "More", exact: true }).click();
	const reader = await visit(browser, "/frame-mod"); // somebody else has the same page open, inline
	await reader.locator("article.c", { hasText: "Out of order" }).waitFor();
	await f.getByRole("menuitem", { name: "Remove as moderator…" }).click();
	await f.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
	await f.getByText("Removed by a moderator").waitFor();
	await reader.locator("article.c", { hasText: "Out of order" }).waitFor({ state: "detached" });
	await shot(page, "frame-mod-undo");
	await f.getByRole("button", { name: "Undo" }).click();
	await f.locator("article.c", { hasText: "Out of order" }).getByRole("button", { name: "More", exact: true }).waitFor();
	await reader.getByRole("button", { name: "Show 1 new comment" }).first().click();
	await reader.locator("article.c", { hasText: "Out of order" }).waitFor();
	// A pick goes live too, and back.
	const pick = async (item) => {
		await f.locator("article.c", { hasText: "Out of order" }).getByRole("button", { name: "More", exact: true }).click();
		await f.getByRole("menuitem", { name: item }).click();
	};
	await pick("Make it an editor's pick");
	await reader.locator("article.c", { hasText: "Editor's pick" }).waitFor();
	await pick("No longer a pick");
	await reader.locator("article.c", { hasText: "Editor's pick" }).waitFor({ state: "detached" });
	// Nobody takes it back: after ten seconds its place is gone.
	await pick("Remove as moderator…");
	await f.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
	await f.getByText("Removed by a moderator").waitFor();
	await f.getByText("Removed by a moderator").waitFor({ state: "detached", timeout: 15_000 });
	await reader.locator("article.c", { hasText: "Out of order" }).waitFor({ state: "detached" });
	// The page around the frame sends the same cookie and is nobody.
	const me = await page.evaluate(
		async (base) =>
			(
				await fetch(`${base}/api/v1/me?site=news&thread=/frame-mod`, { credentials: "include", headers: { "X-Parley": "1" } })
			).json(),
		SERVER,
	);
	assert.equal(me.user, null);
	assert.deepEqual(me.roles, []);
	assert.deepEqual([...page.problems, ...reader.problems], []);
});

test("inline, a moderator comes to the comment in the dashboard, decides and takes it back there, and a reader sees both", async () => {
	const bo = await token("bo@example.com");
	await post(bo, "/inline-mod", "Look at this one");
	const page = await visit(browser, "/inline-mod");
	const reader = await visit(browser, framed("/inline-mod"));
	await inside(reader).locator("article.c", { hasText: "Look at this one" }).waitFor();
	await signIn(page, "mo@example.com");
	await page.locator("article.c", { hasText: "Look at this one" }).getByRole("button", { name: "More", exact: true }).click();
	assert.equal(await page.getByRole("menuitem", { name: "Remove as moderator…" }).count(), 0, "a publisher's page moderates nothing");
	const [desk] = await Promise.all([
		page.context().waitForEvent("page"),
		page.getByRole("menuitem", { name: "Open in the dashboard" }).click(),
	]);
	await desk.getByText("Look at this one").waitFor();
	await desk.getByText("One comment", { exact: true }).waitFor();
	await desk.getByRole("button", { name: /^Reject/ }).first().click();
	await desk.getByRole("button", { name: /Off topic/ }).click();
	await inside(reader).locator("article.c", { hasText: "Look at this one" }).waitFor({ state: "detached" });
	await desk.getByRole("button", { name: /^Undo/ }).first().click();
	await inside(reader).getByRole("button", { name: "Show 1 new comment" }).first().click();
	await inside(reader).locator("article.c", { hasText: "Look at this one" }).waitFor();
	assert.deepEqual([...page.problems, ...reader.problems], []);
});

test("only the page that is on the list may frame it, and other windows are not heard", async () => {
	assert.equal((await fetchText(`/frame/news?thread=x&origin=https://evil.test`)).status, 403);
	const csp = (await fetchText(`/frame/news?thread=x&origin=${NEWS}`)).csp;
	assert.match(csp, /frame-ancestors https:\/\/news\.test;/);
	const page = await visit(browser, framed("/framed"));
	await inside(page).locator("article.c").first().waitFor();
	await inside(page).locator("form.cp").waitFor();
	let before = await height(page);
	for (let next = -1; next !== before; await page.waitForTimeout(300)) [before, next] = [await height(page), before]; // it has settled
	// Another frame of the page, even one that guesses the words, changes nothing.
	await page.evaluate(() => {
		const i = document.createElement("iframe");
		i.srcdoc =
			"<script>parent.postMessage({ parley: 1, type: 'height', px: 5 }, '*'); parent.frames[0]?.postMessage({ parley: 1, type: 'theme', theme: 'dark', style: {} }, '*')</script>";
		document.body.append(i);
		window.postMessage({ parley: 1, type: "height", px: 7 }, "*");
	});
	await page.waitForTimeout(500);
	assert.equal(await height(page), before);
});

async function fetchText(path) {
	const { get } = await import("node:http");
	const url = new URL(process.env.API + path);
	return new Promise((done, fail) =>
		get(url, (res) => done({ status: res.statusCode, csp: res.headers["content-security-policy"] ?? "" })).on("error", fail),
	);
}
