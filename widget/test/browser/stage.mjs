// What every browser test shares: the browser, the two domains, the people.
import { afterEach, beforeEach } from "node:test";
import { chromium } from "playwright-core";

export const NEWS = "https://news.test";
export const SERVER = "https://comments.test";
const env = (name) => {
	const v = process.env[name];
	if (!v) throw new Error(`${name} is not set: run these through go test`);
	return v;
};
export const PASSWORD = env("PASSWORD");

/** A page that is left open goes on drawing and listening: what a test opened is closed after it. */
const browsers = [];
/** A test that hangs ends with its browser: then what it waits for fails, and says where. */
const HANGS = 180_000;
let patience;
beforeEach(() => {
	patience = setTimeout(() => Promise.all(browsers.map((b) => b.close())), HANGS);
});
afterEach(async () => {
	clearTimeout(patience);
	for (const b of browsers) await Promise.all(b.contexts().map(shut));
});

/** shut closes a window or a context. Chromium does not always answer: it is left to its end then. */
export const shut = (what) => Promise.race([what.close().catch(() => {}), new Promise((done) => setTimeout(done, 5_000).unref())]);

/**
 * launch starts Chromium. Cookies of third parties are blocked, or allowed, in
 * the whole of it alone; where that is not what a test is about, the shell of it
 * does the same work in half of the time. What tests open outlives them only with keep.
 */
export async function launch({ thirdParty = "", keep = false, backForward = false } = {}) {
	const browser = await chromium.launch(how({ thirdParty, backForward }));
	if (!keep) browsers.push(browser);
	return browser;
}

/** lend starts the whole of Chromium for one test, and ends it whatever comes: what it shows may keep it from answering. */
export async function lend(use) {
	const server = await chromium.launchServer(how({ thirdParty: "allowed" }));
	const browser = await chromium.connect(server.wsEndpoint());
	browsers.push(browser); // a test that hangs ends with it
	try {
		await use(browser);
	} finally {
		await shut(browser);
		server.process().kill("SIGKILL");
	}
}

function how({ thirdParty = "", backForward = false }) {
	return {
		ignoreDefaultArgs: backForward ? ["--disable-back-forward-cache"] : [], // Playwright's, for its own ease
		executablePath: env(thirdParty ? "CHROMIUM" : "CHROMIUM_SHELL"),
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
			...(thirdParty === "blocked" ? ["--test-third-party-cookie-phaseout"] : []),
			`--host-resolver-rules=${env("RULES")}`,
			`--ignore-certificate-errors-spki-list=${env("SPKI")}`,
		],
	};
}

export async function control(path, body) {
	const res = await fetch(env("CONTROL") + path, { method: ["/mail", "/code"].includes(path) ? "GET" : "POST", body });
	return { ok: res.ok, text: await res.text() };
}

/** api speaks to the server as a program, past the browser. */
export async function api(method, path, body, token) {
	const res = await fetch(env("API") + path, {
		method,
		headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
		body: body ? JSON.stringify(body) : undefined,
	});
	return { status: res.status, body: res.status === 204 ? null : await res.json().catch(() => null) };
}

export async function token(email) {
	return (await api("POST", "/api/v1/sites/news/login", { email, password: PASSWORD, session: "token" })).body.token;
}

export async function post(who, thread, body, parent) {
	const r = await api(
		"POST",
		"/api/v1/sites/news/comments",
		{ thread, url: NEWS + thread, title: "Ferries", body, parent_id: parent ?? null },
		who,
	);
	if (r.status !== 201) throw new Error(`post: ${r.status} ${JSON.stringify(r.body)}`);
	return r.body.comment;
}

/** visit opens a page of the newspaper in a window of its own, and fails the test on any script error. */
export async function visit(browser, path, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	page.on("console", (m) => {
		if (m.type() === "error" && !/net::ERR|status of (401|404|409|410|422|429|50\d)/.test(m.text())) page.problems.push(m.text());
	});
	page.sockets = [];
	page.on("websocket", (ws) => {
		const at = { open: true, heard: false };
		page.sockets.push(at);
		ws.on("framereceived", (f) => {
			at.heard = true;
			at.said?.(String(f.payload));
		});
		ws.on("framesent", (f) => (at.own ||= String(f.payload).includes('"own"')));
		ws.on("close", () => (at.open = false));
	});
	page.requests = [];
	page.on("request", (r) => page.requests.push(r));
	await page.goto(path === "about:blank" ? path : NEWS + path);
	return page;
}

/** until waits for what a page, or the server, comes to. */
export async function until(what, yes, patience = 12_000) {
	for (const end = Date.now() + patience; !(await yes()); await new Promise((r) => setTimeout(r, 25)))
		if (Date.now() > end) throw new Error(`it never came to this: ${what}`);
}

/** live waits until the page's sockets have said hello: what happens from now on reaches it. */
export const live = (page) =>
	until("the page is live", () => {
		const open = page.sockets.filter((s) => s.open);
		return open.length > 0 && open.every((s) => s.heard);
	});

export async function signIn(page, email = "ann@example.com") {
	const [popup] = await Promise.all([
		page.waitForEvent("popup"),
		page
			.getByRole("button", { name: /^Continue with/ })
			.first()
			.click(),
	]);
	await popup.locator("#e1").fill(email);
	await popup.locator("#e1").press("Enter");
	await popup.locator("#p1").fill(PASSWORD);
	await Promise.all([popup.waitForEvent("close"), popup.locator("#login").getByRole("button", { name: "Sign in" }).click()]);
	await page
		.getByRole("button", { name: /^Commenting as/ })
		.first()
		.waitFor();
}

export const shot = (page, name) => page.screenshot({ path: `${env("SHOTS")}/${name}.png` });
