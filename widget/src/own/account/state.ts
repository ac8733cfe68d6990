import { batch, signal } from "@preact/signals";
import type { Answers } from "../../shared/api/generated.d.ts";
import type { SignInMethod } from "../../shared/api/shapes.ts";
import { call, meta as read, why } from "../client.ts";

/** Meta is what the server told the page when it opened. */
interface Meta {
	signed: boolean;
	login: string; // a site whose sign-in to use
	ways: SignInMethod[];
	identity: string; // how adding a way ended
	push: boolean; // it is the small page about messages to this device
}

export type Account = Answers["GET /api/v1/me/account"];
export type Decision = Answers["GET /api/v1/me/decisions"]["decisions"][number];
export type Claim = Answers["GET /api/v1/me/claims"]["claims"][number];
export type Session = Answers["GET /api/v1/me/sessions"]["sessions"][number];

/** Note is what came of the last act. */
export interface Note {
	text: string;
	kind: "ok" | "bad";
}

/** Secret is what is shown once: recovery codes, a token. */
export interface Secret {
	lead: string;
	text: string;
}

export const meta = read<Meta>();
export const me = signal<Account | null>(null);
export const sessions = signal<Session[]>([]);
export const tokens = signal<Session[]>([]);
export const decisions = signal<Decision[]>([]);
export const devices = signal<Answers["GET /api/v1/me/push"] | null>(null);
export const claims = signal<Claim[]>([]);
export const note = signal<Note | null>(null);
export const secret = signal<Secret | null>(null);
export const unread = signal(""); // why the account could not be read
export const drawn = signal(0); // counts what the page has been read anew

/** load reads all that the page shows; false if nobody is signed in or it failed. */
export async function load(): Promise<boolean> {
	const [a, s, k, d, c, p] = await Promise.all([
		call<Account>("GET", "/api/v1/me/account"),
		call<Answers["GET /api/v1/me/sessions"]>("GET", "/api/v1/me/sessions"),
		call<Answers["GET /api/v1/me/tokens"]>("GET", "/api/v1/me/tokens"),
		call<Answers["GET /api/v1/me/decisions"]>("GET", "/api/v1/me/decisions"),
		call<Answers["GET /api/v1/me/claims"]>("GET", "/api/v1/me/claims"),
		call<Answers["GET /api/v1/me/push"]>("GET", "/api/v1/me/push"),
	]);
	if (a.status === 401) return false;
	if (!a.body || !s.body || !k.body || !d.body || !c.body) {
		unread.value = why([a, s, k, d, c].find((r) => !r.body) ?? a);
		return false;
	}
	const [account, list, programs, decided, claimed] = [a.body, s.body.sessions, k.body.tokens, d.body.decisions, c.body.claims];
	batch(() => {
		unread.value = "";
		me.value = account;
		sessions.value = list;
		tokens.value = programs;
		decisions.value = decided;
		claims.value = claimed;
		devices.value = p.body;
		drawn.value++;
	});
	return true;
}

/** say reads the page anew after a change and says what was done; once is a secret to show with it. */
export async function say(text: string, kind: Note["kind"] = "ok", once: Secret | null = null): Promise<void> {
	const read = await load();
	if (!read) return;
	batch(() => {
		note.value = { text, kind };
		secret.value = once;
	});
}

/** signOut ends the session here; the page begins anew. */
export async function signOut(): Promise<void> {
	await call("POST", "/auth/end", {});
	location.reload();
}
