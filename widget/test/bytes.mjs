// What the widget costs a reader and the page around it, each figure beside its
// goal: bytes as Chromium counts them on the wire, nodes, listeners, tasks.
//
//	node widget/test/bytes.mjs ./parley [--json] [--only NAME]
//
// Bytes, nodes and listeners are the same at every run; times are this machine's.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { jsonl } from "./browser/talk.mjs";

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : "");
const only = option("--only");
const json = args.includes("--json") && args.splice(args.indexOf("--json"), 1).length > 0;
const bin = resolve(args[0] ?? "./parley");
const PASSWORD = "bench-password";
const which = (...names) => names.map((n) => spawnSync("which", [n]).stdout.toString().trim()).find(Boolean);
const CHROMIUM = process.env["CHROMIUM_SHELL"] ?? which("chromium-headless-shell", "chromium");
const REST_MS = 10_000;

const free = () =>
	new Promise((done) => {
		const s = createSocket().listen(0, "127.0.0.1", () => {
			const { port } = s.address();
			s.close(() => done(port));
		});
	});

/** world is a server with discussions of every size, and a newspaper on another host. */
async function world() {
	const dir = mkdtempSync(join(tmpdir(), "parley-bytes-"));
	const [port, paper] = [await free(), await free()];
	const server = `http://127.0.0.1:${port}`;
	const news = `http://localhost:${paper}`;
	const env = { ...process.env, PARLEY_LISTEN: `127.0.0.1:${port}`, PARLEY_DATABASE: `sqlite:${dir}/parley.db`, PARLEY_RATE_LIMITS: "off" };
	const run = (...a) => {
		const r = spawnSync(bin, a, { env });
		if (r.status !== 0) throw new Error(`parley ${a.join(" ")}: ${r.stdout}${r.stderr}`);
	};
	run("site", "add", "news", "--name", "News", "--origin", news);
	run("user", "add", "--site", "news", "--email", "ann@example.com", "--name", "Ann Lee", "--password", PASSWORD);
	run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo Berg", "--password", PASSWORD, "--role", "moderator");
	const file = join(dir, "talk.jsonl");
	writeFileSync(
		file,
		jsonl(news, [
			{ key: "/small", comments: 5 },
			{ key: "/talk", comments: 60 },
			{ key: "/roots", comments: 100 },
			{ key: "/598", comments: 598, replies: 3 },
			{ key: "/closed", comments: 5, state: "closed" },
			{ key: "/held", comments: 60, status: "pending" },
		]),
	);
	run("import", "--site", "news", "--format", "parley", file);
	const child = spawn(bin, ["serve"], { env, stdio: "ignore" });
	const web = createServer((req, res) => {
		const url = new URL(req.url, news);
		res.setHeader("Content-Type", "text/html; charset=utf-8");
		if (url.pathname === "/favicon.ico") return res.writeHead(204).end();
		const attrs = url.searchParams.get("attrs") ?? "";
		res.end(
			`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">` +
				`<style>parley-comments:not(:defined) { display: block; min-height: 100vh }</style><title>Ferries</title><h1>Ferries</h1><p>An article.</p><button id="host">Press</button>` +
				`<parley-comments site="news" thread="${url.pathname}" lazy="off" ${attrs}></parley-comments><footer>Footer</footer>` +
				`<script async src="${server}/embed.js"></script></html>`,
		);
	}).listen(paper, "localhost");
	for (let i = 0; i < 400; i++) {
		if ((await fetch(`${server}/readyz`).catch(() => null))?.ok) break;
		await new Promise((r) => setTimeout(r, 25));
	}
	return {
		server,
		news,
		end() {
			child.kill();
			web.close();
			web.closeAllConnections();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

/** open visits a page and counts what the server sends to it. */
async function open(w, browser, path, { encodings, attrs = "", width = 1280, cpu = 1, slow = false, ...o } = {}) {
	const context = await browser.newContext({ viewport: { width, height: 900 }, ...o });
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);
	await cdp.send("Network.enable");
	if (encodings) await cdp.send("Network.setExtraHTTPHeaders", { headers: { "Accept-Encoding": encodings } });
	if (cpu > 1) await cdp.send("Emulation.setCPUThrottlingRate", { rate: cpu });
	if (slow) await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 562, downloadThroughput: 180_000, uploadThroughput: 84_000 });
	const asked = new Map();
	const sent = [];
	cdp.on("Network.requestWillBeSent", (e) => asked.set(e.requestId, e.request.url));
	cdp.on("Network.loadingFinished", (e) => {
		const url = asked.get(e.requestId) ?? "";
		if (url.startsWith(w.server)) sent.push([url.slice(w.server.length), e.encodedDataLength]);
	});
	await page.addInitScript(watch);
	await page.goto(`${w.news}${path}${attrs && `?attrs=${encodeURIComponent(attrs)}`}`);
	return { page, cdp, context, sent, bytes: (which = /./) => sent.filter(([u]) => which.test(u)).reduce((s, [, n]) => s + n, 0) };
}

/** watch runs in the page: what moves, what takes long. */
function watch() {
	window.seen = { shift: 0, why: [], tasks: [], inp: 0 };
	new PerformanceObserver((l) => {
		for (const e of l.getEntries())
			if (!e.hadRecentInput) {
				window.seen.shift += e.value;
				window.seen.why.push(...e.sources.map((s) => `${s.node?.className || s.node?.nodeName} ${s.previousRect.y}+${s.previousRect.height} to ${s.currentRect.y}+${s.currentRect.height}`));
			}
	}).observe({ type: "layout-shift", buffered: true });
	new PerformanceObserver((l) => window.seen.tasks.push(...l.getEntries().map((e) => Math.round(e.duration)))).observe({ type: "longtask", buffered: true });
	new PerformanceObserver((l) => {
		for (const e of l.getEntries()) if (e.interactionId) window.seen.inp = Math.max(window.seen.inp, e.duration);
	}).observe({ type: "event", buffered: true, durationThreshold: 16 });
}

const rows = [];
/** figure notes one figure beside its goal. */
function figure(name, value, unit, goal, note = "") {
	rows.push({ name, value, unit, goal, ok: value <= goal, note });
	if (json) console.log(JSON.stringify(rows.at(-1)));
	else console.log(`${name.padEnd(58)} ${String(value).padStart(9)} ${unit.padEnd(9)} goal ${String(goal).padStart(7)}  ${value <= goal ? "" : "SHORT"}  ${note}`);
}

const NEEDED = /embed\.js|view\.js|\/comments\?|i18n/;
const names = (sent) => sent.map(([u, n]) => `${u.replace(/\?.*/, "").split("/").pop()} ${n}`).join(", ");

const seen = (v) => v.page.evaluate(() => window.seen);

/** metrics are Chromium's own counts, after it has thrown away what nobody holds. */
async function metrics(v) {
	await v.cdp.send("Performance.enable");
	await v.cdp.send("HeapProfiler.collectGarbage");
	return Object.fromEntries((await v.cdp.send("Performance.getMetrics")).metrics.map((m) => [m.name, m.value]));
}

/** all598 opens a long discussion with all of its comments on the page. */
async function all598(w, browser) {
	const v = await open(w, browser, "/598", { attrs: 'page-size="100"' });
	await v.page.locator("article.c").nth(397).waitFor({ state: "attached" });
	await v.page.getByRole("button", { name: "Show more comments" }).click();
	await v.page.locator("article.c").nth(597).waitFor({ state: "attached" });
	await v.page.waitForTimeout(1_000);
	return v;
}

const scenarios = {
	async bytes(w, browser) {
		for (const [how, encodings] of [
			["br", "gzip, br"],
			["gzip", "gzip"],
		]) {
			for (const [thread, n] of [
				["/small", 5],
				["/talk", 20],
			]) {
				const v = await open(w, browser, thread, { encodings });
				await v.page.locator("article.c").nth(n - 1).waitFor();
				if (n === 20) {
					const first = v.sent.filter(([u]) => NEEDED.test(u));
					figure(`before the first 20 comments show, ${how}`, v.bytes(NEEDED), "bytes", 19_500, `${first.length} requests: ${names(first)}`);
				}
				await v.page.waitForTimeout(REST_MS);
				figure(`a reader who touches nothing, ${thread}, ${how}`, v.bytes(), "bytes", 24_000, `${v.sent.length} requests: ${names(v.sent)}`);
				await v.context.close();
			}
		}
		const v = await open(w, browser, "/talk", { attrs: 'lang="ru"' });
		await v.page.locator("article.c").nth(19).waitFor();
		const first = v.sent.filter(([u]) => NEEDED.test(u));
		figure("before the first 20 comments show, in Russian", v.bytes(NEEDED), "bytes", 23_500, `${first.length} requests`);
		await v.context.close();
	},

	async posting(w, browser) {
		const v = await open(w, browser, "/talk", { encodings: "gzip, br" });
		const box = v.page.getByLabel("Join the discussion");
		await box.click();
		await box.pressSequentially("Written, signed in, posted.", { delay: 30 });
		const [popup] = await Promise.all([v.page.waitForEvent("popup"), v.page.getByRole("button", { name: "Sign in and post" }).click()]);
		await popup.locator("#e1").fill("ann@example.com");
		await popup.locator("#e1").press("Enter");
		await popup.locator("#p1").fill(PASSWORD);
		await popup.locator("#login").getByRole("button", { name: "Sign in" }).click();
		await v.page.locator("article.c", { hasText: "Written, signed in, posted." }).getByRole("button", { name: "Reply" }).waitFor();
		await v.page.waitForTimeout(1_000);
		figure("composer focused, signed in, posted", v.bytes(), "bytes", 40_000, `${v.sent.length} requests without the window: ${names(v.sent)}`);
		await v.context.close();
	},
	/** desk is the moderators' first screen, and decisions by keyboard on it. */
	async desk(w, browser) {
		const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
		const page = await context.newPage();
		await page.goto(`${w.server}/dashboard`);
		await page.locator("input[type=email]").fill("mo@example.com");
		await page.locator("input[type=password]").fill(PASSWORD);
		await page.keyboard.press("Enter");
		await page.locator("li.cur").waitFor();
		const cdp = await context.newCDPSession(page);
		await cdp.send("Network.enable");
		await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
		const asked = new Map();
		const sent = [];
		cdp.on("Network.requestWillBeSent", (e) => asked.set(e.requestId, e.request.url));
		cdp.on("Network.loadingFinished", (e) => sent.push([(asked.get(e.requestId) ?? "").slice(w.server.length), e.encodedDataLength]));
		await page.reload();
		await page.locator("li.cur").waitFor();
		await page.waitForTimeout(1_500);
		const sum = (which) => sent.filter(([u]) => which.test(u)).reduce((n, [, b]) => n + b, 0);
		figure("the dashboard's first screen, 60 comments of 12 authors", sum(/./), "bytes", 100_000, `${sent.length} requests`);
		figure("… of it code", sum(/\.js/), "bytes", 60_000);
		const took = [];
		for (let i = 0; i < 30; i++) {
			took.push(
				await page.evaluate(
					() =>
						new Promise((done) => {
							const was = document.querySelector("li.cur");
							const began = performance.now();
							const look = () => {
								const is = document.querySelector("li.cur");
								if (is && is !== was) done(performance.now() - began);
								else requestAnimationFrame(look);
							};
							(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true, cancelable: true }));
							look();
						}),
				),
			);
			await page.waitForTimeout(120);
		}
		took.sort((a, b) => a - b);
		figure("a decision by keyboard until the next card is current, p50", Math.round(took[15] * 10) / 10, "ms", 40, `p90 ${Math.round(took[27])}`);
		await context.close();
	},
	async nodes(w, browser) {
		const v = await all598(w, browser);
		const m = await metrics(v);
		figure("nodes, 598 comments", m.Nodes, "nodes", 12_000);
		figure("listeners, 598 comments", m.JSEventListeners, "listeners", 200);
		await v.context.close();
	},
	async shift(w, browser) {
		for (const path of ["/small", "/talk", "/closed", "/empty"])
			for (const width of [1280, 320]) {
				const v = await open(w, browser, path, { cpu: 4, slow: true, width });
				await v.page.getByText("Community standards").waitFor();
				await v.page.waitForTimeout(4_000);
				const { shift, why } = await seen(v);
				figure(`what moves while ${path} comes at ${width} px, 4x, slow 4G`, Math.round(shift * 10_000) / 10_000, "CLS", 0, why.join("; "));
				await v.context.close();
			}
	},
	async tasks(w, browser) {
		{
			const v = await open(w, browser, "/roots", { attrs: 'page-size="100"', cpu: 4 });
			await v.page.locator("article.c").nth(99).waitFor({ state: "attached" });
			await v.page.waitForTimeout(3_000);
			const { tasks } = await seen(v);
			figure("longest task, a page of 100 comments, 4x slow-down", Math.max(0, ...tasks), "ms", 100, `over 50 ms: ${tasks.join(", ")}`);
			await v.context.close();
		}
		{
			const v = await all598(w, browser);
			const box = v.page.getByLabel("Join the discussion");
			await box.focus();
			await v.page.waitForTimeout(1_500);
			const before = await metrics(v);
			const text = "Typed into a long thread, key by key.";
			await box.pressSequentially(text, { delay: 40 });
			const after = await metrics(v);
			const each = ((after.TaskDuration - before.TaskDuration) * 1_000) / text.length;
			figure("a key typed, 598 comments", Math.round(each * 10) / 10, "ms", 16, "all that the page's thread did, by the number of keys");
			await v.context.close();
		}
		{
			const v = await open(w, browser, "/roots", { attrs: 'page-size="100"', cpu: 4 });
			for (let i = 0; i < 12; i++) {
				await v.page.locator("#host").click();
				await v.page.waitForTimeout(150);
			}
			figure("the page's own button while the widget comes, 4x", (await seen(v)).inp, "ms", 100, "the slowest of twelve presses");
			await v.context.close();
		}
	},
};

const w = await world();
let browser;
try {
	browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
	for (const path of ["/small", "/talk"]) // what is asked for often is packed better
		for (let i = 0; i < 80; i++) await fetch(`${w.server}/api/v1/sites/news/comments?thread=${encodeURIComponent(path)}`);
	for (const [name, run] of Object.entries(scenarios)) if (!only || name.includes(only)) await run(w, browser);
} finally {
	await browser?.close();
	w.end();
}
