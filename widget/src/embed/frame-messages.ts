import type { Options } from "./options.ts";

// What a page and the frame it shows say to each other. Every message goes to
// one exact origin and is taken only from one exact window and origin; a
// message of another shape is ignored.

/** What a page may change without another frame. */
export type PageOptions = Omit<Options, "sort" | "view">;

/** From the page to its frame. */
export type ToFrame =
	| { parley: 1; type: "page"; href: string; hash: string; theme: string; ground?: string; style: Record<string, string>; sso: string }
	| { parley: 1; type: "view"; top: number; height: number; bottom?: number } // what the window shows of the frame
	| { parley: 1; type: "hash"; hash: string }
	| { parley: 1; type: "theme"; theme: string; ground?: string; style: Record<string, string> }
	| { parley: 1; type: "set"; name: "sort" | "view"; value: string }
	| { parley: 1; type: "options"; o: PageOptions }
	| { parley: 1; type: "do"; what: "reload" | "focusComposer" | "signIn" | "signOut" }
	| { parley: 1; type: "goTo"; id: string; turn: number };

/** From the frame to its page. */
export type ToPage =
	| { parley: 1; type: "hello" }
	| { parley: 1; type: "height"; px: number }
	| { parley: 1; type: "event"; name: string; detail: unknown }
	| { parley: 1; type: "go"; id: string }
	| { parley: 1; type: "scroll"; top: number; bottom: number; start: boolean }
	| { parley: 1; type: "went"; turn: number; ok: boolean };

/** message is data as one of ours, or null. */
export function message<T extends { type: string }>(data: unknown): T | null {
	const d = data as { parley?: unknown; type?: unknown } | null;
	return typeof d === "object" && d?.parley === 1 && typeof d.type === "string" ? (d as unknown as T) : null;
}

/** The custom properties that a page may set, handed into the frame by value. */
export const PROPERTIES = ["accent", "font", "font-size", "radius", "surface", "surface-dark", "max-width", "avatar"].map(
	(n) => `--parley-${n}`,
);
