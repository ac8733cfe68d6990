// Pages that move: two discussions become one under the eyes of their readers, and two again; addresses change by a pattern.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./axe.mjs";
import { api, control, launch, live, NEWS, PASSWORD, post, SERVER, shot, token, until, visit } from "./stage.mjs";

let browser;
let ann;
let mo;
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
			"mo@example.com",
			"--name",
			"Mo Moderator",
			"--password",
			PASSWORD,
			"--role",
			"moderator",
		].join("\n"),
	);
	ann = await token("ann@example.com");
	mo = await token("mo@example.com");
});
after(() => browser.close());

async function desk(path = "screen=threads") {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	await page.goto(`${SERVER}/dashboard/?site=news&${path}`);
	await page.getByLabel("Email").fill("mo@example.com");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.locator(".tbl tr[data-id]").first().waitFor();
	return page;
}

async function looks(p, name) {
	const wrong = [];
	for (const width of [1280, 390, 320]) {
		await p.setViewportSize({ width, height: 900 });
		for (const colorScheme of ["light", "dark"]) {
			await p.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await p.locator(`body[data-theme="${colorScheme}"]`).waitFor();
			await shot(p, `${name}-${width}-${colorScheme}`);
			if (await p.evaluate(() => document.documentElement.scrollWidth > innerWidth))
				wrong.push(`${name} at ${width}: something sticks out`);
			wrong.push(...(await axe(p)).map((v) => `${name} at ${width} ${colorScheme}: ${v}`));
		}
	}
	await p.setViewportSize({ width: 1280, height: 900 });
	await p.emulateMedia({ colorScheme: "light", reducedMotion: null });
	return wrong;
}

const titled = async (thread, title) => {
	const list = (await api("GET", `/api/v1/sites/news/moderation/threads?q=${encodeURIComponent(thread)}`, undefined, mo)).body
		.threads;
	const th = list.find((x) => x.key === thread);
	assert.equal((await api("PATCH", `/api/v1/sites/news/moderation/threads/${th.id}`, { title }, mo)).status, 200);
	return th.id;
};

test("two threads become one while both are open, live, and two again", async () => {
	const first = await post(ann, "/old-address", "Said at the old address.");
	await post(ann, "/old-address", "An answer at the old address.", first.id);
	await post(ann, "/new-address", "Said at the new address.");
	await titled("/old-address", "The old page");
	await titled("/new-address", "The new page");
	const was = await visit(browser, "/old-address");
	const is = await visit(browser, "/new-address");
	const sees = (page, what) => page.locator("parley-comments").getByText(what, { exact: true });
	await sees(was, "Said at the old address.").waitFor();
	await sees(is, "Said at the new address.").waitFor();
	await live(was);
	await live(is);

	const d = await desk();
	await d.locator("tr", { hasText: "The old page" }).getByRole("button").click();
	await d.getByRole("button", { name: "Merge into…" }).click();
	const dialog = d.getByRole("dialog");
	await dialog.getByRole("radio", { name: /The new page/ }).waitFor();
	assert.equal(await dialog.getByRole("radio", { name: /The old page/ }).count(), 0); // not into itself
	await dialog.getByRole("button", { name: "Merge", exact: true }).click();
	await dialog.getByText("Choose the thread that stays.").waitFor();
	await dialog.getByRole("searchbox").fill("the new");
	await dialog.getByRole("searchbox").press("Tab");
	await d.keyboard.press("Space"); // by the keyboard alone
	assert.deepEqual(await looks(d, "threads-merge"), []);
	await dialog.getByRole("button", { name: "Merge", exact: true }).click();
	await d.getByText("Merged into “The new page”.").first().waitFor();
	for (const page of [was, is])
		for (const what of ["Said at the old address.", "An answer at the old address.", "Said at the new address."])
			await sees(page, what).waitFor();
	await d.locator("tr", { hasText: "The old page" }).waitFor({ state: "detached" });
	assert.deepEqual((await api("GET", "/api/v1/sites/news/counts?thread=/old-address&thread=/new-address")).body.counts, {
		"/old-address": 3,
		"/new-address": 3,
	});

	await d.getByRole("button", { name: "Undo" }).click();
	await d.getByText("The merge is undone.").first().waitFor();
	await sees(was, "Said at the new address.").waitFor({ state: "detached" });
	await sees(is, "Said at the old address.").waitFor({ state: "detached" });
	await sees(was, "An answer at the old address.").waitFor();
	await sees(is, "Said at the new address.").waitFor();
	assert.deepEqual((await api("GET", "/api/v1/sites/news/counts?thread=/old-address&thread=/new-address")).body.counts, {
		"/old-address": 2,
		"/new-address": 1,
	});
	await live(was);
	await post(ann, "/old-address", "Live again at the old address."); // each follows its own
	await was.getByRole("button", { name: /1 new/ }).first().waitFor();
	assert.equal(await is.getByRole("button", { name: /1 new/ }).count(), 0);
	for (const page of [was, is, d]) {
		assert.deepEqual(page.problems, []);
		await page.context().close();
	}
});

test("addresses change by a pattern, after a look at what that does", async () => {
	for (const path of ["/blog/one", "/blog/two", "/news/two"]) await post(ann, path, `Said at ${path}.`);
	const d = await desk();
	await d.getByRole("button", { name: "Move pages" }).click();
	const dialog = d.getByRole("dialog");
	await dialog.getByLabel("Path or address as it was").fill("/blog/*");
	await dialog.getByLabel("What it is now").fill("https://news.test/*");
	await dialog.getByRole("button", { name: "Preview" }).click();
	await dialog.getByText(/must be a path where from is one/i).waitFor();
	await dialog.getByLabel("What it is now").fill("/news/*");
	await dialog.getByLabel("What it is now").press("Enter");
	await dialog.getByText("1 page moves, 1 is left: that address has a discussion").waitFor();
	assert.deepEqual(await looks(d, "threads-move"), []);
	await dialog.getByLabel("Merge where the new address").check();
	await dialog.getByRole("button", { name: "Preview" }).click(); // what was shown is of another question
	await dialog.getByText("1 page moves, 1 joins the discussion there").waitFor();
	await dialog.getByRole("button", { name: "Move", exact: true }).click();
	await d.getByText("Done: 1 page moves, 1 joins the discussion there.").first().waitFor();
	assert.deepEqual(
		(await api("GET", "/api/v1/sites/news/counts?thread=/blog/one&thread=/news/one&thread=/blog/two&thread=/news/two")).body
			.counts,
		{ "/blog/one": 1, "/news/one": 1, "/blog/two": 2, "/news/two": 2 },
	);
	await d.goto(`${SERVER}/dashboard/?site=news&screen=audit`);
	const log = d.getByRole("list", { name: "Audit log" });
	await log.getByText("moved pages to other addresses").first().waitFor();
	await log.getByText("merged a page into").first().waitFor();
	await log.getByText("took back a merge into").first().waitFor();
	await shot(d, "threads-audit-1280");
	assert.deepEqual(d.problems, []);
	await d.context().close();
});

test("pages are asked on demand, and the report is followed", async () => {
	const from = (await post(ann, "/report/old", "Said where nothing is any more.")).thread_id;
	const into = (await post(ann, "/report/new", "Said where it leads.")).thread_id;
	const d = await desk();
	let asked = 0;
	const row = {
		id: from,
		key: "/report/old",
		title: "A page that has moved",
		comment_count: 1,
		page: `${NEWS}/report/old`,
		status: 200,
	};
	const gone = {
		...row,
		id: "1",
		title: "A page that is gone",
		answer: "gone",
		status: 404,
		to: null,
		new_key: null,
		into: null,
	};
	const report = (running) => ({
		running,
		began_at: "2026-11-25T08:00:00Z",
		ended_at: running ? null : "2026-11-25T08:01:00Z",
		done: running ? 3 : 12,
		total: 12,
		unasked: 1,
		cut: false,
		stopped: false,
		rows: running ? [gone] : [gone, { ...row, answer: "moved", to: `${NEWS}/report/new`, new_key: "/report/new", into }],
	});
	await d.route("**/moderation/threads/check", (r) =>
		r.fulfill({ status: r.request().method() === "POST" ? 202 : 200, json: report(asked++ < 2) }),
	);
	await d.getByRole("button", { name: "Check pages" }).click();
	const said = d.getByRole("region", { name: "Pages that don’t answer" });
	await said.getByText("3 of 12 pages asked, one a second").waitFor();
	await said.getByText("Not found (404)").waitFor();
	await said.getByText(/12 pages asked/).waitFor();
	await said.getByText(`Leads to ${NEWS}/report/new`).waitFor();
	assert.deepEqual(await looks(d, "threads-check"), []);
	await said.getByRole("button", { name: "Merge A page that has moved with the thread there" }).click();
	await d.getByText("Merged into “/report/new”.").first().waitFor();
	await said.getByText(`Leads to ${NEWS}/report/new`).waitFor({ state: "detached" });
	await until(
		"the counts are those of one thread",
		async () => (await api("GET", "/api/v1/sites/news/counts?thread=/report/old")).body.counts["/report/old"] === 2,
	);
	await said.getByRole("button", { name: "Hide the report" }).click();
	assert.equal(await said.count(), 0);
	assert.deepEqual(d.problems, []);
	await d.context().close();
});

test("two that look like one page are merged where that is said; what takes long shows how far it is", async () => {
	await post(ann, "/alike", "Said without a slash.");
	await post(ann, "/alike/", "Said with one.");
	const d = await desk();
	let asked = 0;
	const long = {
		id: "1",
		from: "2",
		key: "/long",
		title: "A long discussion",
		into: "3",
		into_title: "The one that stays",
		undoing: false,
		moved: 4000,
		comments: 12345,
	};
	await d.route("**/moderation/threads/merges", (r) => r.fulfill({ json: { merges: asked++ < 2 ? [long] : [] } }));
	await d.reload();
	const said = d.getByRole("region", { name: "Being merged" });
	await said.getByText("4,000 of 12,345 comments moved").waitFor();
	assert.deepEqual(await looks(d, "threads-merging"), []);
	await said.waitFor({ state: "detached" }); // it is through
	await d.unroute("**/moderation/threads/merges");
	const note = d.locator(".note", { hasText: "/alike" });
	await note.getByRole("button", { name: "Merge" }).click();
	await d.getByRole("dialog").getByRole("button", { name: "Merge", exact: true }).press("Enter");
	await d.getByText("Merged into “/alike”.").first().waitFor();
	await note.waitFor({ state: "detached" });
	assert.deepEqual((await api("GET", "/api/v1/sites/news/counts?thread=/alike&thread=/alike/")).body.counts, {
		"/alike": 2,
		"/alike/": 2,
	});
	assert.deepEqual(d.problems, []);
	await d.context().close();
});
