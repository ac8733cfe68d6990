import en from "../../../static/i18n/en/dashboard.json";
import { Words } from "../i18n/catalogue.ts";
import { h } from "../view/h.ts";
import type { Presence } from "./presence.ts";

/** What every screen of the dashboard shares: words, calls, where we are. */
export type Word = keyof typeof en;

export interface SiteMeta {
	key: string;
	name: string;
	role: string;
	origin: string;
}

export interface Meta {
	user: { name: string; avatar_url: string } | null;
	sites: SiteMeta[];
	login: string; // a site whose log-in route to use
	base: string; // the server's public address
	mail: boolean; // a relay is set
}

export interface Answer<T> {
	status: number;
	body: T | null;
	detail: string;
	code: string; // of a refusal
	fields: { field: string; message: string }[];
}

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

/** Screen is one page of the dashboard. */
export interface Screen {
	title: string;
	el: HTMLElement;
	tools?: HTMLElement | null;
	key?: (e: KeyboardEvent) => boolean; // true: it was ours
	hint?: (h: Hint) => void;
	search?: () => void; // focus the search box
	stop?: () => void;
	dirty?: () => boolean; // something is typed that leaving would lose
}

export const words = new Words<Word>(en, document.documentElement.lang);
export const t = words.t.bind(words);

/** known tells whether there are words for what the server named. */
export function known(key: string): key is Word {
	return key in en;
}

/** day is the moment at which a day of a date box begins here, or the next one. */
export function day(v: string, next: boolean): string {
	const d = new Date(`${v}T00:00:00`);
	if (next) d.setDate(d.getDate() + 1);
	return Number.isNaN(d.getTime()) ? "" : d.toISOString();
}

const instant = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });

/** clock is a date and a time of day, in the reader's zone. */
export function clock(iso: string): string {
	return instant.format(new Date(iso));
}

export function ago(iso: string): string {
	return words.ago(new Date(iso), new Date()) || t("now");
}

const NO_ANSWER = 0;

/** call speaks to the server; a failure is an answer too, never an exception. */
export async function call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
	try {
		const res = await fetch(path, {
			method,
			headers: { ...headers, "X-Parley": "1", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const json = /json/.test(res.headers.get("content-type") ?? "") ? await res.json() : null;
		const errors = (json?.errors ?? []) as { field: string; message: string }[];
		const detail = errors[0] ? `${errors[0].field}: ${errors[0].message}` : ((json?.detail as string | undefined) || (res.ok ? "" : t("no_answer")));
		return { status: res.status, body: res.ok ? (json as T) : null, detail, code: (json?.code as string) ?? "", fields: errors };
	} catch {
		return { status: NO_ANSWER, body: null, detail: t("no_answer"), code: "", fields: [] };
	}
}

export type Params = Record<string, string>;

/** params is the state of the page: all of it stands in the address. */
export function params(): Params {
	return Object.fromEntries(new URLSearchParams(location.search));
}

const live = h("p.sr", { role: "status" });

/** announce tells a screen reader what came of the person's own act. */
export function announce(text: string): void {
	live.textContent = "";
	requestAnimationFrame(() => {
		live.textContent = text;
	});
}

export const liveRegion = live;

/** Desk is the site at hand and the ways to go elsewhere. */
export interface Desk {
	meta: Meta;
	site: SiteMeta;
	api: (path: string) => string; // below /api/v1/sites/KEY
	may: (act: "decide" | "rules" | "settings" | "sanction" | "pick" | "export" | "thread") => boolean;
	go: (p: Params, replace?: boolean) => void;
	/** toast says what came of an act, aloud too; with back it can be undone, and what stays waits to be put away. */
	toast: (text: string, back?: () => void, stays?: boolean) => void;
	counts: () => void; // count again
	presence: Presence; // who else has which comment before them
}

const powers: Record<string, string[]> = {
	decide: ["moderator", "admin", "operator"],
	rules: ["moderator", "admin", "operator"],
	sanction: ["moderator", "admin", "operator"],
	thread: ["moderator", "admin", "operator"],
	pick: ["staff", "moderator", "admin", "operator"],
	settings: ["admin", "operator"],
	export: ["auditor", "admin", "operator"],
};

export function may(role: string, act: string): boolean {
	return powers[act]?.includes(role) ?? false;
}

/** initial is the letter of a site's sign. */
export function initial(name: string): string {
	return [...name.trim()][0]?.toUpperCase() ?? "P";
}
