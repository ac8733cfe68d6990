import { type Answer, call, ticket, why } from "../client.ts";
import type { Data, Sent } from "../ui/form.tsx";
import { secondFactor } from "./acts.ts";
import { problem, show, showDone } from "./state.ts";
import { t } from "./words.ts";

/** What mailed links do, each after a press: a scanner that follows links changes nothing. */
let token = "";

/** takeTicket takes the link's secret and shows its step. */
export function takeTicket(name: string): void {
	token = ticket();
	show(name);
}

/** held is that secret. */
export const held = (): string => token;

const told = (r: Answer<unknown>, used: number) => (r.status === used ? t("link_used") : why(r));

async function useMagicLink(code = ""): Sent {
	const r = await call<{ here?: boolean }>("POST", "/auth/magic", { token, second: code });
	if (r.status === 200) return showDone(t(r.body?.here ? "magic_here" : "magic_there"));
	if (!secondFactor(r, useMagicLink)) return { refused: r, at: "code" };
}

/** signInByLink signs in by a magic link. */
export async function signInByLink(): Promise<void> {
	const no = await useMagicLink();
	if (no) problem.value = told(no.refused, 401);
}

/** confirmNewAddress makes the address the account's. */
export async function confirmNewAddress(): Promise<void> {
	const r = await call("POST", "/auth/email", { token });
	if (r.status === 204) showDone(t("close_page"), t("address_done"));
	else problem.value = told(r, 404);
}

/** confirmAddress confirms the address of a new account. */
export async function confirmAddress(): Promise<void> {
	const r = await call<{ name?: string }>("POST", "/auth/verify", { token });
	if (r.status === 200) showDone(t("verified_lead", { name: r.body?.name ?? "" }), t("verified_head"));
	else problem.value = told(r, 404);
}

/** setPassword sets a new password. */
export async function setPassword(data: Data): Sent {
	const r = await call("POST", "/auth/reset", { token, ...data });
	if (r.status !== 204) return { refused: r, at: "password" };
	showDone(t("saved_lead"), t("saved_head"));
}
