import type { Api } from "../api/client.ts";
import { Problem, problem } from "../api/reader.ts";
import type { User } from "../../shared/api/shapes.ts";
import { h } from "../../shared/dom/h.ts";
import { here } from "../../shared/in-app.ts";

const LIFE_MS = 10 * 60_000; // of a sign-in, as the server keeps it
const PAUSE_MS = 1_000; // after an answer that came without waiting
const LOOK_MS = 500; // between looks at whether the window is closed
const CUT_MS = 3_000; // a window that has not said hello by then, and counts as closed, was cut off from us
const KEPT = "parley:sign-in"; // in sessionStorage, while the whole page is away
const BACK = "#parley-txn="; // what the page comes back with

const base64url = (b: Uint8Array): string =>
	btoa(String.fromCharCode(...b))
		.replace(/\+/g, "-")
		.replace(/\//g, "_")
		.replace(/=+$/, "");

/** Then is what the reader had begun, and what signing in is for. */
export interface Then {
	act: "vote" | "follow" | "report" | "mute" | "replies" | "react";
	id?: string;
	name?: string;
	value?: number;
}

/** Begun is what goes on after signing in: an act, or posting what is in the box of that name. */
export type Begun = Then | { act: "post"; id: string };

/** SignInOptions say what a sign-in is for. */
export interface SignInOptions {
	kept: boolean; // a text waits for it
	next?: Begun | undefined;
	/** closed is told that the window is gone; it is not sure once the window had left for a provider. */
	closed?(sure: boolean): void;
}

interface Proof {
	verifier: string;
	challenge: string;
}

async function proof(): Promise<Proof> {
	const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
	return {
		verifier,
		challenge: base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)))),
	};
}

/**
 * signIn opens the sign-in window for one of the site's ways and waits for its
 * session. It must be called in the reader's click, or the browser blocks the
 * window. Nothing secret goes through postMessage: the window learns a hash,
 * the widget a number, and only who holds the verifier can claim.
 *
 * Where there is no window (blocked, an app's browser, a page that keeps its
 * windows apart) the whole page goes, and resume takes over when it is back;
 * then this promise never settles.
 */
export async function signIn(api: Api, way: string, signal: AbortSignal, o: SignInOptions): Promise<User | null> {
	const server = new URL(api.base, location.href).origin;
	const query = new URLSearchParams({ site: api.site, origin: location.origin, provider: way });
	if (o.kept) query.set("kept", "1");
	const win = here() && window.top === window ? null : window.open(`${api.base}/auth/popup?${query}`, "parley-sign-in", "popup,width=480,height=720");
	const mine = await proof();
	if (!win) return leave(api, query, mine, o.next);
	const stop = new AbortController();
	signal.addEventListener("abort", () => stop.abort(), { signal: stop.signal });
	try {
		const txn = await handshake(win, server, mine.challenge, stop.signal, (sure) => o.closed?.(sure));
		if (txn === null) return await leave(api, query, mine, o.next);
		return await claim(api, txn, mine.verifier, signal);
	} finally {
		stop.abort();
	}
}

/**
 * watch tells once that the window is closed. It goes on being waited for: a
 * provider may have cut the tie to a window that is open (then it is not sure),
 * and a mailed link may end what was begun in it.
 */
function watch(win: Window, signal: AbortSignal, away: () => boolean, closed: (sure: boolean) => void): void {
	const look = setInterval(() => {
		if (!win.closed) return;
		clearInterval(look);
		closed(!away());
	}, LOOK_MS);
	signal.addEventListener("abort", () => clearInterval(look));
}

/** leads says whether a value of the page's query holds an address: the server takes no page back that might lead on to it. */
function leads(value: string): boolean {
	let v = value;
	for (let i = 0; i < 3; i++) {
		if (/https?:|\/\/|\\/i.test(v)) return true;
		try {
			v = decodeURIComponent(v);
		} catch {
			return false;
		}
	}
	return false;
}

/** leave sends the whole page through the sign-in. */
function leave(api: Api, query: URLSearchParams, mine: Proof, then?: Begun): Promise<never> {
	try {
		sessionStorage.setItem(KEPT, JSON.stringify({ site: api.site, verifier: mine.verifier, then }));
	} catch {
		return Promise.reject(new Problem(0, "popup_blocked", "")); // no window and no memory: nothing is left
	}
	const back = new URL(location.href);
	back.hash = "";
	for (const [name, value] of [...back.searchParams]) if (leads(value)) back.searchParams.delete(name);
	query.set("return", back.href);
	query.set("challenge", mine.challenge);
	// The server leads back to a page that says by its Referer that it asked itself, whatever the page's own policy.
	h("a", { href: `${api.base}/auth/popup?${query}`, referrerpolicy: "unsafe-url" }).click();
	return new Promise(() => {});
}

/** returning says whether this page has just come back from a sign-in. */
export const returning = (): boolean => location.hash.startsWith(BACK);

/**
 * resume ends a sign-in for which the whole page went away, and says what it
 * was for. null: there was none, or it was not this widget's.
 */
export async function resume(api: Api, signal: AbortSignal, forWhat: (t: Begun) => void): Promise<User | null> {
	if (!returning()) return null;
	let kept: { site?: unknown; verifier?: unknown; then?: Begun } = {};
	try {
		kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as typeof kept;
	} catch {
		// not ours
	}
	if (kept.site !== api.site || typeof kept.verifier !== "string") return null;
	const txn = location.hash.slice(BACK.length);
	sessionStorage.removeItem(KEPT);
	history.replaceState(history.state, "", location.pathname + location.search);
	if (kept.then) forWhat(kept.then);
	return claim(api, txn, kept.verifier, signal);
}

async function claim(api: Api, txn: string, verifier: string, signal: AbortSignal): Promise<User | null> {
	const until = Date.now() + LIFE_MS;
	while (Date.now() < until && !signal.aborted) {
		const asked = Date.now();
		try {
			const got = await api.claim(txn, verifier);
			if (got) return await settle(api, txn, verifier, got.user);
		} catch (e) {
			const status = problem(e)?.status;
			if (status === 410 || status === 403) throw e;
		}
		if (Date.now() - asked < PAUSE_MS) await new Promise((r) => setTimeout(r, PAUSE_MS));
	}
	return null;
}

/** handshake hands the challenge over and learns the transaction's number; null: the window was cut off. closed is heard of until signal ends. */
function handshake(win: Window, server: string, challenge: string, signal: AbortSignal, closed: (sure: boolean) => void): Promise<string | null> {
	return new Promise((done, fail) => {
		const stop = new AbortController();
		const timers = [setTimeout(() => end(() => fail(new Problem(0, "expired", ""))), LIFE_MS)];
		const end = (then: () => void) => {
			for (const t of timers) clearTimeout(t);
			stop.abort();
			then();
		};
		let met = false;
		let away = false;
		timers.push(
			setTimeout(() => {
				if (!met && win.closed) end(() => done(null));
			}, CUT_MS),
		);
		signal.addEventListener("abort", () => end(() => fail(new Problem(0, "aborted", ""))), { signal: stop.signal });
		addEventListener(
			"message",
			(e) => {
				if (e.origin !== server || e.source !== win) return;
				const data = e.data as { type?: unknown; txn?: unknown } | null;
				if (data?.type === "parley:away") away = true;
				if (data?.type === "parley:hello") {
					if (!met) watch(win, signal, () => away, closed);
					met = true;
					win.postMessage({ type: "parley:begin", challenge }, server);
				}
				if (data?.type === "parley:txn" && typeof data.txn === "string") {
					const txn = data.txn;
					end(() => done(txn));
				}
			},
			{ signal }, // also after it: the window leaves for a provider later
		);
	});
}

/**
 * settle finds out whether the cookie comes back. Where the browser keeps it
 * to itself, the same transaction gives a bearer that lives in memory.
 */
async function settle(api: Api, txn: string, verifier: string, user: User): Promise<User> {
	const me = await api.me("");
	if (me.user) return user;
	const again = await api.claim(txn, verifier, true);
	api.bearer = again?.bearer ?? "";
	return user;
}
