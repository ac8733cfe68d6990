import { DECIDE } from "../../shared/rights.ts";
import type { Comment, LiveEvent, Me, Page, Sort, View } from "../../shared/api/shapes.ts";
import { type Discussion, isShown, learn, publishedKids } from "./discussion.ts";

// What changes a discussion after its first page shows. As in discussion.ts,
// these are the only ones that do, and they return what the view must touch.

/** addReplies appends a page of replies under a comment. */
export function addReplies(d: Discussion, parent: string, p: Page): string[] {
	const under = d.kids.get(parent) ?? [];
	const added: string[] = [];
	for (const c of p.comments) {
		learn(d, c);
		if (!under.includes(c.id)) {
			under.push(c.id);
			added.push(c.id);
		}
	}
	d.kids.set(parent, under);
	if (p.next_cursor === null) d.more.delete(parent);
	else d.more.set(parent, p.next_cursor);
	d.waiting = d.waiting.filter((id) => !d.known.has(id));
	return added;
}

/** Place is where a comment that was asked for goes. */
export type Place = { in: "list"; at: "start" | "end"; id: string } | { in: "replies"; parent: string; id: string };

/**
 * place shows a comment in the list or under its parent, with the comments
 * above it where those are not shown yet. It returns what became visible,
 * outermost first; empty if it was shown already.
 */
export function place(d: Discussion, c: Comment, ancestors: Comment[], view: View, sort: Sort): Place[] {
	const chain = view === "flat" ? [c] : [...ancestors, c];
	const out: Place[] = [];
	for (const one of chain) {
		if (isShown(d, one.id)) {
			if (one.id === c.id) learn(d, { ...one, replies: one.replies });
			continue;
		}
		const parent = view === "flat" ? null : one.parent_id;
		d.known.set(one.id, one);
		if (!d.kids.has(one.id)) d.kids.set(one.id, []);
		if (parent) {
			const under = d.kids.get(parent) ?? [];
			under.push(one.id);
			d.kids.set(parent, under);
			if (publishedKids(d, parent) >= (d.known.get(parent)?.reply_count ?? 0)) d.more.delete(parent); // this was the last
			out.push({ in: "replies", parent, id: one.id });
		} else {
			const at = sort === "oldest" ? "end" : "start";
			if (at === "end") d.list.push(one.id);
			else d.list.unshift(one.id);
			out.push({ in: "list", at, id: one.id });
		}
	}
	if (view !== "flat")
		for (const { id } of out) {
			// It came alone: its other replies are still to be asked for.
			if ((d.known.get(id)?.reply_count ?? 0) > publishedKids(d, id)) d.more.set(id, d.more.get(id) ?? "");
		}
	d.waiting = d.waiting.filter((id) => id !== c.id);
	return out;
}

/** Effect is what an event asks of the view. */
export type Effect =
	| { do: "count" } // the number of comments, of readers, or of those waiting
	| { do: "votes"; id: string }
	| { do: "fetch"; id: string } // its text or its status changed
	| { do: "thread" }
	| { do: "own" } // something was decided about what is the reader's
	| { do: "reload" }
	| { do: "anew" }; // the discussion is another one

/** apply takes one live event. */
export function apply(d: Discussion, e: LiveEvent): Effect[] {
	switch (e.type) {
		case "comment.created":
			if (d.thread && e.comment_count !== undefined) d.thread.comment_count = e.comment_count;
			if (!e.id) return [];
			if (d.known.get(e.id)?.status === "published") return [{ do: "count" }]; // my own
			if (d.known.has(e.id)) return [{ do: "count" }, { do: "fetch", id: e.id }]; // restored, or approved
			if (d.waiting.includes(e.id)) return [{ do: "count" }];
			d.waiting.push(e.id);
			if (e.parent_id) d.answers.set(e.id, e.parent_id);
			countReply(d, e.parent_id, 1);
			return [{ do: "count" }];
		case "comment.removed":
			if (d.thread && e.comment_count !== undefined) d.thread.comment_count = e.comment_count;
			if (e.id && !d.known.has(e.id)) countReply(d, e.parent_id, -1); // what is known is fetched, and then counted
			d.waiting = d.waiting.filter((id) => id !== e.id);
			return e.id && d.known.has(e.id) ? [{ do: "count" }, { do: "fetch", id: e.id }] : [{ do: "count" }];
		case "comment.updated":
			return e.id && d.known.has(e.id) ? [{ do: "fetch", id: e.id }] : [];
		case "comment.votes": {
			const c = e.id ? d.known.get(e.id) : undefined;
			if (!c) return [];
			c.up = e.up ?? c.up;
			c.down = e.down ?? c.down;
			return [{ do: "votes", id: c.id }];
		}
		case "comment.reactions": {
			const c = e.id ? d.known.get(e.id) : undefined;
			if (!c) return [];
			c.reactions = e.reactions ?? {};
			return [{ do: "votes", id: c.id }];
		}
		case "thread.reactions":
			if (d.thread) d.thread.reactions = e.reactions ?? {};
			return [{ do: "count" }];
		case "thread.updated":
			return [{ do: "thread" }];
		case "own":
			return [{ do: "own" }];
		case "reset":
			return [{ do: e.seq ? "anew" : "reload" }]; // one with a number stands in the thread's log: it was merged, or that was undone
	}
	return []; // a newer server may say more
}

/** countReply follows how many replies a comment has. */
export function countReply(d: Discussion, parent: string | undefined, by: number): void {
	const c = parent ? d.known.get(parent) : undefined;
	if (c) c.reply_count = Math.max(0, c.reply_count + by);
}

/** compare takes a fresh page after a gap: what is shown is corrected in place, what is new waits. It returns the ids to redraw. */
export function compare(d: Discussion, p: Page): string[] {
	if (p.site) d.site = p.site;
	if (p.thread) d.thread = p.thread;
	const changed: string[] = [];
	const look = (c: Comment) => {
		if (d.known.has(c.id)) {
			d.known.set(c.id, c);
			changed.push(c.id);
		} else if (!d.waiting.includes(c.id)) {
			d.waiting.push(c.id);
			if (c.parent_id) d.answers.set(c.id, c.parent_id);
		}
		c.replies.forEach(look);
	};
	p.comments.forEach(look);
	return changed;
}

/** overlay files what is the reader's own. */
export function overlay(d: Discussion, me: Me): void {
	d.user = me.user;
	d.votes = new Map(Object.entries(me.votes));
	d.reacted = new Map(Object.entries(me.reactions ?? {}).map(([id, names]) => [id, new Set(names)]));
	d.reacted.set("", new Set(me.page_reactions));
	d.mine = new Set(me.mine);
	d.pending = me.pending;
	for (const p of me.pending) d.mine.add(p.id);
	d.decides = me.roles.some((role) => DECIDE.includes(role));
	d.desk = me.desk ?? "";
	d.mutes = new Set(me.mutes);
	d.following = me.following ?? false; // a server one release back knows of neither
	d.follows = new Set(me.follows);
	d.warnings = me.warnings ?? [];
	d.waits = me.waits ?? null;
	d.ban = me.ban ?? null;
	d.images = me.images ?? false;
	d.tierless = me.tier ?? false;
	d.accept = me.accept ?? "";
	d.ticket = me.live ?? "";
	d.unread = me.unread ?? 0;
}

/** signedOut forgets what was the reader's own. */
export function signedOut(d: Discussion): void {
	d.user = null;
	d.votes.clear();
	d.reacted.clear();
	d.mine.clear();
	d.pending = [];
	d.decides = false;
	d.desk = "";
	d.following = false;
	d.warnings = [];
	d.waits = null;
	d.ban = null;
	d.images = false;
	d.tierless = false;
	d.accept = "";
	d.ticket = "";
	d.unread = 0;
	for (const s of [d.mutes, d.follows, d.reported, d.undo]) s.clear();
}

/**
 * vote is the tally with the reader's vote changed to value. The public tally
 * may lag a second behind, so it is reckoned from what is shown.
 */
export function vote(d: Discussion, id: string, value: number): void {
	const c = d.known.get(id);
	if (!c) return;
	const was = d.votes.get(id) ?? 0;
	c.up += (value === 1 ? 1 : 0) - (was === 1 ? 1 : 0);
	c.down += (value === -1 ? 1 : 0) - (was === -1 ? 1 : 0);
	if (value === 0) d.votes.delete(id);
	else d.votes.set(id, value);
}

/** react is a comment, or with "" the page, with a reaction of the reader's begun or ended. */
export function react(d: Discussion, id: string, name: string, on: boolean): void {
	const of = id ? d.known.get(id) : d.thread;
	const own = d.reacted.get(id) ?? new Set();
	d.reacted.set(id, own);
	if (own.has(name) === on) return;
	if (on) own.add(name);
	else own.delete(name);
	if (of) of.reactions = { ...of.reactions, [name]: (of.reactions?.[name] ?? 0) + (on ? 1 : -1) };
}

/** reactions takes the server's count. */
export function reactions(d: Discussion, id: string, now: Record<string, number>): void {
	const of = id ? d.known.get(id) : d.thread;
	if (of) of.reactions = now;
}
