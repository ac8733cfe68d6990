/**
 * The shapes of the public API. They are those of the description, which is
 * made from the routes (generated.d.ts); here the words that a string may be
 * are named, and what a server of one release back leaves out.
 */
import type * as api from "./generated.d.ts";

/** Older is a shape whose named fields a server of one release back does not tell. */
type Older<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

export type Author = api.Author;

export type Status = "published" | "pending" | "rejected" | "spam" | "deleted";

export interface Comment extends api.Comment {
	body?: string; // to its author only
	status: Status;
	gone?: boolean; // it is there no more, and nobody says why
	replies: Comment[];
	replies_cursor: string | null; // "" from the beginning, null when there are no more
}

export interface Thread extends Older<api.Thread, "closes_at" | "reactions"> {
	state: "open" | "closed" | "read_only";
}

export type Sort = "best" | "newest" | "oldest" | "controversial";
export type View = "threads" | "flat";

/** SignInMethod is one way in. */
export interface SignInMethod extends api.AuthWay {
	kind: "provider" | "sso" | "site" | "guest";
}

export interface Site extends Older<api.Site, "night" | "state"> {
	view: View;
	sort: Sort;
	ways: SignInMethod[];
	votes: "updown" | "up" | "off";
}

/** Night is when comments here wait for a moderator: the present night, or the next one. */
export type Night = api.Night;

export interface Page {
	site?: Site;
	thread: Thread | null;
	comments: Comment[];
	next_cursor: string | null;
}

export type User = api.User;

export interface Me extends Older<api.Me, "reactions" | "page_reactions" | "mutes" | "following" | "follows" | "warnings" | "waits" | "removed" | "ban" | "live" | "unread"> {
	votes: Record<string, number>;
	pending: Comment[];
	removed?: Comment[];
}

/** Waits is why everything that the reader writes waits for a moderator: the server's word for it, or that of a comment which is held. */
export interface Waits extends Omit<api.Waits, "reason"> {
	reason: string;
}

/** Ban is why the reader cannot write here, and until when. */
export type Ban = NonNullable<api.Me["ban"]>;

/** Warning is what a moderator asks of the reader: he writes again once he has acknowledged it. */
export type Warning = api.Warning;

export type Standards = api.Standards;
export type Revision = api.Revision;

/** LiveEvent is an event of a thread, or from the socket something that no log keeps. */
export interface LiveEvent {
	seq?: number;
	type: string;
	id?: string;
	root_id?: string;
	parent_id?: string;
	comment_count?: number;
	up?: number;
	down?: number;
	reactions?: Record<string, number>;
	readers?: number;
}
