// Several people decide at once: nothing that one does may take another's words, place or decision away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, SERVER, api, control, launch, post, token, until } from "./stage.mjs";

let browser;
let ann;
let ada;
const held = []; // comments that wait, oldest first

before(async () => {
	browser = await launch();
	for (const [email, name, role] of [
		["mo@example.com", "Mo Moderator", "moderator"],
		["ad@example.com", "Ada Admin", "admin"],
		["st@example.com", "Stef Staff", "staff"],
		["au@example.com", "Au Ditor", "auditor"],
	])
		await control(
			"/run",
			["user", "add", "--site", "news", "--email", email, "--name", name, "--password", PASSWORD, "--role", role].join("\n"),
		);
	ann = await token("ann@example.com");
	ada = await token("ad@example.com");
	await post(ann, "/ferries", "A published remark about the first boat.");
	await control("/run", ["site", "set", "news", "--hold", "all"].join("\n"));
	for (let i = 1; i <= 12; i++) held.push(await post(ann, "/ferries", `Held comment number ${i}.`));
});
after(() => browser.close());

async function desk(email, path = "screen=queue&order=oldest", live = true) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	page.problems = [];
	page.on("pageerror", (e) => page.problems.push(e.message));
	if (!live) await page.routeWebSocket(/\/live/, (ws) => ws.close()); // a network that lets no socket through
	await page.addInitScript(() => {
		window.sockets = [];
		window.WebSocket = class extends WebSocket {
			constructor(...a) {
				super(...a);
				window.sockets.push(this);
			}
		};
	});
	await page.goto(`${SERVER}/dashboard/?site=news&${path}`);
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	if (live && path.includes("queue")) await page.locator(".live2:not(.off)").waitFor();
	await page.locator(".k").first().waitFor();
	return page;
}

async function done(page) {
	assert.deepEqual(page.problems, []);
	await page.context().close();
}

const card = (page, n) => page.locator(".k", { has: page.locator(".k-b", { hasText: new RegExp(`number ${n}\\.`) }) });
const text = (n) => new RegExp(`number ${n}\\.`);
const status = async (n) =>
	(await api("GET", `/api/v1/sites/news/moderation/comments/${held[n - 1].id}`, undefined, ada)).body.comments[0].status;
const decide = (n, action, more = {}) =>
	api("POST", "/api/v1/sites/news/moderation/decisions", [{ comment_id: held[n - 1].id, action, ...more }], ada);

test("what another decides takes nobody's words, and the letters decide nothing", async () => {
	const page = await desk("mo@example.com");
	await card(page, 1).click();
	const note = page.getByLabel("Add a note for other moderators");
	await note.pressSequentially("a note half wri");
	await decide(1, "approve");
	await card(page, 1).getByText("Approved by Ada Admin").waitFor();
	await note.pressSequentially("tten as ");
	await card(page, 1).waitFor({ state: "detached" });
	await page.keyboard.type("spam");
	assert.equal(await note.inputValue(), "a note half written as spam");
	assert.ok(await note.evaluate((e) => e === document.activeElement));
	for (const n of [2, 3, 4, 5]) assert.equal(await status(n), "pending");
	await done(page);
});

test("a card that somebody else has decided obeys nobody", async () => {
	const page = await desk("mo@example.com");
	await card(page, 2).click();
	await decide(2, "approve");
	await card(page, 2).getByText("Approved by Ada Admin").waitFor();
	await page.locator(".k.cur .k-b", { hasText: text(3) }).waitFor(); // the next is the current one at once
	assert.equal(await status(2), "published");
	await page.waitForTimeout(700); // a key before that was meant for the other card
	// With the question open while the card goes, the answer is not swallowed.
	await page.keyboard.press("r");
	const strip = page.getByRole("toolbar", { name: "Reason for rejecting" });
	await strip.waitFor();
	await decide(3, "approve");
	await card(page, 3).waitFor({ state: "detached" });
	assert.equal(await strip.count(), 0);
	await page.keyboard.press("4"); // a digit with nothing to be chosen for
	assert.equal(await status(3), "published");
	await done(page);
});

test("a break of the connection leaves the place and what is picked", async () => {
	const page = await desk("mo@example.com");
	for (const n of [5, 6]) await card(page, n).locator(".chk").check();
	await card(page, 8).locator(".k-b").click();
	await page.evaluate(() => window.sockets.at(-1).close());
	await page.locator(".live2.off").waitFor();
	await decide(4, "approve");
	await api("POST", "/api/v1/sites/news/comments", { thread: "/ferries", body: "It came meanwhile." }, ann);
	await page.locator(".live2:not(.off)").waitFor();
	await page.getByRole("button", { name: /1 new/ }).waitFor();
	await card(page, 4).waitFor({ state: "detached" });
	await page.locator(".k.cur .k-b", { hasText: text(8) }).waitFor();
	assert.equal(await page.locator(".k.picked").count(), 2);
	await page.getByText("2 selected").waitFor();
	await done(page);
});

test("undo takes the last decision back, also while its answer is on the way", async () => {
	const page = await desk("mo@example.com");
	await card(page, 5).click();
	const first = page.waitForResponse("**/decisions");
	await page.keyboard.press("s");
	await first;
	await page.locator(".k.cur .k-b", { hasText: text(6) }).waitFor();
	let go = () => {};
	const gate = new Promise((r) => {
		go = r;
	});
	await page.route("**/decisions", async (r) => {
		await gate;
		await r.continue();
	});
	await page.keyboard.press("r");
	await page.keyboard.press("Enter");
	await page.locator(".k.cur .k-b", { hasText: text(7) }).waitFor();
	await page.keyboard.press("u");
	go();
	await card(page, 6).waitFor();
	await until("the second is back", async () => (await status(6)) === "pending");
	assert.equal(await status(5), "spam");
	await done(page);
});

test("picking by mouse picks, moves nothing and changes no width", async () => {
	const page = await desk("mo@example.com");
	await card(page, 6).click();
	const wide = (await card(page, 8).boundingBox()).width;
	const box = await card(page, 8).locator(".chk").boundingBox();
	await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
	await page.mouse.down();
	await page.mouse.up();
	await page.getByText("1 selected").waitFor();
	assert.equal((await card(page, 8).boundingBox()).width, wide);
	await page.setViewportSize({ width: 700, height: 900 }); // as at 200 % of zoom: the bar is there, in the place of the other
	assert.ok(await page.getByRole("toolbar", { name: "Decide on the selected" }).isVisible());
	assert.ok(!(await page.locator(".mact").isVisible()));
	await done(page);
});

test("a key held down decides once", async () => {
	const page = await desk("mo@example.com");
	await card(page, 6).click();
	for (let i = 0; i < 4; i++) await page.keyboard.down("a"); // the first is a press, the others repeat
	await page.keyboard.up("a");
	await until("it is approved", async () => (await status(6)) === "published");
	for (const n of [7, 8, 9]) assert.equal(await status(n), "pending");
	await done(page);
});

test("a text that is edited shows at once, and nobody approves the old one", async () => {
	const page = await desk("mo@example.com");
	await card(page, 9).waitFor();
	const r = await api("PATCH", `/api/v1/comments/${held[8].id}`, { body: "Held comment number 9. Cheap pills!" }, ann);
	assert.equal(r.status, 200);
	await card(page, 9).getByText("Cheap pills!").waitFor();
	await card(page, 9).getByText("Edited just now.").waitFor();
	const old = await decide(9, "approve", { edited_at: "" });
	assert.deepEqual(
		old.body.results.map((x) => [x.ok, x.error]),
		[[false, "edited"]],
	);
	// Whose page has missed the news is told by the server, and reads it then.
	await page.route(`**/moderation/comments/${held[8].id}`, (x) => x.abort());
	await api("PATCH", `/api/v1/comments/${held[8].id}`, { body: "Held comment number 9. Cheaper pills!" }, ann);
	await page.waitForTimeout(300);
	await page.unroute(`**/moderation/comments/${held[8].id}`);
	await card(page, 9).locator(".k-b").click();
	await page.keyboard.press("a");
	await card(page, 9).getByText("Cheaper pills!").waitFor();
	await card(page, 9).getByText("it was edited after you read it").waitFor();
	assert.equal(await status(9), "pending");
	await page.keyboard.press("a");
	await until("what was read is approved", async () => (await status(9)) === "published");
	await done(page);
});

test("a reply that is not taken stays in its box", async () => {
	const page = await desk("mo@example.com", "screen=comments&q=first+boat");
	await page.locator(".k").first().click();
	await page.route("**/sites/news/comments", (r) => r.fulfill({ status: 503, body: "busy" }));
	await page.keyboard.press("c");
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Your reply").fill("It leaves at half past five.");
	await dialog.getByRole("button", { name: "Post reply" }).click();
	await dialog.getByText(/^Not done: ./).waitFor();
	assert.equal(await dialog.getByLabel("Your reply").inputValue(), "It leaves at half past five.");
	await page.unroute("**/sites/news/comments");
	await dialog.getByRole("button", { name: "Post reply" }).click();
	await page.locator(".toast").getByText("Reply posted").waitFor();
	await done(page);
});

test("among all comments a decided card shows where it stands now", async () => {
	const page = await desk("mo@example.com", "screen=comments&q=number");
	await card(page, 10).click();
	await card(page, 10).getByRole("button", { name: "Reject" }).click();
	await page.keyboard.press("5");
	await card(page, 10).getByRole("button", { name: "Restore" }).waitFor();
	await card(page, 10).getByText("Reason: Private information").waitFor();
	await page.keyboard.press("u");
	await card(page, 10).getByRole("button", { name: "Approve" }).waitFor();
	await done(page);
});

test("who may only pick, or only read, is offered no more", async () => {
	const staff = await desk("st@example.com", "screen=comments");
	const mine = staff.locator(".k", { hasText: "first boat" }).first();
	await mine.click();
	await mine.getByRole("button", { name: /^Feature/ }).click();
	await mine.getByRole("button", { name: /^Unfeature/ }).waitFor();
	await card(staff, 11).click();
	assert.equal(await staff.getByRole("button", { name: /^(Approve|Reject|Spam|Ban)/ }).count(), 0);
	await staff.keyboard.press("x");
	assert.ok(!(await staff.getByRole("toolbar", { name: "Decide on the selected" }).isVisible()));
	await done(staff);
	const auditor = await desk("au@example.com");
	await card(auditor, 11).click();
	assert.equal(await auditor.locator(".k button.btn, .k .chk").count(), 0);
	await done(auditor);
});

test("with no socket a decision does not undo another's unseen: it asks", async () => {
	const post1 = await post(ann, "/ferries", "Contested, number 101.");
	const post2 = await post(ann, "/ferries", "Contested, number 102.");
	held[100] = post1;
	held[101] = post2;
	for (const path of ["screen=queue&order=oldest", "screen=comments"]) {
		const page = await desk("mo@example.com", path, false);
		const n = path.includes("queue") ? 101 : 102;
		await card(page, n).locator(".k-b").click();
		await decide(n, "spam");
		await page.keyboard.press("a");
		const strip = card(page, n).locator(".clash");
		await strip.getByText(/Ada Admin marked this as spam/).waitFor();
		await strip.getByText("Your “Approve” was not applied. Override?").waitFor();
		assert.equal(await status(n), "spam");
		await strip.getByRole("button", { name: "Leave as spam" }).click();
		await strip.waitFor({ state: "detached" });
		assert.equal(await status(n), "spam");
		assert.equal(await card(page, n).count(), path.includes("queue") ? 0 : 1);
		await done(page);
	}
});

test("another's decision is overridden by name, also one of many", async () => {
	for (const n of [103, 104, 105]) held[n - 1] = await post(ann, "/ferries", `Contested, number ${n}.`);
	const page = await desk("mo@example.com", "screen=queue&order=oldest", false);
	for (const n of [103, 104, 105]) await card(page, n).locator(".chk").check();
	await decide(104, "reject");
	await page.keyboard.press("a");
	const strip = card(page, 104).locator(".clash");
	await strip.getByText(/Ada Admin rejected this/).waitFor();
	for (const [n, want] of [
		[103, "published"],
		[104, "rejected"],
		[105, "published"],
	])
		assert.equal(await status(n), want);
	await strip.getByRole("button", { name: "Approve anyway" }).click();
	await card(page, 104).waitFor({ state: "detached" });
	await until("the override is carried out", async () => (await status(104)) === "published");
	// An undo that finds another's decision leaves it, and says so.
	await decide(104, "spam");
	await page.keyboard.press("u");
	await page.locator(".toast").getByText(/Ada Admin marked this as spam/).waitFor();
	assert.equal(await status(104), "spam");
	await done(page);
});

test("what is new has its marks and its line, and what was turned down a list", async () => {
	const mo = await token("mo@example.com");
	const fresh = async () => (await api("GET", "/api/v1/sites/news/moderation/counts", undefined, mo)).body.counts.new;
	const page = await desk("mo@example.com", "screen=queue&state=new");
	const first = page.locator(".k", { hasText: "first boat" });
	await first.locator(".dot").first().waitFor();
	await page.getByText("Everything below this line is read.").scrollIntoViewIfNeeded();
	await until("to have seen the line is to have read", async () => (await fresh()) === 0);
	await post(ada, "/ferries", "Fresh from the newsroom.");
	await page.getByRole("button", { name: "1 new, show" }).click(); // it came by itself
	await page.locator(".k", { hasText: "Fresh from" }).locator(".dot").waitFor();
	assert.equal(await first.locator(".dot").count(), 0);
	await page.getByRole("button", { name: "Mark all as read" }).click();
	await page.getByText("Nothing new since you last looked").waitFor();
	assert.equal(await page.locator(".dot").count(), 0);
	assert.equal(await fresh(), 0);
	held[202] = await post(ann, "/ferries", "Turned down, number 203.");
	await decide(203, "reject");
	await page.getByRole("button", { name: /^Rejected/ }).click();
	await card(page, 203).getByText("Rejected by Ada Admin").waitFor();
	for (const width of [1280, 390]) {
		await page.setViewportSize({ width, height: 900 });
		assert.deepEqual(
			await page.locator(".ftabs").evaluate((e) => e.scrollWidth - e.clientWidth),
			0,
			`the tabs at ${width}`,
		);
		if (process.env.PARLEY_SHOTS) await page.screenshot({ path: `${process.env.PARLEY_SHOTS}/rejected-${width}.png` });
	}
	await done(page);
});

test("R asks why, by digit; the last reason comes back by Enter", async () => {
	for (const n of [201, 202]) held[n - 1] = await post(ann, "/ferries", `Asked why, number ${n}.`);
	const page = await desk("mo@example.com", "screen=queue&state=pending&order=newest");
	await card(page, 201).click();
	await page.keyboard.press("r");
	const strip = page.getByRole("toolbar", { name: "Reason for rejecting" });
	await strip.waitFor();
	if (process.env.PARLEY_SHOTS)
		for (const width of [390, 1280]) {
			await page.setViewportSize({ width, height: 900 });
			await page.screenshot({ path: `${process.env.PARLEY_SHOTS}/strip-${width}.png` });
		}
	await page.keyboard.press("a"); // decides nothing meanwhile
	await page.keyboard.press("Escape");
	assert.equal(await status(201), "pending");
	await page.keyboard.press("r");
	await page.keyboard.press("3");
	await until("it is rejected", async () => (await status(201)) === "rejected");
	await card(page, 202).click();
	await page.keyboard.press("r");
	await page.keyboard.press("Enter");
	await until("the same reason again", async () => {
		const { body } = await api("GET", `/api/v1/sites/news/moderation/comments/${held[201].id}`, undefined, ada);
		return body.context[held[201].id].reason === "hate";
	});
	await done(page);
});

test("undone decisions come back with no boxes ticked", async () => {
	for (const n of [301, 302]) held[n - 1] = await post(ann, "/ferries", `Back again, number ${n}.`);
	const page = await desk("mo@example.com", "screen=queue&state=pending");
	for (const n of [301, 302]) await card(page, n).locator(".chk").check();
	await page.keyboard.press("s");
	await card(page, 302).waitFor({ state: "detached" });
	await page.keyboard.press("u");
	await card(page, 301).waitFor();
	await card(page, 302).waitFor();
	assert.equal(await page.locator(".k .chk:checked, .k.picked").count(), 0);
	assert.equal(await page.locator(".bulk").isVisible(), false);
	await done(page);
});

test("a session that has ended asks to sign in over a cleared page, and the decision is kept", async () => {
	held[302] = await post(ann, "/ferries", "Kept over a sign-in, number 303.");
	const page = await desk("mo@example.com", "screen=queue&state=pending&order=oldest", false);
	await card(page, 303).click();
	await page.context().clearCookies();
	await page.keyboard.press("a");
	await page.getByLabel("Password").waitFor();
	assert.equal(await page.locator(".k").count(), 0);
	assert.equal(await status(303), "pending");
	await page.getByLabel("Email").fill("mo@example.com");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.locator(".toast").getByText("1 decision carried out").waitFor();
	assert.equal(await status(303), "published");
	await done(page);
});

test("a ban of many and a lower role of one's own are asked about first", async () => {
	const page = await desk("ad@example.com", "screen=queue&state=pending");
	await page.goto(`${SERVER}/dashboard/?site=news&screen=people&filter=bans&new=1`);
	await page.getByRole("textbox", { name: "Email domain" }).fill("example.com");
	await page.getByRole("textbox", { name: "Reason they'll see" }).fill("A test");
	await page.getByRole("button", { name: /^Ban / }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText(/This would affect \d+ members? of this site/).waitFor();
	await dialog.getByRole("button", { name: "Cancel" }).click();
	assert.deepEqual((await api("GET", "/api/v1/sites/news/moderation/bans", undefined, ada)).body.bans, []);
	const { people } = (await api("GET", "/api/v1/sites/news/moderation/people?q=Ada", undefined, ada)).body;
	await page.goto(`${SERVER}/dashboard/?site=news&screen=people&person=${people[0].id}`);
	await page.getByRole("combobox", { name: "Role", exact: true }).selectOption("staff");
	await dialog.getByText("Lower your own role?").waitFor();
	await dialog.getByRole("button", { name: "Cancel" }).click();
	await done(page);
});
