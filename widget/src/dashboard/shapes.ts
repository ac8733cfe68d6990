import type { Comment } from "../api/shapes.ts";

/** The shapes of the moderators' part of the API. */
export interface Finding {
	check: string;
	wish: string;
	score: number;
	count: number;
	detail: string;
	marks: string[];
}

export interface Context {
	risk: number;
	policy: number;
	verdict: string;
	findings: Finding[];
	parent_text: string;
	decided_at: string | null;
	decided_by: string;
	reason: string;
	author_level: Level;
	author_since: string;
	author_published: number;
	author_banned: boolean;
	author_warnings: number;
	likeness: string;
}

export type Level = "new" | "member" | "regular" | "trusted";

export interface Report {
	reason: string;
	note: string;
	created_at: string;
	weight: number;
	network: number;
}

/** Notice is an open notice of illegal content; who sent it is null without the right to see addresses. */
export interface Notice {
	receipt: string;
	why: string;
	good_faith: boolean;
	created_at: string;
	name: string | null;
	email: string | null;
}

export interface QueueThread {
	title: string;
	key: string;
	url: string;
	state: string;
}

export interface Queue {
	comments: Comment[];
	next_cursor: string | null;
	threads: Record<string, QueueThread>;
	reports: Record<string, Report[]>;
	notices: Record<string, Notice[]>;
	context: Record<string, Context>;
}

/** Standing is how a comment stands that somebody else has moved; null where that is not why. */
export interface Standing {
	status: "published" | "pending" | "rejected" | "spam" | "deleted" | null;
	decided_by: string | null; // null: it was no person
	decided_at: string | null;
}

export interface Decided {
	results: ({ comment_id: string; ok: boolean; error: string | null } & Standing)[];
	undo: string | null;
}

export interface Undone {
	comments: string[];
	left: ({ comment_id: string } & Standing)[];
}

export interface Ban {
	id: string;
	kind: "person" | "domain" | "range";
	person: string;
	name: string;
	what: string;
	email_domain: string;
	ip_range: string;
	by: string;
	instance: boolean;
	reason: string;
	until: string | null;
	created_at: string;
}

export interface Person {
	id: string;
	name: string;
	avatar_url: string;
	guest: boolean;
	role: string;
	since: string;
	seen_at: string | null;
	level: Level;
	trust: Level;
	comments: number;
	published: number;
	approved_share: number | null;
	warnings: number;
	via: string;
	ban: Ban | null;
}

export interface PersonDetail extends Person {
	rejected: number;
	reports: number;
	reports_made: number;
	reports_agreed: number;
	demoted: boolean;
	posts_to_member: number;
	record: { id: string; status: string; text: string; created_at: string }[];
	notes: { kind: string; by: string; text: string; created_at: string; seen_at: string | null }[];
	same_network: { id: string; name: string; seen_at: string; banned: boolean }[];
	email: string | null;
	networks: string[];
}

export interface ThreadRow {
	id: string;
	key: string;
	url: string;
	title: string;
	state: "open" | "closed" | "read_only";
	comment_count: number;
	waiting: number;
	mode: string;
	slow_seconds: number;
	closes_at: string | null;
	last_comment_at: string | null;
	created_at: string;
	aliases: string[];
}

export interface Word {
	word: string;
	lang: string;
}

export interface Rule {
	name: string;
	pattern: string;
	action: string;
}

export interface Policy {
	version: number;
	banned: Word[];
	suspect: Word[];
	rules: Rule[];
	classifier: {
		ready: boolean;
		on: boolean;
		decisions: number;
		good: number;
		bad: number;
		held_out: number;
		precision: number;
		recall: number;
		accuracy: number;
		base_accuracy: number;
	};
}

export interface Trial {
	looked_at: number;
	would_hold: number;
	would_reject: number;
	approved: number;
	removed: number;
	comments: (Comment & { marks: string[]; by: string })[];
}

export interface AuditEntry {
	id: number;
	at: string;
	by: string;
	action: string;
	kind: string;
	target: string;
	target_name: string;
	by_id: string;
	reason: string;
	note: string;
	before: string;
	after: string;
	erased: boolean;
	hash: string;
}
