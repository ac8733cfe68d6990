import assert from "node:assert/strict";
import { test } from "node:test";
import type { Comment, Page } from "../src/shared/api/shapes.ts";
import { addPage, empty, firstPage, isShown, moreReplies, remove, repliesToMe } from "../src/embed/state/discussion.ts";
import { posted, replace } from "../src/embed/state/doing.ts";
import { addReplies, apply, compare, overlay, place, vote } from "../src/embed/state/following.ts";

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
		pinned: false,
		reactions: {},
		low: false,
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

/** one fails if the state holds a comment in two places, or says "more" where nothing more is. */
function one(d: ReturnType<typeof empty>): void {
	const all = [...d.list, ...[...d.kids.values()].flat()];
	assert.deepEqual(all, [...new Set(all)], "every comment in one place");
	for (const [id, c] of d.known)
		if ((d.kids.get(id) ?? []).length >= c.reply_count) assert.equal(moreReplies(d, id), 0, `no more under ${id}`);
}

const chain = (n: number) =>
	Array.from({ length: n }, (_, i) =>
		comment(`r${i}`, { parent_id: i ? `r${i - 1}` : null, root_id: "r0", depth: i, reply_count: i < n - 1 ? 1 : 0 }),
	);

test("a chain from nowhere has one place, and nothing more where nothing more is", () => {
	for (const sort of ["newest", "oldest"] as const)
		for (const n of [1, 2, 5, 9]) {
			const d = empty();
			firstPage(d, page([comment("1"), comment("2")]));
			const all = chain(n);
			const last = all.at(-1) as Comment;
			const places = place(d, last, all.slice(0, -1), "threads", sort);
			assert.deepEqual(
				places.map((p) => p.id),
				all.map((c) => c.id),
			);
			one(d);
			assert.deepEqual(place(d, last, all.slice(0, -1), "threads", sort), []);
			addPage(d, page([{ ...(all[0] as Comment), replies: all[1] ? [all[1]] : [] }, comment("3")])); // its page comes later
			one(d);
		}
});

test("replies beside a chain can be asked for, and once they are there nothing more is offered", () => {
	const d = empty();
	firstPage(d, page([]));
	const root = comment("r", { reply_count: 3 });
	const kid = (id: string, more = {}) => comment(id, { parent_id: "r", root_id: "r", depth: 1, ...more });
	place(d, kid("a", { reply_count: 2 }), [root], "threads", "best");
	assert.equal(moreReplies(d, "r"), 2);
	assert.equal(moreReplies(d, "a"), 2, "the target's own replies too");
	place(d, kid("b"), [root], "threads", "best");
	assert.equal(moreReplies(d, "r"), 1);
	addReplies(d, "r", page([kid("a", { reply_count: 2, replies_cursor: "" }), kid("b"), kid("c")]));
	assert.equal(moreReplies(d, "r"), 0);
	one(d);
});

test("what arrives by itself is not offered again behind a cursor", () => {
	const d = empty();
	firstPage(d, page([comment("r", { reply_count: 1, replies_cursor: "x", replies: [] })]));
	apply(d, { seq: 6, type: "comment.created", id: "b", parent_id: "r", comment_count: 3 });
	place(d, comment("b", { parent_id: "r", depth: 1 }), [comment("r", { reply_count: 2 })], "threads", "best");
	assert.equal(moreReplies(d, "r"), 1, "the older one");
	place(d, comment("a", { parent_id: "r", depth: 1 }), [comment("r", { reply_count: 2 })], "threads", "best");
	assert.equal(moreReplies(d, "r"), 0);
	one(d);
});

test("a comment of one's own is never news, whenever its event comes", () => {
	const d = empty();
	firstPage(d, page([comment("1")]));
	posted(d, comment("2"), { thread: "k", url: "", title: "" });
	place(d, comment("2"), [], "threads", "best");
	assert.deepEqual(apply(d, { seq: 6, type: "comment.created", id: "2", comment_count: 2 }), [{ do: "count" }]);
	assert.deepEqual(d.waiting, []);
	assert.equal(d.thread?.comment_count, 2);
	apply(d, { seq: 7, type: "comment.created", id: "3", comment_count: 3 });
	place(d, comment("4", { status: "pending" }), [], "threads", "best");
	assert.deepEqual(
		apply(d, { seq: 8, type: "comment.created", id: "4", comment_count: 4 }),
		[{ do: "count" }, { do: "fetch", id: "4" }],
		"approved: its text may be another",
	);
	assert.deepEqual(d.waiting, ["3"]);
});

test("who may decide is told by the server's own table", () => {
	const me = { user: { id: "a", name: "Ann", avatar_url: "" }, desk: "", votes: {}, pending: [], mine: [] };
	for (const [roles, may] of [
		[[], false],
		[["moderator"], true],
		[["moderator", "admin"], true],
		[["staff"], false],
	] as const) {
		const d = empty();
		overlay(d, { ...me, roles: [...roles] } as never);
		assert.equal(d.decides, may, roles.join());
	}
});

test("a comment that is removed, brought back or approved counts once with its parent", () => {
	const d = empty();
	const kid = (status: "published" | "pending" | "deleted") => comment("k", { parent_id: "r", root_id: "r", depth: 1, status });
	firstPage(d, page([comment("r", { reply_count: 2, replies: [kid("published")] })]));
	const counted = () => d.known.get("r")?.reply_count;
	apply(d, { seq: 6, type: "comment.removed", id: "k", parent_id: "r", comment_count: 2 });
	replace(d, kid("deleted")); // as it is fetched
	assert.equal(counted(), 1);
	apply(d, { seq: 7, type: "comment.created", id: "k", parent_id: "r", comment_count: 3 });
	replace(d, kid("published"));
	assert.equal(counted(), 2);
	replace(d, kid("deleted")); // one's own, before its event comes
	apply(d, { seq: 8, type: "comment.removed", id: "k", parent_id: "r", comment_count: 2 });
	replace(d, kid("deleted"));
	assert.equal(counted(), 1);
	replace(d, kid("pending"));
	replace(d, kid("published"));
	assert.equal(counted(), 2);
	apply(d, { seq: 9, type: "comment.removed", id: "elsewhere", parent_id: "r", comment_count: 1 });
	assert.equal(counted(), 1);
});
