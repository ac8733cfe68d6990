import type { Ban, Comment, Page, Site, Thread, User, Waits, Warning } from "../../shared/api/shapes.ts";

/**
 * Discussion is all that the widget knows about one thread. The functions
 * below are the only ones that change it; they return what the view must
 * touch. Nothing here knows the document or the network.
 */
export interface Discussion {
	site: Site | null;
	thread: Thread | null;
	known: Map<string, Comment>;
	list: string[]; // roots, or everything in the flat view, in the order shown
	kids: Map<string, string[]>; // replies shown under each comment
	more: Map<string, string>; // where further replies begin; "" from the beginning
	next: string | null;
	waiting: string[]; // arrived, not shown: nothing moves unless the reader asks
	answers: Map<string, string>; // the comment that a waiting one answers
	fresh: Set<string>; // shown since, and marked as new
	readers: number;
	user: User | null;
	votes: Map<string, number>;
	reacted: Map<string, Set<string>>; // the reader's own, by comment; "" is the page
	mine: Set<string>;
	pending: Comment[]; // the reader's own, awaiting approval
	decides: boolean; // about what others wrote; who may that, may pick too
	desk: string;
	mutes: Set<string>; // authors that the reader does not want to read
	reported: Set<string>; // comments that he has just reported
	opened: Set<string>; // folded ones that he wanted to see after all
	undo: Set<string>; // his own that he has just deleted
	following: boolean;
	follows: Set<string>; // comments whose replies he is told of
	warnings: Warning[]; // that he has to acknowledge before he writes
	waits: Waits | null; // why all that he writes waits
	ban: Ban | null; // why he cannot write here
	images?: boolean; // the reader may add some
	accept?: string; // where the standards are that he has to accept before he writes
	tierless?: boolean; // his subscription is none that may write here
	unread?: number; // of what his bell says here
	ticket?: string; // for the socket, which tells what is decided about his own
}

export function empty(): Discussion {
	return {
		site: null,
		thread: null,
		known: new Map(),
		list: [],
		kids: new Map(),
		more: new Map(),
		next: null,
		waiting: [],
		answers: new Map(),
		fresh: new Set(),
		readers: 0,
		user: null,
		votes: new Map(),
		reacted: new Map(),
		mine: new Set(),
		pending: [],
		decides: false,
		desk: "",
		mutes: new Set(),
		reported: new Set(),
		opened: new Set(),
		undo: new Set(),
		following: false,
		follows: new Set(),
		warnings: [],
		waits: null,
		ban: null,
	};
}

/** learn files a comment and the replies that came with it. */
export function learn(d: Discussion, c: Comment): void {
	d.known.set(c.id, c);
	const under = d.kids.get(c.id) ?? [];
	for (const k of c.replies) {
		learn(d, k);
		if (!under.includes(k.id)) under.push(k.id);
	}
	d.kids.set(c.id, under);
	if (c.replies_cursor === null) d.more.delete(c.id);
	else d.more.set(c.id, c.replies_cursor);
}

/** firstPage replaces the list. */
export function firstPage(d: Discussion, p: Page): void {
	if (p.site) d.site = p.site;
	d.thread = p.thread;
	d.known.clear();
	d.kids.clear();
	d.more.clear();
	d.waiting = [];
	d.fresh.clear();
	d.list = [];
	addPage(d, p);
}

/** addPage appends a page and returns the ids that are new in the list. */
export function addPage(d: Discussion, p: Page): string[] {
	const seen = new Set(d.list);
	const added: string[] = [];
	for (const c of p.comments) {
		learn(d, c);
		if (!seen.has(c.id)) added.push(c.id);
	}
	d.list.push(...added);
	d.next = p.next_cursor;
	const shown = new Set(added);
	d.waiting = d.waiting.filter((id) => !shown.has(id) && !d.known.has(id));
	return added;
}

/** moreReplies is how many replies of a comment are not shown; 0 when all are. */
export function moreReplies(d: Discussion, id: string): number {
	if (!d.more.has(id)) return 0;
	const c = d.known.get(id);
	return Math.max(1, (c?.reply_count ?? 0) - publishedKids(d, id));
}

/** publishedKids is how many published replies are shown under a comment. */
export function publishedKids(d: Discussion, id: string): number {
	return (d.kids.get(id) ?? []).filter((k) => d.known.get(k)?.status === "published").length;
}

export function isShown(d: Discussion, id: string): boolean {
	if (d.list.includes(id)) return true;
	const parent = d.known.get(id)?.parent_id;
	return parent != null && (d.kids.get(parent)?.includes(id) ?? false);
}

/** repliesToMe counts the waiting comments that answer the reader. */
export function repliesToMe(d: Discussion): number {
	return d.waiting.filter((id) => d.mine.has(d.answers.get(id) ?? "")).length;
}

/** remove takes a comment off the list; false if it was not there. */
export function remove(d: Discussion, id: string): boolean {
	const c = d.known.get(id);
	if (!c) return false;
	d.list = d.list.filter((x) => x !== id);
	if (c.parent_id) {
		const under = d.kids.get(c.parent_id);
		if (under)
			d.kids.set(
				c.parent_id,
				under.filter((x) => x !== id),
			);
	}
	d.known.delete(id);
	return true;
}

/** insist opens a comment that is folded, for who wants to read it after all. */
export function insist(d: Discussion, id: string): void {
	d.opened.add(id);
	d.reported.delete(id);
}

/** FoldReason is why a comment is folded though it stands there; "" if it is not. */
export type FoldReason = "" | "low" | "muted" | "reported";

/** foldReason says why a comment is folded. Never the reader's own or a pick by votes; staff's the server does not call low. */
export function foldReason(d: Discussion, c: Comment): FoldReason {
	if (!c.author || d.opened.has(c.id) || c.status !== "published") return "";
	if (d.reported.has(c.id)) return "reported";
	if (d.mutes.has(c.author.id)) return "muted";
	const spared = c.featured || c.pinned || d.mine.has(c.id);
	return !spared && c.low ? "low" : "";
}
