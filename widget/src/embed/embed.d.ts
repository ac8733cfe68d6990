/** The elements that embed.js defines, and what a page may rely on. */

export interface ParleyEventMap {
	"parley:ready": CustomEvent<{ thread: string; count: number }>;
	"parley:count": CustomEvent<{ count: number }>;
	"parley:comment-created": CustomEvent<{ id: string; status: "published" | "pending" }>;
	"parley:comment-updated": CustomEvent<{ id: string }>;
	"parley:comment-removed": CustomEvent<{ id: string }>;
	"parley:vote": CustomEvent<{ id: string; value: -1 | 0 | 1 }>;
	"parley:new-available": CustomEvent<{ count: number }>;
	"parley:sign-in": CustomEvent<{ name: string }>;
	"parley:sign-out": CustomEvent<Record<string, never>>;
	"parley:error": CustomEvent<{ code: string }>;
	/** Cancelable: preventDefault() keeps the text in the box. Not sent with mode="frame". */
	"parley:before-submit": CustomEvent<{ body: string; parent_id: string | null }>;
}

/**
 * The attributes of <parley-comments>. All are observed: a change shows without a
 * reload. Leave one out for its default.
 */
export interface ParleyCommentsAttributes {
	/** Key of the site, as in the dashboard. Required. */
	site: string;
	/** Key of the thread; else the canonical address of the page, else its address without tracking parameters. */
	thread?: string;
	/** Address to remember for links in mails and feeds. */
	url?: string;
	title?: string;
	theme?: "auto" | "light" | "dark";
	/** "auto" or BCP 47. */
	lang?: string;
	sort?: "best" | "newest" | "oldest" | "controversial";
	view?: "threads" | "flat";
	/** Levels that are drawn, 1 to 20. */
	"max-depth"?: number;
	/** Threads of one page, 1 to 100. */
	"page-size"?: number;
	live?: "on" | "off";
	/** "off" fetches at once instead of near the window. */
	lazy?: "on" | "off";
	mode?: "inline" | "frame";
	/** A token that the site itself has signed: its reader is signed in without a window. */
	sso?: string;
	"read-only"?: boolean | "";
}

export interface ParleyCommentsElement extends HTMLElement {
	/** Fetches the first page again. */
	reload(): Promise<void>;
	focusComposer(): void;
	/** Shows a comment in its context; rejects if there is none with that id. */
	goTo(commentId: string): Promise<void>;
	/** Opens the sign-in window; call it in a click. */
	signIn(): Promise<void>;
	/** Ends the session, also the account's own in this browser. */
	signOut(): Promise<void>;
}

/** Its text becomes the number of comments. Attributes: site, thread, url. All on a page are asked for in one request. */
export type ParleyCountElement = HTMLElement;

/** The newest comments of a site. Attributes: site, limit (1 to 20, else 5), lang. */
export type ParleyLatestElement = HTMLElement;

/** Parts for ::part(): widget, header, composer, button, list, comment, author, body, menu, dialog. */
export type ParleyPart = "widget" | "header" | "composer" | "button" | "list" | "comment" | "author" | "body" | "menu" | "dialog";

/** Custom properties, set on the element or above it. */
export type ParleyProperty =
	| "--parley-accent"
	| "--parley-font"
	| "--parley-font-size"
	| "--parley-radius"
	| "--parley-surface"
	| "--parley-surface-dark"
	| "--parley-max-width"
	| "--parley-avatar";

declare global {
	interface HTMLElementTagNameMap {
		"parley-comments": ParleyCommentsElement;
		"parley-count": ParleyCountElement;
		"parley-latest": ParleyLatestElement;
	}
	interface HTMLElementEventMap extends ParleyEventMap {}
}
