import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { LANGUAGES: ["en", "ru"], document: { documentElement: { lang: "en" }, createElement: () => ({ setAttribute() {}, append() {}, replaceChildren() {}, classList: { add() {} } }) } });
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: { language: "en" } });

const plain = (list: string[]) => list.map((s) => s.replace(/[\u2068\u2069]/g, ""));

test("the audit log says in sentences what changed in the settings", async () => {
	const { settingsText } = await import("../src/own/dashboard/entry-changes.ts");
	assert.deepEqual(plain(settingsText("MaxRunes: 3000; Moderation.MaxLinks: 3", "MaxRunes: 200; Moderation.MaxLinks: 5")), [
		"lowered “Longest comment” from 3,000 to 200",
		"raised “Links in a comment” from 3 to 5",
	]);
	assert.deepEqual(plain(settingsText("Name: A; b: c; Guests: false; Moderation.HookSecret: (secret)", "Name: D; Guests: true; Moderation.HookSecret: (new secret)")), [
		"changed “Site name” from A; b: c to D",
		"switched on “Let guests comment”",
		"set a new secret: “Webhook secret”",
	]);
	assert.deepEqual(plain(settingsText("Origins: https://a.example https://b.example; Hold: ; Moderation.Night.Mode: all", "Origins: https://b.example https://c.example; Hold: all; Moderation.Night.Mode: ")), [
		"added the address https://c.example",
		"removed the address https://a.example",
		"changed “Moderation” from Publish, then check to Hold everything",
		"changed “Overnight moderation” from Hold everything to Off",
	]);
	// What is kept as nothing has a name all the same; only what has none is emptied.
	assert.deepEqual(plain(settingsText("Hold: all; View: flat; Sort: newest; Votes: up; Threads: fetched; Standards: https://a.example/", "Hold: ; View: ; Sort: ; Votes: ; Threads: ; Standards: ")), [
		"changed “Moderation” from Hold everything to Publish, then check",
		"changed “View” from Flat to Threads",
		"changed “Order” from Newest first to Best first",
		"changed “Votes” from Up only to Up and down",
		"changed “Who may start a discussion” from Anyone, on a page that was checked to Anyone, on any page",
		"emptied “Community standards”, which was https://a.example/",
	]);
	assert.deepEqual(settingsText("Name: A", "Name: \u202Eevil"), ["changed “Site name” from A to \u2068\u202Eevil\u2069"]);
	assert.deepEqual(settingsText("Votes: up", "Votes: off"), ["changed “Votes” from Up only to Off"]);
});

test("and what was done, as a verb", async () => {
	const { changed, entryText } = await import("../src/own/dashboard/entry-text.ts");
	const says = (action: string, before = "", after = "", kind = "comment") => {
		const e = { action, before, after, kind } as Parameters<typeof entryText>[0];
		return [entryText(e), ...changed(e)].join(" ");
	};
	assert.equal(says("approve", "pending", "published"), "approved Held → Published");
	assert.equal(says("approve", "published", "published"), "kept");
	assert.equal(says("invite", "member", "moderator", "person"), "invited as Moderator");
	assert.equal(says("discount_undone", "", "", "person"), "counts the reports again of");
});

test("and about a thread", async () => {
	const { threadText } = await import("../src/own/dashboard/entry-changes.ts");
	assert.deepEqual(
		plain(threadText('open, "Ferries \\"by night\\"", mode "", slow 0, url "https://a.example/"', 'closed, "Ferries", mode "all", slow 30, url "https://a.example/", aliases ["x" "y"], closes 2026-12-01T00:00:00Z')).slice(0, 5),
		["closed it", "renamed it from “Ferries \"by night\"” to “Ferries”", "moderation here: Hold everything", "slow mode here: 30 seconds between two comments", 'its other keys: "x" "y"'],
	);
	// An end that is now is said by the state; one that is to come has a sentence of its own.
	const thread = (state: string, closes = "") => `${state}, "T", mode "", slow 0, url ""${closes && `, closes ${closes}`}`;
	assert.deepEqual(threadText(thread("open"), thread("closed", "2026-11-30T16:00:00Z")), ["closed it"]);
	assert.deepEqual(threadText(thread("open", "2027-01-01T00:00:00Z"), thread("read_only", "2026-11-30T16:00:00Z")), ["made it read only"]);
	assert.match(threadText(thread("open"), thread("open", "2027-01-01T00:00:00Z")).join(), /^it closes on /);
	assert.match(threadText(thread("closed", "2026-11-30T16:00:00Z"), thread("open", "2027-01-01T00:00:00Z")).join(), /^opened it,it closes on /);
	assert.deepEqual(threadText("what nobody wrote", "like this"), ["what nobody wrote", "like this"]);
});

test("a name that turns the words around it is kept to itself", async () => {
	const { Words } = await import("../src/shared/i18n/catalogue.ts");
	const w = new Words({ hi: "{name} replied to {n}" }, "en");
	assert.equal(w.t("hi", { name: "Ann", n: 2 }), "Ann replied to 2");
	assert.equal(w.t("hi", { name: "\u202Eevil", n: 2 }), "\u2068\u202Eevil\u2069 replied to 2");
	assert.equal(w.t("hi", { name: "דנה", n: 2 }), "\u2068דנה\u2069 replied to 2");
	assert.equal(w.t("hi", { name: "Ёж", n: 2 }), "Ёж replied to 2");
});
