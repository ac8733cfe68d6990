import assert from "node:assert/strict";
import { test } from "node:test";
import type { Comment, Page } from "../src/api/shapes.ts";
import { addPage, empty, firstPage, isShown, moreReplies, remove, repliesToMe } from "../src/state/discussion.ts";
import { apply, compare, overlay, place, vote } from "../src/state/following.ts";

function comment(id: string, more: Partial<Comment> = {}): Comment {
	return {
		id,
		thread_id: "t",
		parent_id: null,
		root_id: id,
		depth: 0,
		author: { id: "a", name: "Ann", avatar_url: "", badges: [], guest: false },
		html: `<p>${id}</p>`,
		status: "published",
		created_at: "2026-01-01T00:00:00Z",
		edited_at: null,
		up: 0,
		down: 0,
		reply_count: 0,
		replies: [],
		replies_cursor: null,
		featured: false,
		in_reply_to: null,
		...more,
	};
}

const page = (comments: Comment[], next: string | null = null): Page => ({
	thread: { id: "t", key: "k", url: "", title: "", state: "open", comment_count: comments.length, seq: 5 },
	comments,
	next_cursor: next,
});

test("new comments wait: nothing moves unless the reader asks", () => {
	const d = empty();
	firstPage(d, page([comment("1")]));
	apply(d, { seq: 6, type: "comment.created", id: "2", comment_count: 2 });
	apply(d, { seq: 6, type: "comment.created", id: "2", comment_count: 2 });
	assert.deepEqual(d.list, ["1"]);
	assert.deepEqual(d.waiting, ["2"]);
	assert.equal(d.thread?.comment_count, 2);
	assert.deepEqual(place(d, comment("2"), [], "threads", "best"), [{ in: "list", at: "start", id: "2" }]);
	assert.deepEqual(d.list, ["2", "1"]);
	assert.deepEqual(d.waiting, []);
	assert.deepEqual(place(d, comment("2"), [], "threads", "best"), [], "twice is once");
});

test("a removed comment no longer waits", () => {
	const d = empty();
	firstPage(d, page([]));
	apply(d, { seq: 6, type: "comment.created", id: "2", comment_count: 1 });
	apply(d, { seq: 7, type: "comment.removed", id: "2", comment_count: 0 });
	assert.deepEqual(d.waiting, []);
	assert.equal(d.thread?.comment_count, 0);
});

test("a reply deep below comes with the comments above it", () => {
	const d = empty();
	firstPage(d, page([comment("1")]));
	const above = [comment("1"), comment("2", { parent_id: "1", depth: 1, reply_count: 1 })];
	const places = place(d, comment("3", { parent_id: "2", depth: 2 }), above, "threads", "newest");
	assert.deepEqual(places, [
		{ in: "replies", parent: "1", id: "2" },
		{ in: "replies", parent: "2", id: "3" },
	]);
	assert.ok(isShown(d, "3"));
	assert.deepEqual(place(d, comment("4", { parent_id: "2" }), above, "flat", "oldest"), [{ in: "list", at: "end", id: "4" }]);
});

test("pages do not repeat what is shown, and a fresh page corrects in place", () => {
	const d = empty();
	firstPage(d, page([comment("1"), comment("2")], "c"));
	assert.deepEqual(addPage(d, page([comment("2"), comment("3")])), ["3"]);
	assert.equal(d.next, null);
	assert.deepEqual(compare(d, page([comment("9"), comment("1", { html: "<p>x</p>" })])), ["1"]);
	assert.deepEqual(d.waiting, ["9"]);
	assert.equal(d.known.get("1")?.html, "<p>x</p>");
});

test("replies that do not show are counted", () => {
	const d = empty();
	const kids = ["a", "b", "c"].map((id) => comment(id, { parent_id: "1", depth: 1 }));
	firstPage(d, page([comment("1", { reply_count: 15, replies: kids, replies_cursor: "x" })]));
	assert.equal(moreReplies(d, "1"), 12);
	assert.equal(moreReplies(d, "a"), 0);
});

test("replies to the reader are told apart", () => {
	const d = empty();
	firstPage(d, page([comment("1"), comment("2")]));
	overlay(d, { user: { id: "a", name: "Ann", avatar_url: "" }, roles: [], desk: "", votes: { 2: -1 }, pending: [], mine: ["1"] });
	apply(d, { seq: 6, type: "comment.created", id: "3", parent_id: "1", comment_count: 3 });
	apply(d, { seq: 7, type: "comment.created", id: "4", parent_id: "2", comment_count: 4 });
	assert.equal(repliesToMe(d), 1);
	assert.equal(d.known.get("1")?.reply_count, 1);
});

test("a vote changes the tally by what it changes", () => {
	const d = empty();
	firstPage(d, page([comment("1", { up: 3, down: 1 })]));
	vote(d, "1", 1);
	vote(d, "1", 1);
	assert.deepEqual([d.known.get("1")?.up, d.known.get("1")?.down], [4, 1]);
	vote(d, "1", -1);
	assert.deepEqual([d.known.get("1")?.up, d.known.get("1")?.down], [3, 2]);
	vote(d, "1", 0);
	assert.deepEqual([d.known.get("1")?.up, d.known.get("1")?.down], [3, 1]);
	assert.equal(remove(d, "1"), true);
	assert.equal(remove(d, "1"), false);
	assert.deepEqual(d.list, []);
});
