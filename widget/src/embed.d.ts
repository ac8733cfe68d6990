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
	/** Cancelable: preventDefault() keeps the text in the box. */
	"parley:before-submit": CustomEvent<{ body: string; parent_id: string | null }>;
}

/** Attributes, all observed: site, thread, url, title, theme, lang, sort, view, max-depth, page-size, live, lazy, sso, read-only. */
export interface ParleyCommentsElement extends HTMLElement {
	/** Fetches the first page again. */
	reload(): Promise<void>;
	focusComposer(): void;
	/** Shows a comment in its context; rejects if there is none with that id. */
	goTo(commentId: string): Promise<void>;
	/** Opens the sign-in window; call it in a click. */
	signIn(): Promise<void>;
	signOut(): Promise<void>;
}

/** Its text becomes the number of comments. Attributes: site, thread, url. */
export type ParleyCountElement = HTMLElement;

declare global {
	interface HTMLElementTagNameMap {
		"parley-comments": ParleyCommentsElement;
		"parley-count": ParleyCountElement;
	}
	interface HTMLElementEventMap extends ParleyEventMap {}
}
