import type { Comment, LiveEvent } from "../shared/api/shapes.ts";
import type { Options } from "./options.ts";
import type { Acts, Key } from "./view/context.ts";
import type { Begun, Then } from "./view/signin.ts";
import type { Composer } from "./view/composer.ts";
import type { Resting } from "./view/resting.ts";
import type { Toast } from "./view/toast.ts";

/** Banned is what a refusal says of a ban. */
export interface Banned {
	reason?: unknown; // a clause's key, or what a moderator typed
	until?: unknown;
}

/** Aside is a sign-in that did not begin in the composer: who asked says what went wrong, and has the focus afterwards. */
export interface Aside {
	next?: Begun;
	slot?: HTMLElement; // where a panel goes
	say?(why: string): void;
	closed?(sure: boolean): void; // the window is gone
}

/** Writing is the composer and what is on its way, as far as the other parts know it; posting.ts is it. */
export interface Writing {
	/** show puts the composer in its place; closed says why there is none. */
	show(): void;
	closed(): void;
	update(): void;
	focus(): void;
	/** focused remembers where the cursor is, for after the list has been drawn anew. */
	focused(): (() => void) | undefined;
	/** keep saves what is being written; rehold keeps it where it was over a redraw. */
	keep(): void;
	rehold(): void;
	/** holds tells whether there is text in a box under a comment. */
	holds(id: string): boolean;
	/** parentChanged warns who is writing an answer to a comment that changed or went. */
	parentChanged(c: Comment): void;
	/** showHeldReason says why what is written here will wait. */
	showHeldReason(): void;
	signIn(way?: string, o?: Aside): Promise<boolean>;
	stopSignIn(): void;
	reply(id: string, quote?: string, late?: boolean): void;
}

/**
 * Hearing is what goes on while somebody reads; listen.ts is it. It comes by
 * itself once the comments show, and brings the others when they are wanted.
 */
export interface Hearing {
	/** resting is the box to write in until the composer takes it over. */
	readonly resting: Resting;
	/** boxes are that one and those to answer in that opened before there was a composer, by comment; it takes them from here. */
	readonly boxes: Map<string, Resting>;
	/** follow opens the connection when the widget is near the window, or lets go of it. */
	follow(yes: boolean): void;
	/** at says that the page on the screen is as new as this number. */
	at(seq: number): void;
	/** now tries at once to connect. */
	now(): void;
	/** own has the socket tell what is decided about what waits here. */
	own(): void;
	/** news brings the part that takes in what happens elsewhere. */
	news(): Promise<News>;
	/** act brings the part that acts. */
	act(): Promise<void>;
	/** press does what is pressed before the part that acts is there: reading on takes a smaller one. */
	press(name: keyof Acts, args: never[]): Promise<unknown>;
	/** lost says that something did not come that a press has asked for; null: it has come after all. */
	lost(again: (() => void) | null): void;
	update(): void;
}

/** News is what comes to a discussion that shows: from elsewhere, or because there is more of it; following.ts is it. */
export interface News extends Pick<Acts, "search" | "showNew" | "more" | "moreReplies" | "peek" | "unpeek"> {
	events(list: LiveEvent[]): void;
	/** catchUp looks again after a gap or a change of the thread. */
	catchUp(): Promise<void>;
	/** refresh fetches one comment that has changed; one that is gone goes. */
	refresh(id: string): Promise<void>;
	/** show puts a comment on the page with the comments above it. */
	show(c: Comment, ancestors: Comment[]): void;
	/** changed puts a newer form of a known comment in place. */
	changed(c: Comment): void;
	/** dropped takes a comment off the page, and says so if it was the last. */
	dropped(id: string): void;
	/** once runs what a button has begun; while it runs, the button takes no second press. */
	once(button: Element | null | undefined, run: () => Promise<void>): Promise<void>;
	speak(): void;
	update(): void;
}

/**
 * Acting is what a reader does to a discussion that shows; act.ts is it. The
 * reading part and the others know it by this alone: it is handed in.
 */
export interface Acting extends Acts {
	readonly posting: Writing;
	readonly toast: Toast;
	readonly root: ShadowRoot;
	readonly news: News;
	/** barredWhy is what stands in the composer's place where this page cannot write at all. */
	readonly barredWhy: string;
	start(): Promise<void>;
	reloaded(): Promise<void>;
	adopt(o: Omit<Options, "sort" | "view">): Promise<void>;
	me(): Promise<boolean | null>;
	/** asks is there while it is not known yet whether somebody is signed in. */
	readonly asks: Promise<unknown> | null;
	forget(left?: boolean): void;
	sso(token: string): Promise<boolean>;
	signOut(): Promise<void>;
	signedIn(then: Then, back: () => HTMLElement | null | undefined): Promise<boolean>;
	barred(): Promise<boolean>;
	/** banned puts into words why somebody cannot write, once these have come. */
	banned(body: Banned, tell: (what: string) => void): void;
	/** landed waits for the answers to what is being posted: a comment of one's own is known before it is news. */
	landed(): Promise<unknown>;
	/** goTo shows a comment in its context; it rejects if there is none. */
	goTo(id: string): Promise<void>;
	hash(): void;
	show(c: Comment, ancestors: Comment[]): void;
	changed(c: Comment): void;
	dropped(id: string): void;
	reject(id: string): Promise<boolean>;
	reply(id: string, quote?: string): void;
	/** followMenu is how the reader hears of the thread. */
	followMenu(): void;
	edit(id: string): void;
	remove(id: string): Promise<boolean>;
	share(id: string): Promise<void>;
	/** unreport takes a report back, also at the server. */
	unreport(id: string): void;
	/** refuse shows in a box why the server did not take what is written there, under a guest's name or by who is signed in. */
	refuse(box: Composer, e: unknown, guest?: string): void;
	showError(e?: unknown, again?: () => void, what?: Key): void;
	button(id: string, name: string): HTMLElement | null | undefined;
}
