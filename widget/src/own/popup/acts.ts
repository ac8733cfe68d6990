import { type Answer, call, why } from "../client.ts";
import { ask } from "../passkey.ts";
import type { Data, Refusal, Sent } from "../ui/form.tsx";
import { complete, finish } from "./finish.ts";
import { leave } from "./meeting.ts";
import { meta, sitePath } from "./meta.ts";
import { addressRefused, email, LAST, MAIL, now, problem, remember, show } from "./state.ts";
import { t } from "./words.ts";

const badAddress = (): Answer<unknown> => ({
	status: 422,
	body: null,
	code: "",
	detail: "",
	fields: [{ field: "email", message: t("bad_address") }],
	retry: 0,
});

/** takeAddress goes on with an address that may be one. */
export async function takeAddress(data: Data, form: HTMLFormElement): Sent {
	email.value = (data["email"] ?? "").trim();
	const box = form.querySelector<HTMLInputElement>('input[name="email"]');
	if (!email.value || !box?.checkValidity()) return { refused: badAddress() };
	show("login");
}

/** secondFactor asks for the second factor where it is wanted; true: it was dealt with. */
export function secondFactor(r: Answer<unknown>, again: (code: string) => Sent): boolean {
	if (r.code !== "second_factor") return false;
	now.secondFactor = again;
	show("second");
	return true;
}

/** login signs in by password. */
export async function login(data: Data, code = ""): Sent {
	const r = await call("POST", sitePath("login"), { ...data, code, session: "cookie" });
	if (r.status === 200) return signedIn();
	if (r.code === "unverified") return show("unverified");
	if (!secondFactor(r, (c) => login(data, c))) return { refused: r, at: code ? "code" : "password" };
}

/** signedIn remembers what worked on this device, and resumes. */
function signedIn(): Promise<void> {
	now.secondFactor = async () => {};
	remember(localStorage, MAIL, email.value);
	remember(localStorage, LAST, "site");
	return complete();
}

const CODE = "parley-code"; // in sessionStorage: who looks into the mail may come back to a window that was loaded anew
let codeFor = remember(sessionStorage, CODE);

/** mailLink sends a link and a code. */
export async function mailLink(): Promise<void> {
	const r = await call<{ id?: string }>("POST", sitePath("magic-link"), { email: email.value });
	if (!r.body?.id) {
		problem.value = why(r);
		return;
	}
	codeFor = remember(sessionStorage, CODE, r.body.id);
	remember(sessionStorage, `${CODE}-in`, meta.challenge ?? "");
	remember(localStorage, MAIL, email.value);
	show("link");
}

/** codeWaits tells whether a code was mailed for this sign-in of the whole page before it was loaded anew. */
export const codeWaits = (): boolean =>
	codeFor !== "" && !!meta.challenge && remember(sessionStorage, `${CODE}-in`) === meta.challenge;

/** typedCode signs in by the code of the mail. */
export async function typedCode(digits: string, code = ""): Sent {
	const r = await call("POST", "/auth/code", { id: codeFor, code: digits, second: code });
	if (r.status === 200) return signedIn();
	if (!secondFactor(r, (c) => typedCode(digits, c))) return { refused: r, at: "code" };
}

let asking: AbortController | null = null;

/** passkey signs in by a passkey of this device. */
export async function passkey(): Promise<void> {
	asking?.abort();
	asking = new AbortController();
	show("passkey");
	const r = await ask(asking.signal);
	if (r === null) return show("login");
	if (r.status === 200) return signedIn();
	show("login");
	problem.value = why(r);
}

/** stopPasskey takes the browser's question back. */
export const stopPasskey = (): void => asking?.abort();

/** register makes an account; a mail confirms its address. */
export async function register(data: Data): Sent {
	const r = await call("POST", sitePath("register"), data);
	if (r.status === 202) return show("sent");
	const refusal: Refusal = { refused: r };
	if (r.fields[0]?.field !== "email") return refusal;
	show("choose");
	addressRefused.value = refusal;
}

/** reset mails a link that sets a new password. */
export async function reset(data: Data): Sent {
	email.value = data["email"] ?? "";
	const r = await call("POST", sitePath("password-reset"), data);
	if (r.status !== 202) return { refused: r };
	show("sent");
}

/** introduce names somebody who comes from a provider for the first time. */
export async function introduce(data: Data): Sent {
	const r = await call("POST", "/auth/introduce", {
		name: data["name"],
		picture: data["picture"] === "on",
		mail_replies: data["mail_replies"] === "on",
		accepted: data["accepted"] === "on",
	});
	if (r.status === 404) return show("expired");
	if (r.status !== 200) return { refused: r, at: "name" };
	remember(localStorage, LAST, meta.way ?? "");
	finish();
}

/** resend mails the confirming link again. */
export async function resend(): Promise<void> {
	const r = await call("POST", sitePath("verification"), { email: email.value });
	if (r.status === 202) show("sent");
	else problem.value = why(r);
}

/** otherAccount ends the session that was found, and asks anew. */
export async function otherAccount(): Promise<void> {
	await call("POST", "/auth/end", {});
	if (meta.way && meta.label && meta.ways.some((w) => w.id === meta.way && w.kind === "provider"))
		return leave(meta.way, meta.label);
	show("choose");
}
