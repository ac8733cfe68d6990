// A file of another system comes in by the dashboard: sent in parts, read, looked at, applied, and taken back.
import assert from "node:assert/strict";
import { mkdtemp, open, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { api, control, launch, NEWS, PASSWORD, post, SERVER, shot, token, until, visit } from "./stage.mjs";

const PAGES = 60;
const COMMENTS = 24_000;
const LARGE = 50 << 20; // bytes that the file has at least
const PATIENCE = 90_000;

let browser;
let folder;
let ann;
let ada;
before(async () => {
	browser = await launch();
	folder = await mkdtemp(join(tmpdir(), "import-"));
	for (const [email, name, role] of [
		["ada@example.com", "Ada Admin", "admin"],
		["mo@example.com", "Mo Moderator", "moderator"],
	])
		await control("/run", `user\nadd\n--site\nnews\n--email\n${email}\n--name\n${name}\n--password\n${PASSWORD}\n--role\n${role}`);
	ann = await token("ann@example.com");
	ada = await token("ada@example.com");
});
after(async () => {
	await browser.close();
	await rm(folder, { recursive: true });
});

/** exported writes a file of 50 MB: one page that is there already, the others of an old host. */
async function exported(path) {
	const f = await open(path, "w");
	const key = (n) => (n === 0 ? "/harbour" : `https://old.example/story-${n}`);
	const lines = [{ type: "header", parley: 1, site: "old" }];
	for (let n = 0; n < PAGES; n++)
		lines.push({ type: "thread", id: `t${n}`, key: key(n), url: n === 0 ? `${NEWS}/harbour` : key(n), title: n === 0 ? "The harbour" : `Story ${n}`, state: "open" });
	for (let n = 0; n < 200; n++) lines.push({ type: "person", id: `p${n}`, name: `Invented Person ${n}` });
	const filler = "words of an invented comment, as long as they have to be for a large file. ".repeat(28);
	for (let n = 0; n < COMMENTS; n++) {
		const status = n % 100 === 7 ? "spam" : n % 100 === 8 ? "pending" : "published";
		const created = new Date(Date.UTC(2023, 0, 1) + n * 60_000).toISOString();
		lines.push({
			type: "comment",
			id: `c${n}`,
			thread: `t${n % PAGES}`,
			person: `p${n % 200}`,
			parent: "",
			body: `Number ${n}: ${filler}`,
			status,
			created_at: created,
		});
		if (lines.length > 2000) await f.write(`${lines.splice(0).map((x) => JSON.stringify(x)).join("\n")}\n`);
	}
	for (let n = 0; n < 30; n++)
		lines.push({ type: "comment", id: `lost${n}`, thread: "nowhere", person: "p1", parent: "", body: "Lost.", status: "published", created_at: "2023-01-01T00:00:00Z" });
	lines.push({ type: "end", threads: PAGES, people: 200, comments: COMMENTS + 30 });
	await f.write(`${lines.map((x) => JSON.stringify(x)).join("\n")}\n`);
	await f.close();
	assert.ok((await stat(path)).size >= LARGE, "the file is smaller than it has to be");
}

async function settings(email = "ada@example.com") {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	await page.goto(`${SERVER}/dashboard/?site=news&screen=settings&part=import`);
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.locator(".top-h h1").waitFor();
	return page;
}

/** looks draws a state in every width and both themes, and says what is wrong with it. */
async function looks(p, name, widths = [1280, 390, 320]) {
	const wrong = [];
	for (const width of widths) {
		await p.setViewportSize({ width, height: 900 });
		for (const colorScheme of ["light", "dark"]) {
			await p.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await p.locator(`body[data-theme="${colorScheme}"]`).waitFor();
			await p.locator("#import").screenshot({ path: `${process.env.SHOTS}/${name}-${width}-${colorScheme}.png` });
			if (await p.evaluate(() => document.documentElement.scrollWidth > innerWidth))
				wrong.push(`${name} at ${width}: something sticks out`);
			wrong.push(...(await axe(p)).map((v) => `${name} at ${width} ${colorScheme}: ${v}`));
		}
	}
	await p.setViewportSize({ width: 1280, height: 900 });
	await p.emulateMedia({ colorScheme: "light", reducedMotion: null });
	return wrong;
}

const list = async () => (await api("GET", "/api/v1/sites/news/imports", undefined, ada)).body.imports;
const count = async (thread) =>
	(await api("GET", `/api/v1/sites/news/comments?thread=${encodeURIComponent(thread)}`)).body.thread?.comment_count ?? 0;

test("a large file: parts, report, an old host, applied with progress, on the page, undone", async () => {
	const file = join(folder, "old-site.jsonl");
	await exported(file);
	await post(ann, "/harbour", "It was here before the file.");
	const was = await count("/harbour");
	const p = await settings();
	const imp = p.locator("#import");
	await imp.getByRole("button", { name: "Choose a file" }).waitFor();
	const wrong = await looks(p, "import-empty");

	// Sent in parts, with a reload in the middle: the same file goes on where it was.
	let parts = 0;
	await p.route("**/parts/*", async (route) => {
		if (++parts === 4) await new Promise((done) => setTimeout(done, 1500));
		await route.continue();
	});
	await imp.locator('input[type="file"]').setInputFiles(file);
	await imp.getByText(/^Sending…/).waitFor();
	await until("some parts have come", () => parts >= 3);
	await p.reload();
	await imp.getByText(/Choose old-site.jsonl again and the rest follows/).waitFor();
	const before = (await list())[0].received;
	assert.ok(before > 0, "nothing of it was kept");
	wrong.push(...(await looks(p, "import-resume", [390])));
	const other = join(folder, "other.jsonl");
	await writeFile(other, "another");
	await imp.locator('.drop input[type="file"]').setInputFiles(other);
	await imp.getByText(/That is another file/).waitFor();
	await imp.locator('.drop input[type="file"]').setInputFiles(file);

	// The report, for people.
	await imp.getByRole("heading", { name: "Dry run" }).waitFor({ timeout: PATIENCE });
	const report = imp.getByRole("region", { name: "Dry run" });
	assert.match(await report.locator(".kpi").textContent(), /Comments\s*24,000/);
	assert.match(await report.textContent(), /Spam\s*240/);
	assert.match(await report.textContent(), /Skipped\s*30/);
	await imp.getByText("1 thread will join one you already have").waitFor();
	await imp.getByText("1 + 400").waitFor();
	wrong.push(...(await looks(p, "import-report")));
	const box = imp.getByLabel("Now at, instead of old.example");
	await box.fill("not a host");
	await box.press("Enter");
	await imp.getByText(/host or an origin/).waitFor();
	await box.fill("news.test");
	await imp.getByRole("button", { name: "Read again with these addresses" }).click();
	await imp.getByText("Its pages are read as the new address’s").waitFor({ timeout: PATIENCE });
	const files = await p.evaluate(async (id) => (await fetch(`/api/v1/sites/news/imports/${id}/skipped.csv`)).text(), (await list())[0].id);
	assert.equal(files.trim().split("\n").length, 31, "every row that is skipped is in the file");

	// Applied, while somebody writes; a page that was closed finds it again.
	await imp.getByRole("button", { name: "Apply: import 24,000 comments" }).press("Enter");
	await imp.getByText(/^Importing… [\d,]+ of 24,000 comments/).first().waitFor();
	await imp.getByText(/a second/).waitFor();
	wrong.push(...(await looks(p, "import-applying", [1280, 390])));
	const began = Date.now();
	await post(ann, "/elsewhere", "Somebody writes meanwhile.");
	assert.ok(Date.now() - began < 5_000, "a post waits for the import");
	await p.reload();
	await imp.getByText(/^Import \d+, old-site.jsonl, is done|^Importing…/).first().waitFor();
	await until("it is done", async () => (await list())[0].state === "done", PATIENCE);
	await imp.getByText("Done", { exact: true }).waitFor();
	wrong.push(...(await looks(p, "import-done")));
	assert.equal(await count("/harbour"), was + 400);
	const reader = await visit(browser, "/harbour");
	await reader.getByText(/Number \d+: words of an invented comment/).first().waitFor();
	assert.deepEqual(reader.problems, []);
	const mapped = await count(`${NEWS}/story-1`);
	assert.ok(mapped > 300, `the page of the old host has ${mapped}`);

	// Taken back: what somebody has answered stays, with its reason.
	const page = (await api("GET", `/api/v1/sites/news/comments?thread=${encodeURIComponent(`${NEWS}/story-2`)}`)).body;
	await post(ann, `${NEWS}/story-2`, "An answer of today.", page.comments[0].id);
	await imp.getByRole("button", { name: "Undo the import of old-site.jsonl" }).click();
	const ask = p.getByRole("dialog");
	await ask.getByText(/somebody has replied to it/).waitFor();
	wrong.push(...(await axe(p)).map((v) => `the question: ${v}`));
	await shot(p, "import-undo-1280-light");
	await ask.getByRole("button", { name: "Undo the import" }).click();
	await imp.getByText(/^Undone /).waitFor({ timeout: PATIENCE });
	assert.equal(await count("/harbour"), was);
	assert.equal(await count(`${NEWS}/story-1`), 0);
	assert.equal(await count(`${NEWS}/story-2`), 2);
	await reader.reload();
	await reader.getByText("It was here before the file.").waitFor();
	assert.equal(await reader.getByText(/Number \d+: words of an invented comment/).count(), 0);
	wrong.push(...(await looks(p, "import-undone", [1280])));
	assert.deepEqual(wrong, []);
	assert.deepEqual(p.problems, []);
});

test("a broken file says what is wrong, and others than admins are offered nothing", async () => {
	const p = await settings();
	const imp = p.locator("#import");
	await imp.getByRole("button", { name: "Choose a file" }).waitFor();
	const file = join(folder, "broken.xml");
	await writeFile(file, "nothing that anybody knows");
	await imp.locator('input[type="file"]').setInputFiles(file);
	await imp.locator(".alert").getByText(/Nothing in the file says what it is/).waitFor();
	await imp.getByText("Failed", { exact: true }).waitFor();
	assert.deepEqual(await looks(p, "import-failed", [390]), []);
	assert.deepEqual(p.problems, []);
	const mo = await settings("mo@example.com");
	assert.equal(await mo.locator("#import").count(), 0);
});
