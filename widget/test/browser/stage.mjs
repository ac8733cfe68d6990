// What every browser test shares: the browser, the two domains, the people.
import { chromium } from "playwright-core";

export const NEWS = "https://news.test";
export const SERVER = "https://comments.test";
const env = (name) => {
	const v = process.env[name];
	if (!v) throw new Error(`${name} is not set: run these through go test`);
	return v;
};
export const PASSWORD = env("PASSWORD");

/** launch starts Chromium, with third-party cookies blocked unless they are to be allowed. */
export function launch({ thirdParty = "blocked" } = {}) {
	return chromium.launch({
		executablePath: env("CHROMIUM"),
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
	});
}

export async function control(path, body) {
	const res = await fetch(env("CONTROL") + path, { method: path === "/mail" ? "GET" : "POST", body });
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
		if (m.type() === "error" && !/net::ERR|status of (404|401|409|422|429|50\d)/.test(m.text())) page.problems.push(m.text());
	});
	page.requests = [];
	page.on("request", (r) => page.requests.push(r));
	await page.goto(path === "about:blank" ? path : NEWS + path);
	return page;
}

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
