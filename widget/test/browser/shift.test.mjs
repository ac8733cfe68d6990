// A morning shift: 200 held comments of every kind, decided by keyboard only,
// while a reader follows the page in a second browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, SERVER, api, control, launch, post, token, visit } from "./stage.mjs";

const AT_MOST = 240; // keystrokes
const PEOPLE = 40;
const THREAD = "/shift";
const first = "Marta Ivo Lena Samir Greta Paul Noor Jonas".split(" ");
const last = "Brandt Petrov Salo Novak Weiss".split(" ");
const campaigns = [
	"Earn $8,532 per month working from home, just ask me how I did it",
	"Hello, contact Dr. Love via whatsapp +1 555 0100 he brought back my ex in 24 hours",
	"F R E E  iPh0ne for the first hundred who write to me today, hurry up",
	"In a weekend my cousin clears her rent, see t.example/rates for how it is done",
];
const remarks = [
	"The annex says otherwise on page",
	"Ask the harbour master about pier",
	"I rode it on night number",
	"Nobody has counted the riders of line",
	"It was colder than in winter",
	"My neighbour disagrees with point",
];

let browser;
let reader;
const held = [];
before(async () => {
	browser = await launch({ keep: true }); // the reader stays
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
			"admin",
		].join("\n"),
	);
	const who = [];
	for (let i = 0; i < PEOPLE; i++) {
		const email = `p${i}@example.com`;
		await control(
			"/run",
			[
				"user",
				"add",
				"--site",
				"news",
				"--email",
				email,
				"--name",
				`${first[i % 8]} ${last[Math.floor(i / 8)]}`,
				"--password",
				PASSWORD,
			].join("\n"),
		);
		who.push(await token(email));
	}
	const mo = await token("mo@example.com");
	await post(who[0], THREAD, "The first comment, which stands already.");
	await api("PUT", "/api/v1/sites/news/moderation/rules", { suspect: ["swindle*"] }, mo);
	await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
	const say = async (i, body) => held.push(await post(who[i], THREAD, body));
	for (let n = 0; n < 15; n++) for (const text of campaigns) await say(10 + ((n * 3 + text.length) % 25), text); // 60 of four texts
	for (let n = 0; n < 20; n++) await say(39, `You are all fools, and number ${n} of you is the worst of them.`); // one who must go
	for (let n = 0; n < 20; n++) await say(n % 10, `What a swindler, this man of item ${n}, I say.`); // one word
	for (let n = 0; n < 100; n++) await say(n % 20, `${remarks[n % remarks.length]} ${n}, and that is all I know.`);
	assert.equal(held.length, 200);
	assert.ok(held.every((c) => c.status === "pending"));
	reader = await visit(browser, THREAD);
	await reader.getByText("The first comment, which stands already.").waitFor();
});
after(() => browser.close());

const left = (page) => page.locator(".k").count();
const counts = async (mo) => (await api("GET", "/api/v1/sites/news/moderation/counts", undefined, mo)).body.counts;

test("200 held comments in at most 240 keystrokes", async () => {
	const mo = await token("mo@example.com");
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	const problems = [];
	page.on("pageerror", (e) => problems.push(e.message));
	await page.goto(`${SERVER}/dashboard/?site=news`);
	await page.getByLabel("Email").fill("mo@example.com");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.locator(".k.cur").waitFor({ timeout: 120_000 }); // a machine may be busy

	let strokes = 0;
	const press = async (k) => {
		strokes++;
		await page.keyboard.press(k);
	};
	const type = async (text) => {
		strokes += text.length;
		await page.keyboard.type(text);
	};
	const settled = async () => {
		await page.waitForLoadState("networkidle").catch(() => {});
		await page.waitForTimeout(60);
	};
	const done = { spam: 0, reject: 0, approve: 0 };
	let rejected = 0;

	// A rule first: short links, written and tried on the last 1,000 comments.
	await press("g");
	await press("r");
	await page.getByRole("heading", { name: "Words and rules" }).waitFor();
	await page.locator("#w-banned").waitFor();
	await press("n");
	await type("short");
	await press("Tab");
	await type("\\bt\\.example");
	await press("Enter");
	await page.getByText(/Of your last 201, would have rejected (0|15) and held (0|15)\./).waitFor();
	await press("Control+Enter");
	await page.getByText("Words and rules saved").waitFor();
	await press("g");
	await press("q");
	await page.locator(".k.cur").waitFor({ timeout: 120_000 }); // a machine may be busy

	let undone = false;
	let banned = false;
	for (let guard = 0; guard < 120; guard++) {
		await settled();
		if ((await left(page)) === 0) break;
		const text = (await page.locator(".k.cur .k-b").textContent()) ?? "";
		const size = async () => Number((await page.locator(".bulk b").textContent())?.match(/\d+/)?.[0] ?? 1);
		await press("l");
		const n = await size();
		if (text.includes("You are all fools")) {
			await press("b");
			await page.getByRole("dialog").waitFor();
			const decided = page.waitForResponse((r) => r.url().endsWith("/decisions"));
			await press("Enter");
			await page.getByRole("dialog").waitFor({ state: "detached" });
			await decided;
			banned = true;
			done.reject += n;
			continue;
		}
		const [k, what] = campaigns.some((c) => text.includes(c.slice(0, 12)))
			? ["s", "spam"]
			: text.includes("swindler")
				? ["r", "reject"]
				: ["a", "approve"];
		const answered = page.waitForResponse((r) => r.url().endsWith("/decisions"));
		await press(k);
		if (k === "r") await press(rejected++ === 0 ? "2" : "Enter"); // a personal attack, and the same again
		await answered;
		if (!undone) {
			const back = page.waitForResponse((r) => r.url().endsWith("/undo"));
			await press("u");
			assert.equal((await back).status(), 200);
			undone = true;
			await settled();
			continue;
		}
		done[what] += n;
	}
	await settled();
	console.log(`# ${held.length} comments in ${strokes} keystrokes: ${JSON.stringify(done)}`);
	assert.ok(strokes <= AT_MOST, `${strokes} keystrokes`);
	assert.ok(undone && banned);
	assert.deepEqual(done, { spam: 60, reject: 40, approve: 100 });
	await page.getByText("Nothing is waiting.").waitFor();
	assert.deepEqual(await counts(mo), { all: 0, pending: 0, reported: 0, spam: 0, new: 101 });
	assert.deepEqual(problems, []);

	// The reader has followed all of it, and nothing moved until they asked.
	await reader
		.getByRole("button", { name: /Show 100 new comments/ })
		.first()
		.waitFor();
	const listed = (await api("GET", `/api/v1/sites/news/counts?thread=${THREAD}`)).body.counts[THREAD];
	assert.equal(listed, 101);
	assert.deepEqual(reader.problems, []);

	// Who was banned can't write; the rule holds.
	const fool = await token("p39@example.com");
	assert.equal((await api("POST", "/api/v1/sites/news/comments", { thread: THREAD, body: "I am back" }, fool)).status, 403);
	await control("/run", ["site", "set", "news", "--hold", "none"].join("\n"));
	const other = await token("p5@example.com");
	for (const [body, status] of [
		["Look at t.example/x for more of it", "pending"],
		["A plain remark, for once", "published"],
	]) {
		let got = "";
		for (let i = 0; i < 50 && got !== status; i++) {
			got = (await post(other, "/elsewhere", `${body} ${i}`)).status;
			await new Promise((ok) => setTimeout(ok, 50));
		}
		assert.equal(got, status, body);
	}
});
