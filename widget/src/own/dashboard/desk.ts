import en from "../../../../static/i18n/en/dashboard.json";
import { Words } from "../../shared/i18n/catalogue.ts";
import type { Act } from "../../shared/rights.ts";
import { h } from "../../shared/dom/h.ts";
import { type Answer, call as ask } from "../client.ts";
import type { Presence } from "./presence.ts";
import type { Hint } from "./shapes.ts";

export type { Answer, Hint };

/** What every screen of the dashboard shares: words, calls, where we are. */
export type Word = keyof typeof en;

export interface SiteMeta {
	key: string;
	name: string;
	role: string;
	origin: string;
	team_name: string; // that staff may answer under; "" none
	archived_at: string | null;
	deletes_at: string | null;
}

export interface Meta {
	user: { name: string; avatar_url: string } | null;
	sites: SiteMeta[];
	login: string; // a site whose log-in route to use
	base: string; // the server's public address
	mail: boolean; // a relay is set
	operator: boolean; // who looks runs the whole server
	second: string[]; // names of sites that ask their staff for a second factor, which who looks has not shown
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
	/** follow goes where the browser's buttons led, if that is this screen with something else beside its list; true: it did. */
	follow?: (p: Params) => boolean;
	/** place is where one stands in the screen's list; restore goes there again, with as many rows as there were. */
	place?: () => Place;
	restore?: (at: Place) => Promise<void>;
}

/** Place is where somebody stood in a list. */
export interface Place {
	id: string; // of the card or the row; "" where none was chosen
	at: number; // the number of it: another stands there if it has gone
	rows: number; // that were read
}

export const words = new Words<Word>(en, document.documentElement.lang);
export const t = words.t.bind(words);

/** isWord tells whether there are words for what the server named. */
export function isWord(key: string): key is Word {
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

let ended: () => void = () => {};

/** whenSignedOut says what happens once the server knows nobody here any more. */
export function whenSignedOut(run: () => void): void {
	ended = run;
}

/** numbers writes those of the server's words as people here do. */
export const numbers = (text: string): string => text.replace(/\b\d{5,}\b/g, (n) => words.number(Number(n)));

/** sentence is what the server says of a field; of an operator in a search it is that which is named. */
function sentence(message: string): string {
	const [, name, what] = /^(\w+:) (.+)$/s.exec(message) ?? [];
	return name ? t("it_operator", { name, what: numbers(what ?? "") }) : t("it_field", { what: numbers(message) });
}

/** mistaken tells whether a list did not come for what was asked: asking again is of no use then. */
export const mistaken = (r: Answer<unknown>): boolean => r.status === 422;

/** call speaks to the server and puts a refusal into words. */
export async function call<T = unknown>(
	method: string,
	path: string,
	body?: object,
	headers: Record<string, string> = {},
): Promise<Answer<T>> {
	const r = await ask<T>(method, path, body, headers);
	if (r.code === "signed_out") ended();
	const f = r.fields[0];
	const silent = r.status >= 200 && r.status < 300 ? "" : t("no_answer");
	return { ...r, detail: f ? sentence(f.message) : r.detail || silent };
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
	may: (act: Act) => boolean;
	go: (p: Params, replace?: boolean) => void;
	/**
	 * aside puts into the address what stands beside a list. What is opened can be
	 * closed by the browser's Back; true: closing went that way, and follow is next.
	 */
	aside: (p: Params, how: "open" | "swap" | "close") => boolean;
	/** back returns to the screen from which this one was opened; false if there is none. */
	back: () => boolean;
	/** toast says what came of an act, aloud too; with back it can be undone, and what stays waits to be put away. */
	toast: (text: string, back?: () => void, stays?: boolean) => void;
	hush: () => void; // put away what the last act said
	counts: () => void; // count again
	renamed: (name: string) => void; // the site has another name
	presence: Presence; // who else has which comment before them
}

/** initial is the letter of a site's sign. */
export function initial(name: string): string {
	return [...name.trim()][0]?.toUpperCase() ?? "P";
}
