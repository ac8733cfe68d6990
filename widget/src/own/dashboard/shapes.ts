/** The shapes of the moderators' part of the API: those of the description, with the words that a string may be. */
import type { Answers } from "../../shared/api/generated.d.ts";
import type { Comment, Status } from "../../shared/api/shapes.ts";

type Moderation<M extends string, P extends string> = `${M} /api/v1/sites/{site}/moderation/${P}` & keyof Answers;
type Got<M extends string, P extends string> = Answers[Moderation<M, P>];

type ApiQueue = Got<"GET", "queue">;
type ApiContext = ApiQueue["context"][string];
type ApiDecided = Got<"POST", "decisions">;
type ApiUndone = Got<"POST", "undo">;
type ApiBan = Got<"GET", "bans">["bans"][number];
type ApiPerson = Got<"GET", "people">["people"][number];
type ApiDetail = Got<"GET", "people/{id}">;
type ApiThread = Got<"GET", "threads">["threads"][number];
type ApiTrial = Got<"POST", "rules/test">;

export type Level = "new" | "member" | "regular" | "trusted";

/** Finding is what one check says of a comment. */
export type Finding = ApiContext["findings"][number];

/** Context is what is known of a comment beside its text. */
export interface Context extends ApiContext {
	author_level: Level;
}

export type Report = ApiQueue["reports"][string][number];

/** Notice is an open notice of illegal content; who sent it is null without the right to see addresses. */
export type Notice = ApiQueue["notices"][string][number];

/** Image is one that a comment shows. */
export type Image = ApiQueue["images"][string][number];

export type QueueThread = ApiQueue["threads"][string];

/** Queue is a page of comments with what is known of them. */
export interface Queue extends ApiQueue {
	comments: Comment[];
	context: Record<string, Context>;
}

/** Standing is how a comment stands that somebody else has moved; null where that is not why. */
export interface Standing {
	status: Status | null;
	decided_by: string | null; // null: it was no person
	decided_at: string | null;
}

/** Decided is what came of decisions, one by one. */
export interface Decided extends ApiDecided {
	results: (ApiDecided["results"][number] & Standing)[];
}

/** Undone are the comments that are back where they were, and those that others have moved since. */
export interface Undone extends ApiUndone {
	left: (ApiUndone["left"][number] & Standing)[];
}

export interface Ban extends ApiBan {
	kind: "person" | "domain" | "range";
}

export interface Person extends ApiPerson {
	level: Level;
	trust: Level;
	ban: Ban | null;
}

export interface PersonDetail extends ApiDetail {
	level: Level;
	trust: Level;
	ban: Ban | null;
}

export type AlikeRow = Got<"GET", "threads">["alike"][number];
export type Merged = Got<"POST", "threads/{id}/merge">;
export type Merging = Got<"GET", "threads/merges">["merges"][number];
export type Remapped = Got<"POST", "threads/remap">;
export type PageCheck = Got<"GET", "threads/check">;
export type CheckedPage = PageCheck["rows"][number];

export interface ThreadRow extends ApiThread {
	state: "open" | "closed" | "read_only";
}

/** Policy are the words, patterns and the learnt part of a site. */
export type Policy = Got<"GET", "rules">;
export type Word = Policy["banned"][number];
export type Rule = Policy["rules"][number];

/** Trial is what words or a rule would have done. */
export interface Trial extends ApiTrial {
	comments: (ApiTrial["comments"][number] & Comment)[];
}

export type AuditEntry = Got<"GET", "audit">["entries"][number];

/** SignInWays are the providers of a site: those that it has set up, and all that are known. */
export type SignInWays = Answers["GET /api/v1/sites/{site}/settings/ways"];
export type OwnWay = SignInWays["ways"][number];
export type KnownWay = SignInWays["known"][number];

/** Hint is a message of the moderators' socket. */
export interface Hint {
	type: string;
	id?: string;
	action?: string;
	by?: string;
	by_id?: string;
	seat?: string; // of this dashboard among those that are open
	count?: number;
}
