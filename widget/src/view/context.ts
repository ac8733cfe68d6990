import type { Comment } from "../api/shapes.ts";
import type act from "../../../static/i18n/en/act.json";
import type read from "../../../static/i18n/en/read.json";
import type { Words } from "../i18n/catalogue.ts";
import type { Discussion } from "../state/discussion.ts";
import type { Drafts } from "../state/draft.ts";
import type { ReplyLine } from "./reply-line.ts";

/** What a reader can do. Views call these; they never fetch by themselves. */
export interface Acts {
	vote(id: string, value: number): void;
	reply(id: string): void;
	edit(id: string): void;
	remove(id: string): Promise<boolean>;
	share(id: string): Promise<boolean>;
	goTo(id: string): Promise<void>;
	moreReplies(id: string): Promise<void>;
	more(): Promise<void>;
	showNew(): Promise<void>;
	retryLive(): void;
	peek(line: ReplyLine): void;
	unpeek(line: ReplyLine): void;
}

/** Key is what the widget can say. */
export type Key = keyof typeof read | keyof typeof act;

/** Context is what every view is given. */
export interface Context {
	d: Discussion;
	words: Words<Key>;
	acts: Acts | null; // until the part that acts has come
	drafts: Drafts;
	flat: boolean;
	maxDepth: number;
	readOnly: boolean;
	permalink(id: string): string;
	now(): Date;
}

/** canWrite tells whether this discussion takes comments at all. */
export function canWrite(x: Context): boolean {
	return !x.readOnly && (x.d.thread === null || x.d.thread.state === "open");
}

/** canEdit tells whether the reader may still change a comment of his. */
export function canEdit(x: Context, c: Comment): boolean {
	const window = x.d.site?.edit_window_seconds ?? 0;
	if (!x.d.mine.has(c.id) || x.d.user === null || c.author === null) return false;
	return window < 0 || x.now().getTime() - Date.parse(c.created_at) < window * 1000;
}
