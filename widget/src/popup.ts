import { h, fill } from "./view/h.ts";

/**
 * The sign-in window. It is a document of our own origin: passwords are typed
 * here and nowhere else. The server's page holds every step; this file shows
 * one at a time and talks to the server and to the widget that opened it.
 */
interface Meta {
	site?: string;
	origin?: string;
	registration?: boolean;
	user?: { name: string };
	step?: string;
}

interface Answer {
	code?: string;
	detail?: string;
	errors?: { field: string; message: string }[];
	txn?: string;
	name?: string;
}

const meta = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="parley"]')?.content ?? "{}") as Meta;
const error = byId("error");
let txn = "";
let email = "";

function byId(id: string): HTMLElement {
	const el = document.getElementById(id);
	if (!el) throw new Error(`no ${id}`);
	return el;
}

async function call(path: string, body: object): Promise<{ status: number; body: Answer; retry: number }> {
	try {
		const res = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", "X-Parley": "1" }, body: JSON.stringify(body) });
		const json = /json/.test(res.headers.get("content-type") ?? "");
		return { status: res.status, body: json ? ((await res.json()) as Answer) : {}, retry: Number(res.headers.get("retry-after")) || 0 };
	} catch {
		return { status: 0, body: {}, retry: 0 };
	}
}

const sitePath = (verb: string) => `/api/v1/sites/${encodeURIComponent(meta.site ?? "")}/${verb}`;

/** step shows one section and puts the cursor where it is needed. */
function step(name: string): void {
	say("");
	for (const s of document.querySelectorAll<HTMLElement>("section[data-step]")) s.hidden = s.dataset["step"] !== name;
	const here = document.querySelector<HTMLElement>(`section[data-step="${name}"]`);
	const field = here?.querySelector<HTMLInputElement>("input");
	if (field?.type === "email" && !field.value && email) field.value = email;
	(here?.querySelector<HTMLElement>("input:not([value]), input") ?? here?.querySelector<HTMLElement>("button"))?.focus();
}

function say(text: string): void {
	error.textContent = text;
	error.hidden = text === "";
}

/** refuse says why, at the field that is wrong if the server named one. */
function refuse(r: { status: number; body: Answer; retry: number }, form?: HTMLFormElement): void {
	for (const i of form?.querySelectorAll("input") ?? []) i.removeAttribute("aria-invalid");
	const f = r.body.errors?.[0];
	if (f && form) {
		const input = form.elements.namedItem(f.field);
		if (input instanceof HTMLInputElement) {
			input.setAttribute("aria-invalid", "true");
			input.focus();
			const label = input.closest("label")?.firstChild?.textContent?.trim().replace(/,.*$/, "") ?? f.field;
			say(`${label} ${f.message}`);
			return;
		}
	}
	if (r.status === 0) say("The server didn't answer. Try again.");
	else if (r.status === 429) say(`Too many tries. Try again in ${r.retry || 60} seconds.`);
	else say(r.body.detail ?? "That didn't work. Try again.");
}

function onSubmit(id: string, act: (data: Record<string, string>, form: HTMLFormElement) => Promise<void>): void {
	const form = byId(id) as HTMLFormElement;
	form.addEventListener("submit", async (e) => {
		e.preventDefault();
		const button = form.querySelector<HTMLButtonElement>("button:not([type])");
		if (button?.getAttribute("aria-busy") === "true") return;
		button?.setAttribute("aria-busy", "true");
		const data: Record<string, string> = {};
		for (const [k, v] of new FormData(form)) if (typeof v === "string") data[k] = v;
		say("");
		await act(data, form);
		button?.removeAttribute("aria-busy");
	});
}

/** complete hands the session to the widget that waits, and closes. */
async function complete(): Promise<void> {
	if (txn) {
		const r = await call("/auth/complete", { txn });
		if (r.status !== 204) return refuse(r);
	}
	step("done");
	if (window.opener) window.close();
}

/** hello: the widget answers with the hash of what only it knows. */
function meetWidget(): void {
	const { opener } = window;
	const origin = meta.origin;
	if (!opener || !origin) return;
	addEventListener("message", async (e: MessageEvent) => {
		const data = e.data as { type?: unknown; challenge?: unknown } | null;
		if (e.source !== opener || e.origin !== origin || data?.type !== "parley:begin" || typeof data.challenge !== "string" || txn) return;
		const r = await call("/auth/begin", { site: meta.site, origin, challenge: data.challenge });
		if (!r.body.txn) return refuse(r);
		txn = r.body.txn;
		(opener as Window).postMessage({ type: "parley:txn", txn }, origin);
	});
	(opener as Window).postMessage({ type: "parley:hello" }, origin);
}

/** ticket is the secret of a mailed link; it stands behind the # and is taken off the address bar. */
function ticket(): string {
	const t = location.hash.slice(1);
	history.replaceState(null, "", location.pathname);
	return t;
}

onSubmit("login", async (data, form) => {
	email = data["email"] ?? "";
	const r = await call(sitePath("login"), { ...data, session: "cookie" });
	if (r.status === 200) return complete();
	if (r.body.code === "unverified") return step("unverified");
	refuse(r, form);
	(form.elements.namedItem("password") as HTMLInputElement).select();
});
onSubmit("register", async (data, form) => {
	email = data["email"] ?? "";
	const r = await call(sitePath("register"), data);
	if (r.status === 202) step("sent");
	else refuse(r, form);
});
onSubmit("reset", async (data, form) => {
	email = data["email"] ?? "";
	const r = await call(sitePath("password-reset"), data);
	if (r.status === 202) step("sent");
	else refuse(r, form);
});
byId("resend").addEventListener("click", async () => {
	const r = await call(sitePath("verification"), { email });
	if (r.status === 202) step("sent");
	else refuse(r);
});
byId("continue").addEventListener("click", () => void complete());
for (const b of document.querySelectorAll<HTMLElement>("[data-go]")) b.addEventListener("click", () => step(b.dataset["go"] ?? "login"));

if (meta.step === "verify" || meta.step === "reset") {
	const token = ticket();
	if (meta.step === "verify") {
		step("verify");
		byId("verify").addEventListener("click", async () => {
			const r = await call("/auth/verify", { token });
			if (r.status === 200) {
				fill(byId("done-text"), [h("span", {}, `Thank you, ${r.body.name ?? ""}. Your address is confirmed. Go back to the article and press Continue.`)]);
				step("done");
			} else refuse(r);
		});
	} else {
		step("newpassword");
		onSubmit("newpassword", async (data, form) => {
			const r = await call("/auth/reset", { token, ...data });
			if (r.status === 204) {
				fill(byId("done-text"), [h("span", {}, "Your password is saved. Go back to the article and sign in with it.")]);
				step("done");
			} else refuse(r, form);
		});
	}
} else {
	if (meta.user) byId("continue").textContent = `Continue as ${meta.user.name}`;
	step(meta.user ? "continue" : "login");
	meetWidget();
}
