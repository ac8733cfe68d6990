import type { Ban, Comment, Warning } from "../../shared/api/shapes.ts";
import type { Discussion } from "./discussion.ts";
import { countReply } from "./following.ts";

// What a reader's own acts change. As in discussion.ts, nothing else does.

/** Mark is a set of comments or people that the reader has put a mark on. */
type Mark = "fresh" | "opened" | "mutes" | "follows" | "reported" | "undo";

/** mark puts a mark on something or takes it off; it tells whether it had one. */
export function mark(d: Discussion, what: Mark, id: string, yes: boolean): boolean {
	const had = d[what].has(id);
	if (yes) d[what].add(id);
	else d[what].delete(id);
	return had;
}

/** unwait takes a comment out of those that wait to be shown. */
export function unwait(d: Discussion, id: string): void {
	d.waiting = d.waiting.filter((w) => w !== id);
}

/** tally takes the server's count of a comment's votes. */
export function tally(d: Discussion, id: string, up: number, down: number): void {
	const c = d.known.get(id);
	if (c) Object.assign(c, { up, down });
}

/** follow says whether the reader is told of this thread. */
export function follow(d: Discussion, yes: boolean): void {
	d.following = yes;
}

/** replace puts a newer form of a comment in place. */
export function replace(d: Discussion, c: Comment): void {
	const by = +(c.status === "published") - +(d.known.get(c.id)?.status === "published");
	countReply(d, c.parent_id ?? undefined, by); // what came or went counts with its parent
	d.known.set(c.id, c);
}

/** withdraw takes an own comment out of those that wait for approval. */
export function withdraw(d: Discussion, id: string): void {
	d.pending = d.pending.filter((c) => c.id !== id);
}

/** restore takes back that a comment was removed. */
export function restore(d: Discussion, c: Comment): void {
	mark(d, "undo", c.id, false);
	if (c.status === "pending") d.pending.push(c);
}

/** report folds a comment for who has reported it. */
export function report(d: Discussion, id: string): void {
	mark(d, "reported", id, true);
	mark(d, "opened", id, false);
}

/** bar notes that somebody cannot write here, and why: every box says so, also those that are opened later. */
export function bar(d: Discussion, ban: Ban): void {
	d.ban = ban;
}

/** warn takes what the reader has to acknowledge before he writes. */
export function warn(d: Discussion, warnings: Warning[]): void {
	d.warnings = warnings;
}

/** agree takes the address of the standards that the reader has to accept; "" none. */
export function agree(d: Discussion, at: string): void {
	d.accept = at;
}

/** lack notes that the reader's subscription is none that may write here. */
export function lack(d: Discussion): void {
	d.tierless = true;
}

/** Where is the page that a thread of its own is made for. */
interface Where {
	thread: string;
	url: string;
	title: string;
}

/** posted files a comment that the reader has written and the server has taken. */
export function posted(d: Discussion, c: Comment, page: Where): void {
	if (d.user) d.mine.add(c.id);
	if (c.held && d.waits?.reason !== "demoted") d.waits = { reason: c.held, until: null };
	if (c.status === "pending") d.pending.push(c);
	else if (d.thread) d.thread.comment_count++;
	d.thread ??= {
		id: c.thread_id,
		key: page.thread,
		url: page.url,
		title: page.title,
		state: "open",
		comment_count: c.status === "published" ? 1 : 0,
		seq: 0,
	};
	if (c.status === "published" && !d.waiting.includes(c.id)) countReply(d, c.parent_id ?? undefined, 1); // else its event has
}
