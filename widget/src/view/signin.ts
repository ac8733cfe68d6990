import type { Api } from "../api/client.ts";
import { Problem, problem } from "../api/client.ts";
import type { User } from "../api/shapes.ts";

const LIFE_MS = 10 * 60_000; // of a sign-in, as the server keeps it
const PAUSE_MS = 1_000; // after an answer that came without waiting

const base64url = (b: Uint8Array): string =>
	btoa(String.fromCharCode(...b))
		.replace(/\+/g, "-")
		.replace(/\//g, "_")
		.replace(/=+$/, "");

/**
 * signIn opens the sign-in window and waits for its session. It must be called
 * in the reader's click, or the browser blocks the window. Nothing secret goes
 * through postMessage: the window learns a hash, the widget a number, and only
 * who holds the verifier can claim. Whether the window has been closed is not
 * asked: a provider may cut that tie.
 */
export async function signIn(api: Api, signal: AbortSignal): Promise<User | null> {
	const server = new URL(api.base, location.href).origin;
	const url = `${api.base}/auth/popup?${new URLSearchParams({ site: api.site, origin: location.origin })}`;
	const win = window.open(url, "parley-sign-in", "popup,width=480,height=680");
	if (!win) throw new Problem(0, "popup_blocked", "");
	const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
	const challenge = base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
	const txn = await handshake(win, server, challenge, signal);
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

/** handshake hands the challenge over and learns the transaction's number. */
function handshake(win: Window, server: string, challenge: string, signal: AbortSignal): Promise<string> {
	return new Promise((done, fail) => {
		const stop = new AbortController();
		const timer = setTimeout(() => end(() => fail(new Problem(0, "expired", ""))), LIFE_MS);
		const end = (then: () => void) => {
			clearTimeout(timer);
			stop.abort();
			then();
		};
		signal.addEventListener("abort", () => end(() => fail(new Problem(0, "aborted", ""))), { signal: stop.signal });
		addEventListener(
			"message",
			(e) => {
				if (e.origin !== server || e.source !== win) return;
				const data = e.data as { type?: unknown; txn?: unknown } | null;
				if (data?.type === "parley:hello") win.postMessage({ type: "parley:begin", challenge }, server);
				if (data?.type === "parley:txn" && typeof data.txn === "string") {
					const txn = data.txn;
					end(() => done(txn));
				}
			},
			{ signal: stop.signal },
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
