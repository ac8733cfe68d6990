import type { Comment } from "../shared/api/shapes.ts";
import type { Options } from "./options.ts";
import type { Acts, Key } from "./view/context.ts";
import type { Begun, Then } from "./view/signin.ts";
import type { Composer } from "./view/composer.ts";
import type { Status } from "./view/status.ts";
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
	/** showHeldReason says why what is written here will wait. */
	showHeldReason(): void;
	signIn(way?: string, o?: Aside): Promise<boolean>;
	stopSignIn(): void;
	reply(id: string, quote?: string): void;
}

/**
 * Acting is what a reader does to a discussion that shows; act.ts is it. The
 * reading part and the others know it by this alone: it is handed in.
 */
export interface Acting extends Acts {
	readonly posting: Writing;
	readonly status: Status;
	readonly toast: Toast;
	readonly root: ShadowRoot;
	/** barredWhy is what stands in the composer's place where this page cannot write at all. */
	readonly barredWhy: string;
	start(): Promise<void>;
	reloaded(): Promise<void>;
	adopt(o: Omit<Options, "sort" | "view">): Promise<void>;
	me(): Promise<boolean | null>;
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
	/** refuse shows in a box why the server did not take what is written there, under a guest's name or by who is signed in. */
	refuse(box: Composer, e: unknown, guest?: string): void;
	showError(e?: unknown, again?: () => void, what?: Key): void;
	button(id: string, name: string): HTMLElement | null | undefined;
}
