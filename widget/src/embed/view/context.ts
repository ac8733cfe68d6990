import type act from "../../../../static/i18n/en/act.json";
import type news from "../../../../static/i18n/en/news.json";
import type writing from "../../../../static/i18n/en/writing.json";
import type rest from "../../../../static/i18n/en/rest.json";
import type unread from "../../../../static/i18n/en/unread.json";
import type read from "../../../../static/i18n/en/read.json";
import type { Comment } from "../../shared/api/shapes.ts";
import type { Words } from "../../shared/i18n/catalogue.ts";
import type { Discussion } from "../state/discussion.ts";
import type { Drafts } from "../state/draft.ts";

/** What a reader can do. Views call these; they never fetch by themselves. */
export interface Acts {
	/** press does what one of a comment's buttons is for; late: it was pressed before what does it was there. */
	press(what: string, id: string, button: HTMLElement, late?: boolean): void;
	goTo(id: string): Promise<void>;
	moreReplies(id: string): Promise<void>;
	more(): Promise<void>;
	showNew(): Promise<void>;
	search(): Promise<void>;
	retryLive(): void;
	peek(line: Line): void;
	unpeek(line: Line): void;
	standards(button: HTMLElement): void;
	follow(): void;
}

/** Line is "in reply to NAME", with the parent that opens under it. */
export interface Line {
	readonly x: Context;
	readonly to: { id: string; author_name: string | null };
	readonly el: HTMLElement;
	readonly box: HTMLElement;
	readonly isOpen: boolean;
	shown: Comment | null;
	inner: Line | null; // that of the parent which stands open
	/** another makes the line of the comment that stands open here. */
	another(c: Comment): Line | null;
}

/** Key is what the widget can say. */
export type Key = keyof typeof read | keyof typeof rest | keyof typeof news | keyof typeof writing | keyof typeof act | keyof typeof unread;

/** Context is what every view is given. */
export interface Context {
	d: Discussion;
	words: Words<Key>;
	acts: Acts;
	drafts: Drafts;
	folded: Set<string>; // threads that the reader has folded
	flat: boolean;
	maxDepth: number;
	readOnly: boolean;
	base: string; // of the server
	permalink(id: string): string;
	now(): Date;
	home: Home;
	/** label names the new comments that wait, once there are any. */
	label?: () => string;
	/** reach says a comment's names, for who hears it, once the part that listens is there. */
	reach?: (view: { readonly article: HTMLElement }, c: Comment) => void;
	/** also draws what not every site has: of a comment, or around the list. Parts that come later add to it. */
	also: ((view?: Shown, c?: Comment) => void)[];
	/** step goes to the next comment that is new since the last visit, or with -1 back. */
	step?: (by: number) => void;
	/** pics draws the images of a text into their places, once the part that listens is there. */
	pics?: (el: Element) => void;
	/** own draws what only their author sees of comments, once the part that acts is there. */
	own?: (view: Shown, c: Comment) => void;
}

/** Shown is a comment on the page, for who adds to it. */
export interface Shown {
	readonly article: HTMLElement;
	readonly main: HTMLElement;
	readonly bar: HTMLElement;
	readonly made: ReadonlyMap<string, HTMLElement>;
	part(tag: "div.c-m", into: Element, before: Element): HTMLElement;
	/** when runs draw if the facts are not those it last drew. */
	when(part: string, facts: unknown[], draw: () => void): void;
}

/** Home is the page around the widget: this document, or the one that frames it. */
export interface Home {
	/** hash is the part of the page's address that may name a comment. */
	hash(): string;
	/** href is the page's address without it. */
	href(): string;
	/** go puts a comment's name into the page's address. */
	go(id: string): void;
	/** scroll brings a comment into sight: at the top of the window, or just so far as it must. */
	scroll(el: HTMLElement, top: boolean): void;
	/** height is the window's, in pixels. */
	height(): number;
}

/** stateOf is what holds here: for this page, in the thread, or on pages of the site that have none yet. */
export const stateOf = ({ readOnly, d }: Context): string => (readOnly ? "read_only" : ((d.thread ?? d.site)?.state ?? "open"));

/** canWrite tells whether this discussion takes comments at all. */
export const canWrite = (x: Context): boolean => stateOf(x) === "open";
