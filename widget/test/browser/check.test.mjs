// A check of an install: every cause is provoked once, and named.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { api, control, launch, NEWS, PASSWORD, SERVER, shot, shut, token, until } from "./stage.mjs";

let browser;
let ad;
before(async () => {
	browser = await launch();
	await control(
		"/run",
		[
			"user",
			"add",
			"--site",
			"news",
			"--email",
			"ad@example.com",
			"--name",
			"Ada Admin",
			"--password",
			PASSWORD,
			"--role",
			"admin",
		].join("\n"),
	);
	await control("/run", ["site", "set", "news", "--add-origin", "http://news.test"].join("\n"));
	ad = await token("ad@example.com");
});
after(() => browser?.close());

const script = `<script async src="${SERVER}/embed.js"></script>`;
const place = `<parley-comments site="news" lazy="off"></parley-comments>`;

/** written is a page of the newspaper that a test has written itself. */
function written(html, headers = [], base = NEWS) {
	const q = new URLSearchParams({ html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Ferries</title>${html}` });
	for (const h of headers) q.append("header", h);
	return `${base}/written?${q}`;
}

const begin = async (page) => {
	const r = await api("POST", "/api/v1/sites/news/checks", { page }, ad);
	assert.equal(r.status, 201, JSON.stringify(r.body));
	return r.body;
};
const read = async (c) => (await api("GET", `/api/v1/sites/news/checks/${c.token}`, undefined, ad)).body;
const wrongs = (c) => c.findings.filter((f) => f.level !== "ok").map((f) => f.code);

/** reported opens a page with the token of a check and waits for what comes of it. */
async function reported(page, { with: use = browser, context: options = {}, prepare, after: then } = {}) {
	const c = await begin(page);
	const context = await use.newContext(options);
	const tab = await context.newPage();
	await prepare?.(tab, context);
	await tab.goto(c.address);
	await then?.(tab, context);
	let now;
	const arrived = async () => {
		now = await read(c);
		return now.state === "arrived" && now.looked_at;
	};
	await until("the page has reported", arrived, 20_000);
	await shut(context);
	return now;
}

/** silent opens a page that reports nothing and gives what the server sees of it. */
async function silent(page) {
	const c = await begin(page);
	const context = await browser.newContext();
	const tab = await context.newPage();
	await tab.goto(c.address);
	await until("the server has looked", async () => (await read(c)).looked_at, 20_000);
	await tab.waitForTimeout(2_500); // longer than a page takes that reports
	const now = await read(c);
	assert.equal(now.state, "waiting");
	await shut(context);
	return now;
}

test("a page as it should be", async () => {
	const c = await reported(written(script + place));
	assert.deepEqual(wrongs(c), []);
	assert.deepEqual(c.findings.map((f) => f.code).sort(), ["cookie", "loads", "origin_listed", "socket"]);
	assert.equal(c.verdict, "ok");
	await until("the page load is noted", async () => (await read(c)).first_seen_at); // within seconds: they are written down together
});

test("without the parameter the part that looks is not loaded", async () => {
	const context = await browser.newContext();
	const tab = await context.newPage();
	const asked = [];
	tab.on("request", (r) => asked.push(r.url()));
	await tab.goto(written(script + place));
	await tab.locator("parley-comments form").first().waitFor();
	assert.ok(!asked.some((u) => u.includes("check")), asked.join("\n"));
	await shut(context);
});

const policy = (s) => [`Content-Security-Policy: ${s}`];
const shift = (ms) => (tab) =>
	tab.addInitScript((by) => {
		const now = Date.now.bind(Date);
		Date.now = () => now() + by;
	}, ms);

/** Causes that the page itself tells of: what is wanted, the page, how it is opened. */
const told = [
	["origin_not_listed", written(script + place, [], "https://other.test")],
	["wrong_site", written(script + place.replace("news", "blog"))],
	["no_element", written(script)],
	["canonical_root", written(`<link rel="canonical" href="/">${script}${place}`)],
	["canonical_other", written(`<link rel="canonical" href="${NEWS}/ferries">${script}${place}`)],
	["canonical_elsewhere", written(`<link rel="canonical" href="https://elsewhere.test/written">${script}${place}`)],
	["csp_connect", written(script + place, policy(`script-src ${SERVER}; connect-src 'self'`))],
	["csp_connect", written(`<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">${script}${place}`)],
	["csp_img", written(script + place, policy("img-src 'self'"))],
	["csp_frame", written(script + place.replace("lazy", 'mode="frame" lazy'), policy("frame-src 'self'"))],
	["csp_connect_reported", written(script + place, ["Content-Security-Policy-Report-Only: connect-src 'self'"])],
	["coop", written(script + place, ["Cross-Origin-Opener-Policy: same-origin"])],
	["second_copy", written(`${script}${place}<script async src="${SERVER}/embed.js?again"></script>`)],
	["clock", written(script + place), { prepare: shift(3_600_000) }],
	["clock", written(script + place), { prepare: shift(-7_200_000) }],
	[
		"worker",
		written(script + place),
		{
			prepare: async (tab) => {
				await tab.goto(written("<p>"));
				await tab.evaluate(async () => {
					await navigator.serviceWorker.register("/sw.js");
					await navigator.serviceWorker.ready;
				});
			},
		},
	],
	["hidden_by_page", written(`${script}<div style="visibility:hidden">${place}</div>`)],
	["hidden_by_page", written(`<style>#talk { display: none }</style>${script}<div id="talk">${place}</div>`)],
	[
		"hidden_by_blocklist", // as a browser's extension does: by a sheet that is none of the page's
		written(
			`<div id="comments">${place}</div><script>function go() { const s = document.createElement("script"); s.src = "${SERVER}/embed.js"; document.body.append(s) }</script>`,
		),
		{
			after: async (tab, context) => {
				const cdp = await context.newCDPSession(tab);
				await cdp.send("DOM.enable");
				await cdp.send("CSS.enable");
				const { frameTree } = await cdp.send("Page.getFrameTree");
				const { styleSheetId } = await cdp.send("CSS.createStyleSheet", { frameId: frameTree.frame.id });
				await cdp.send("CSS.setStyleSheetText", { styleSheetId, text: "#comments { display: none !important }" });
				await tab.evaluate("go()");
			},
		},
	],
	[
		"held", // a consent manager that has let the tag run, once it was asked
		written(
			`${place}<script type="text/plain" data-cookieconsent="statistics" src="${SERVER}/embed.js"></script><script>setTimeout(() => { const was = document.querySelector("[data-cookieconsent]"); const s = was.cloneNode(); s.type = "text/javascript"; was.replaceWith(s) }, 300)</script>`,
		),
	],
	[
		"held", // a loader that brings it late and leaves no trace on it
		written(
			`${place}<script>window.RocketLazyLoadScripts = 1; setTimeout(() => { const s = document.createElement("script"); s.src = "${SERVER}/embed.js"; document.body.append(s) }, 2000)</script>`,
		),
	],
	["http_page", written(script + place, [], "http://news.test")],
	[
		"sandboxed",
		written(
			`<iframe sandbox="allow-scripts"></iframe><script>document.querySelector("iframe").src = ${JSON.stringify(`${written(script + place)}&parley-check=`)} + new URLSearchParams(location.search).get("parley-check")</script>`,
		),
	],
	[
		"framed",
		written(
			`<iframe></iframe><script>document.querySelector("iframe").src = ${JSON.stringify(`${written(script + place)}&parley-check=`)} + new URLSearchParams(location.search).get("parley-check")</script>`,
		),
	],
	[
		"request_blocked", // as a blocker of requests does
		written(script + place),
		{
			prepare: (tab) =>
				tab.route("**/api/**", (r) => (r.request().resourceType() === "fetch" ? r.abort("blockedbyclient") : r.continue())),
		},
	],
	[
		"slow",
		written(script + place),
		{
			prepare: (tab) =>
				tab.route("**/checks/**", async (r) => {
					await new Promise((done) => setTimeout(done, 1_700));
					await r.continue();
				}),
		},
	],
	[
		"old_copy", // a cache that has kept embed.js of another build
		written(script + place),
		{
			prepare: async (tab) => {
				let build = "";
				await tab.route("**/embed.js", async (r) => {
					const text = await (await fetch(`${process.env.API}/embed.js`)).text();
					build = /assets\/([^/]+)\/view\.js/.exec(text)[1];
					await r.fulfill({ contentType: "text/javascript", body: text.replaceAll(`/assets/${build}/`, "/assets/before/") });
				});
				await tab.route("**/assets/before/**", (r) => r.continue({ url: r.request().url().replace("/before/", `/${build}/`) }));
			},
		},
	],
];

for (const [want, page, how] of told)
	test(`${want} is named by the page`, async () => {
		const c = await reported(page, how);
		assert.ok(wrongs(c).includes(want), `${want} is not among ${JSON.stringify(c.findings)}`);
		assert.deepEqual(wrongs(c), [want], JSON.stringify(c.findings));
	});

test("a place that a script puts in late is waited for", async () => {
	const late = `${script}<script>setTimeout(() => { const e = document.createElement("parley-comments"); e.setAttribute("site", "news"); document.body.append(e) }, 2500)</script>`;
	assert.deepEqual(wrongs(await reported(written(late))), []);
});

test("socket_blocked is named where a proxy drops Upgrade", async () => {
	await control("/proxy", "deaf");
	try {
		assert.deepEqual(wrongs(await reported(written(script + place))), ["socket_blocked"]);
	} finally {
		await control("/proxy", "");
	}
});

test("cookie_dropped is named where a proxy takes Partitioned off and the browser blocks the rest", async () => {
	const strict = await launch({ thirdParty: "blocked" });
	try {
		assert.deepEqual(wrongs(await reported(written(script + place), { with: strict })), [], "a partitioned cookie is kept");
		await control("/proxy", "bare");
		assert.deepEqual(wrongs(await reported(written(script + place), { with: strict })), ["cookie_dropped"]);
	} finally {
		await strict.close();
		await control("/proxy", "");
	}
});

/** Causes for which no page reports: the server's own look names them. */
const seen = [
	["no_tag", written("<p>An article")],
	["no_script", written(place)],
	["tag_held", written(script.replace("async", 'type="text/plain" data-cookieconsent="marketing"') + place)],
	["tag_held", written(script.replace("async", 'type="8f2c11d09ab34e5f66778899-text/javascript"') + place)],
	["tag_held", written(script.replace("async src", "data-src") + place)],
	["csp_script", written(script + place, policy("script-src 'self'"))],
	["csp_script", written(script + place, policy(`script-src ${SERVER}/embed.js`))],
	["mixed_content", written(script.replace("https:", "http:") + place)],
	["script_elsewhere", written(script.replace(SERVER, "https://other.test/theme") + place)],
	["tag_inert", written(`<template>${script}</template>${place}`)],
	["tag_in_comment", written(`<!-- ${script}${place} -->`)],
	["tag_as_text", written(`<p>${(script + place).replaceAll("<", "&lt;")}</p>`)],
	["amp", `${NEWS}/written?${new URLSearchParams({ html: "<!doctype html><html ⚡><p>An article" })}`],
];

for (const [want, page] of seen)
	test(`${want} is named by the server`, async () => {
		assert.deepEqual(wrongs(await silent(page)), [want]);
	});

test("the dashboard waits for the page, and shows what it says as it comes", async () => {
	for (const [width, scheme] of [
		[1280, "light"],
		[1280, "dark"],
		[390, "light"],
		[390, "dark"],
	]) {
		const context = await browser.newContext({
			viewport: { width, height: 900 },
			colorScheme: scheme,
			permissions: ["clipboard-read", "clipboard-write"],
		});
		const page = await context.newPage();
		page.problems = [];
		page.on("pageerror", (e) => page.problems.push(e.message));
		await page.goto(`${SERVER}/dashboard/?site=news&screen=settings`);
		await page.getByLabel("Email").fill("ad@example.com");
		await page.getByLabel("Password").fill(PASSWORD);
		await page.getByRole("button", { name: "Sign in" }).click();
		const part = page.locator("#check");
		await part.getByText("A page of this site first showed the comments").waitFor();
		await part.getByLabel("Page to check").fill("nonsense");
		await part.getByRole("button", { name: "Check the page" }).click();
		await part.getByText("must be the address of a page").waitFor();
		await part
			.getByLabel("Page to check")
			.fill(
				written(
					`<link rel="canonical" href="${NEWS}/ferries">${script}${place}`,
					policy(`script-src ${SERVER}; connect-src 'self'`),
				),
			);
		await part.getByRole("button", { name: "Check the page" }).click();
		await part.getByText(/Waiting for the first page load|to fix/).waitFor();
		await part.scrollIntoViewIfNeeded();
		await shot(page, `check-waiting-${width}-${scheme}`);
		const [tab] = await Promise.all([context.waitForEvent("page"), part.getByRole("link", { name: "Open" }).click()]);
		await part.getByText(/^Reported/).waitFor();
		await tab.close();
		await part
			.locator('li[data-code="csp_connect"]')
			.getByText("The page’s security policy blocks the connection to this server.")
			.waitFor();
		await part.locator('li[data-code="canonical_other"]').waitFor();
		await part.locator('li[data-code="csp_connect"]').getByRole("button", { name: "Copy the line" }).click();
		assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `connect-src ${SERVER} wss://comments.test`);
		await part.locator(".ick-box").scrollIntoViewIfNeeded();
		await shot(page, `check-${width}-${scheme}`);
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, "nothing is wider than the window");
		assert.deepEqual(await axe(page), []);
		// The page is mended: the list follows by itself, and a new check says that all is well.
		await part.getByLabel("Page to check").fill(written(script + place));
		await part.getByRole("button", { name: "Check again" }).click();
		const [fine] = await Promise.all([context.waitForEvent("page"), part.getByRole("link", { name: "Open" }).click()]);
		await part.getByRole("heading", { name: "Comments load: nothing to fix" }).waitFor();
		await fine.close();
		if (width === 390) await shot(page, `check-fine-${width}-${scheme}`);
		assert.deepEqual(page.problems, []);
		await shut(context);
	}
});
