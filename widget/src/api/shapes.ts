// The shapes of the public API, as CONTRACT names them.

export interface Author {
	id: string;
	name: string;
	avatar_url: string;
	badges: string[];
	guest: boolean;
}

export type Status = "published" | "pending" | "rejected" | "spam" | "deleted";

export interface Comment {
	id: string;
	thread_id: string;
	parent_id: string | null;
	root_id: string;
	depth: number;
	author: Author | null;
	html: string;
	body?: string; // to its author only
	held?: string; // to its author: why it waits, where that is about him
	status: Status;
	created_at: string;
	edited_at: string | null;
	up: number;
	down: number;
	reply_count: number;
	replies: Comment[];
	replies_cursor: string | null; // "" from the beginning, null when there are no more
	featured: boolean;
	in_reply_to: { id: string; author_name: string | null } | null;
}

export interface Thread {
	id: string;
	key: string;
	url: string;
	title: string;
	state: "open" | "closed" | "read_only";
	comment_count: number;
	seq: number;
	closes_at?: string | null; // when it will close, or has; a server one release back does not say
}

export type Sort = "best" | "newest" | "oldest" | "controversial";
export type View = "threads" | "flat";

/** Way is one way in. */
export interface Way {
	id: string;
	label: string;
	kind: "provider" | "sso" | "site" | "guest";
}

export interface Site {
	key: string;
	name: string;
	view: View;
	sort: Sort;
	guests: boolean;
	ways: Way[];
	max_length: number;
	edit_window_seconds: number; // 0 never, -1 always
	votes: "updown" | "up" | "off";
	max_depth: number;
	rules_url: string;
	night?: Night | null;
}

/** Night is when comments here wait for a moderator: the present night, or the next one. */
export interface Night {
	mode: "newcomers" | "guests" | "links" | "all";
	from: string;
	until: string;
}

export interface Page {
	site?: Site;
	thread: Thread | null;
	comments: Comment[];
	next_cursor: string | null;
}

export interface User {
	id: string;
	name: string;
	avatar_url: string;
}

export interface Me {
	user: User | null;
	roles: string[];
	desk: string; // the dashboard, for those who have a role here; else ""
	votes: Record<string, number>;
	pending: Comment[];
	mine: string[];
	mutes?: string[];
	following?: boolean;
	follows?: string[];
	warnings?: Warning[];
	waits?: Waits | null;
}

/** Waits is why everything that the reader writes waits for a moderator. */
export interface Waits {
	reason: string;
	until: string | null;
}

/** Warning is what a moderator asks of the reader: he writes again once he has acknowledged it. */
export interface Warning {
	id: string;
	text: string;
	created_at: string;
}

export interface Standards {
	version: number;
	url: string;
	html: string;
	updated_at: string | null;
}

export interface Revision {
	html: string;
	replaced_at: string;
	public: boolean; // false: only its author and the moderators see it
}

export interface LiveEvent {
	seq?: number;
	type: string;
	id?: string;
	root_id?: string;
	parent_id?: string;
	comment_count?: number;
	up?: number;
	down?: number;
	readers?: number;
}
