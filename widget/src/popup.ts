import en from "../../static/i18n/en/popup.json";
import type { Way } from "./api/shapes.ts";
import { Words } from "./i18n/catalogue.ts";
import { ask, possible } from "./own/passkey.ts";
import { type Answer, byId, call, clear, eyes, onSubmit, press, meta as read, refuse, speak, ticket, why } from "./own/page.ts";

/**
 * The sign-in window. It is a document of our own origin: passwords are typed
 * here and nowhere else. The server's page holds every step; this file shows
 * one at a time and talks to the server and to the widget that opened it.
 */
interface Person {
	name: string;
	picture: boolean;
	mail: boolean;
}

interface Meta {
	site?: string;
	origin?: string;
	return?: string;
	challenge?: string;
	proof?: string;
	way?: string;
	label?: string;
	step?: string;
	ways: Way[];
	registration: boolean;
	user?: Person;
	newcomer?: Person;
	sso?: string;
}

const TXN = "parley-txn"; // in sessionStorage: the window leaves for the provider and comes back
const LAST = "parley-last-way"; // in localStorage: which way worked the last time
const MAIL = "parley-email";
const KEPT = "parley-kept"; // in sessionStorage: the page that opened the window holds a text
const CLOSE_MS = 400; // to read that it worked

const meta = read<Meta>();
const words = new Words(en, "");
await words.fetch("", "popup");
const { t } = { t: words.t.bind(words) };
speak((key, n) => t(key, { n }));
const error = byId("error");
if (!meta.step) keep(sessionStorage, KEPT, new URLSearchParams(location.search).get("kept") ?? "");
for (const el of document.querySelectorAll<HTMLElement>("[data-kept]")) el.hidden = keep(sessionStorage, KEPT) !== "1";
let txn = "";
let email = keep(localStorage, MAIL);
let meeting: Promise<void> = Promise.resolve();

function keep(store: Storage, key: string, value?: string): string {
	try {
		if (value === undefined) return store.getItem(key) ?? "";
		store.setItem(key, value);
	} catch {
		// a browser without memory: the step is asked again
	}
	return value ?? "";
}

const sitePath = (verb: string) => `/api/v1/sites/${encodeURIComponent(meta.site ?? "")}/${verb}`;
const form = (id: string) => byId<HTMLFormElement>(id);

/** step shows one section and puts the cursor where it is needed. */
function step(name: string): void {
	say("");
	for (const s of document.querySelectorAll<HTMLElement>("section[data-step]")) s.hidden = s.dataset["step"] !== name;
	const here = document.querySelector<HTMLElement>(`section[data-step="${name}"]`);
	if (!here) return;
	clear(here);
	for (const b of document.querySelectorAll<HTMLElement>("[data-email]")) b.textContent = email;
	for (const i of here.querySelectorAll<HTMLInputElement>('input[name="email"]')) i.value = email;
	const field = [...here.querySelectorAll<HTMLInputElement>("input:not([hidden])")].find((i) => !i.value);
	(field && field.type !== "checkbox" ? field : here.querySelector<HTMLElement>("h1"))?.focus();
}

function say(text: string): void {
	error.textContent = text;
	error.hidden = text === "";
}

/** done hands the session to the widget that waits, and goes. */
async function complete(): Promise<void> {
	await meeting;
	if (txn) {
		const r = await call("POST", "/auth/complete", { txn });
		if (r.status !== 204) return say(why(r));
	}
	finish();
}

function finish(): void {
	step("done");
	const to = meta.return;
	const t = txn;
	sessionStorage.removeItem(TXN);
	if (to) location.replace(`${to}#parley-txn=${t}`);
	else setTimeout(() => window.close(), CLOSE_MS);
}

/**
 * came says whether the widget's own page sent the reader here. A challenge in
 * the address could be anybody's, and whoever holds its verifier gets the session.
 */
function came(): boolean {
	try {
		return new URL(document.referrer).origin === meta.origin;
	} catch {
		return false; // nobody says
	}
}

let go = complete; // what the button of the step "continue" does

/** confirmed leaves for a way only after a click: no window was opened by one. */
function confirmed(label: string, then: () => Promise<void>): void {
	go = then;
	const head = document.querySelector('section[data-step="continue"] h1');
	if (head) head.textContent = document.querySelector('section[data-step="choose"] h1')?.textContent ?? "";
	byId("continue").textContent = t("continue_with", { name: label });
	byId("other").hidden = true;
	step("continue");
}

/** meet: the widget answers with the hash of what only it knows. */
function meet(): Promise<void> {
	const { opener } = window;
	const origin = meta.origin;
	if (!origin) return Promise.resolve();
	if (meta.challenge) return begin({ challenge: meta.challenge, return: meta.return ?? "", proof: meta.proof ?? "" });
	if (!opener) return Promise.resolve();
	return new Promise((done) => {
		addEventListener("message", async (e: MessageEvent) => {
			const data = e.data as { type?: unknown; challenge?: unknown } | null;
			if (
				e.source !== opener ||
				e.origin !== origin ||
				data?.type !== "parley:begin" ||
				typeof data.challenge !== "string" ||
				txn
			)
				return;
			await begin({ challenge: data.challenge });
			(opener as Window).postMessage({ type: "parley:txn", txn }, origin);
			done();
		});
		(opener as Window).postMessage({ type: "parley:hello" }, origin);
	});
}

async function begin(more: object): Promise<void> {
	const r = await call<{ txn?: string }>("POST", "/auth/begin", { site: meta.site, origin: meta.origin, ...more });
	if (!r.body.txn) return say(why(r));
	txn = r.body.txn;
	keep(sessionStorage, TXN, txn);
}

/** leave goes to the provider's own sign-in. */
async function leave(way: string, label: string): Promise<void> {
	byId("away").textContent = t("going", { name: label });
	meta.way = way;
	meta.label = label;
	name(label);
	step("away");
	await meeting;
	const r = await call<{ url?: string }>("POST", "/auth/login", {
		site: meta.site,
		origin: meta.origin,
		provider: way,
		txn,
		return: meta.return ?? "",
		proof: meta.proof ?? "",
	});
	if (r.body.url) {
		location.assign(r.body.url);
		return;
	}
	step(r.body.code === "provider" ? "failed" : "choose");
	if (r.body.code !== "provider") say(why(r));
}

/** name puts the provider's name where the steps speak of it. */
function name(label: string): void {
	byId("denied").textContent = t("cancelled", { name: label });
	byId("failed").textContent = t("not_answering", { name: label });
	for (const b of document.querySelectorAll<HTMLElement>("[data-again]")) b.textContent = t("try_again", { name: label });
}

const SVG = "http://www.w3.org/2000/svg";

function providers(): void {
	const list = meta.ways.filter((w) => w.kind === "provider");
	const last = keep(localStorage, LAST);
	for (const w of list) {
		const b = document.createElement("button");
		b.type = "button";
		b.className = "btn";
		if (document.getElementById(`i-${w.id}`)) {
			const svg = document.createElementNS(SVG, "svg");
			svg.setAttribute("class", w.id === "facebook" ? "i fb" : "i");
			svg.setAttribute("aria-hidden", "true");
			const use = document.createElementNS(SVG, "use");
			use.setAttribute("href", `#i-${w.id}`);
			svg.append(use);
			b.append(svg);
		} else {
			const mono = document.createElement("span");
			mono.className = "mono";
			mono.setAttribute("aria-hidden", "true");
			mono.textContent = w.label.slice(0, 1);
			b.append(mono);
		}
		b.append(t("continue_with", { name: w.label }));
		if (w.id === last) {
			const note = document.createElement("span");
			note.className = "last";
			note.textContent = t("last_used");
			b.append(note);
		}
		press(b, () => leave(w.id, w.label));
		byId("provs").append(b);
	}
	const own = meta.ways.length === 0 || meta.ways.some((w) => w.kind === "site"); // none at all: no site's window
	byId("address").hidden = !own;
	byId("provs").hidden = list.length === 0;
	byId("provs-or").hidden = list.length === 0 || !own;
}

const STRONG = [8, 10, 12, 16]; // characters for one, two, three, four bars

function meter(): void {
	const input = byId<HTMLInputElement>("p3");
	input.addEventListener("input", () => {
		const n = [...input.value].length;
		for (const [i, bar] of [...document.querySelectorAll(".meter i")].entries())
			bar.classList.toggle("on", n >= (STRONG[i] ?? 0));
	});
}

onSubmit(form("address"), async (data) => {
	email = (data["email"] ?? "").trim();
	const input = byId<HTMLInputElement>("e1");
	if (!email || !input.checkValidity()) {
		const bad: Answer<object> = {
			status: 422,
			retry: 0,
			body: { errors: [{ field: "email", message: t("bad_address") }] },
		};
		return refuse(form("address"), bad);
	}
	step("login");
});
let once: (code: string) => Promise<void> = async () => {}; // what is tried again once the second factor is there too

/** second asks for the second factor where it is wanted; true: it was dealt with. */
function second(r: Answer<object>, code: string, again: (code: string) => Promise<void>): boolean {
	if (r.body.code === "second_factor") {
		once = again;
		step("second");
		return true;
	}
	if (code) refuse(form("second"), r, "code");
	return code !== "";
}

async function login(data: Record<string, string>, code = ""): Promise<void> {
	const r = await call("POST", sitePath("login"), { ...data, code, session: "cookie" });
	if (r.status === 200) return known();
	if (r.body.code === "unverified") return step("unverified");
	if (!second(r, code, (c) => login(data, c))) refuse(form("login"), r, "password");
}

/** known remembers what worked on this device, and goes on. */
function known(): Promise<void> {
	once = async () => {};
	keep(localStorage, MAIL, email);
	keep(localStorage, LAST, "site");
	return complete();
}

onSubmit(form("login"), (data) => login(data));
onSubmit(form("second"), (data) => once(data["code"] ?? ""));

let codeFor = "";
for (const b of document.querySelectorAll<HTMLElement>("[data-magic]"))
	press(b, async () => {
		const r = await call<{ id?: string }>("POST", sitePath("magic-link"), { email });
		if (!r.body.id) return say(why(r));
		codeFor = r.body.id;
		step("link");
	});
async function typedCode(digits: string, code = ""): Promise<void> {
	const r = await call("POST", "/auth/code", { id: codeFor, code: digits, second: code });
	if (r.status === 200) return known();
	if (!second(r, code, (c) => typedCode(digits, c))) refuse(form("code"), r, "code");
}

onSubmit(form("code"), (data) => typedCode((data["code"] ?? "").replace(/\D/g, "")));
byId<HTMLInputElement>("c1").addEventListener("input", (e) => {
	const input = e.target as HTMLInputElement;
	if (input.value.replace(/\D/g, "").length === 6) input.form?.requestSubmit();
});

let asking: AbortController | null = null;
if (possible()) {
	for (const b of document.querySelectorAll<HTMLElement>("[data-passkey]")) {
		b.hidden = false;
		b.addEventListener("click", async () => {
			asking?.abort();
			asking = new AbortController();
			step("passkey");
			const r = await ask(asking.signal);
			if (r === null) return step("login");
			if (r.status === 200) return known();
			step("login");
			say(why(r));
		});
	}
}
byId("passkey-stop").addEventListener("click", () => asking?.abort());
onSubmit(form("register"), async (data) => {
	const r = await call("POST", sitePath("register"), data);
	if (r.status === 202) return step("sent");
	if (r.body.errors?.[0]?.field === "email") {
		step("choose");
		return refuse(form("address"), r);
	}
	refuse(form("register"), r);
});
onSubmit(form("reset"), async (data) => {
	email = data["email"] ?? "";
	const r = await call("POST", sitePath("password-reset"), data);
	if (r.status === 202) step("sent");
	else refuse(form("reset"), r);
});
onSubmit(form("introduce"), async (data) => {
	const r = await call("POST", "/auth/introduce", {
		name: data["name"],
		picture: data["picture"] === "on",
		mail_replies: data["mail_replies"] === "on",
	});
	if (r.status === 200) {
		keep(localStorage, LAST, meta.way ?? "");
		return finish();
	}
	if (r.status === 404) return step("expired");
	refuse(form("introduce"), r, "name");
});
press(byId("resend"), async () => {
	const r = await call("POST", sitePath("verification"), { email });
	if (r.status === 202) step("sent");
	else say(why(r));
});
press(byId("continue"), () => go());
press(byId("other"), async () => {
	await call("POST", "/auth/end", {});
	if (meta.way && meta.label && meta.ways.some((w) => w.id === meta.way && w.kind === "provider"))
		return leave(meta.way, meta.label);
	step("choose");
});
for (const b of document.querySelectorAll<HTMLElement>("[data-go]"))
	b.addEventListener("click", () => step(b.dataset["go"] ?? "choose"));
for (const b of document.querySelectorAll<HTMLElement>("[data-again]")) press(b, () => leave(meta.way ?? "", meta.label ?? ""));
eyes();
meter();
providers();
name(meta.label ?? t("the_provider"));

function newcomer(p: Person): void {
	const label = meta.label ?? t("the_provider");
	byId<HTMLInputElement>("n2").value = p.name;
	byId("told").textContent = t(p.picture ? "told_both" : "told_name", { name: label });
	byId("photo-row").hidden = !p.picture;
	byId("photo").textContent = t("use_photo", { name: label });
	byId("mail-row").hidden = !p.mail;
	step("name");
}

/** sso goes to the site's own log-in page, which leads back with a token. */
async function sso(to: string): Promise<void> {
	step("away");
	byId("away").textContent = t("going_site");
	await meeting;
	if (meta.return) keep(sessionStorage, `${TXN}-return`, meta.return);
	const back = `${location.origin}/auth/sso?site=${encodeURIComponent(meta.site ?? "")}`;
	const url = new URL(to);
	url.searchParams.set("return", back);
	location.assign(url.href);
}

/** signed takes the token that the site's page brought. It counts only in a window that asked for it. */
async function signed(): Promise<void> {
	const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
	history.replaceState(null, "", location.pathname);
	txn = keep(sessionStorage, TXN);
	meta.return = keep(sessionStorage, `${TXN}-return`);
	if (!txn || !token) return step("expired");
	const r = await call("POST", "/auth/sso", { site: meta.site, token });
	if (r.status !== 200) {
		step("failed");
		byId("failed").textContent = t("site_failed");
		for (const b of document.querySelectorAll<HTMLElement>('[data-step="failed"] button')) b.hidden = true;
		return;
	}
	await complete();
}

if (meta.step === "sso") void signed();
else if (meta.step === "magic") {
	const token = ticket();
	step("magic");
	const use = async (code = ""): Promise<void> => {
		const r = await call<{ name?: string; here?: boolean }>("POST", "/auth/magic", { token, second: code });
		if (r.status !== 200) {
			if (second(r, code, use)) return;
			return say(r.status === 401 ? t("link_used") : why(r));
		}
		byId("done-text").textContent = t(r.body.here ? "magic_here" : "magic_there");
		step("done");
	};
	press(byId("magic"), () => use());
} else if (meta.step === "email") {
	const token = ticket();
	step("email");
	press(byId("email-confirm"), async () => {
		const r = await call("POST", "/auth/email", { token });
		if (r.status !== 204) return say(r.status === 404 ? t("link_used") : why(r));
		byId("done-title").textContent = t("address_done");
		byId("done-text").textContent = t("close_page");
		step("done");
	});
} else if (meta.step === "verify" || meta.step === "reset") {
	const token = ticket();
	if (meta.step === "verify") {
		step("verify");
		press(byId("verify"), async () => {
			const r = await call<{ name?: string }>("POST", "/auth/verify", { token });
			if (r.status !== 200) return say(r.status === 404 ? t("link_used") : why(r));
			byId("done-title").textContent = t("verified_head");
			byId("done-text").textContent = t("verified_lead", { name: r.body.name ?? "" });
			step("done");
		});
	} else {
		step("newpassword");
		onSubmit(form("newpassword"), async (data) => {
			const r = await call("POST", "/auth/reset", { token, ...data });
			if (r.status !== 204) return refuse(form("newpassword"), r, "password");
			byId("done-title").textContent = t("saved_head");
			byId("done-text").textContent = t("saved_lead");
			step("done");
		});
	}
} else if (meta.step) {
	txn = keep(sessionStorage, TXN); // we have been away at the provider
	if (meta.step === "done") {
		keep(localStorage, LAST, meta.way ?? "");
		finish();
	} else if (meta.step === "name" && meta.newcomer) newcomer(meta.newcomer);
	else step(meta.step);
} else if (meta.challenge && !came()) step("expired");
else {
	meeting = meet();
	const provider = meta.ways.find((w) => w.id === meta.way && w.kind === "provider");
	if (!window.opener && !meta.challenge) step("cut");
	else if (meta.user) {
		byId("continue").textContent = t("continue_as", { name: meta.user.name });
		step("continue");
	} else if (meta.challenge && provider) confirmed(provider.label, () => leave(provider.id, provider.label));
	else if (meta.challenge && meta.way === "sso" && meta.sso) {
		const to = meta.sso;
		confirmed(meta.label ?? "", () => sso(to));
	} else if (provider) void leave(provider.id, provider.label);
	else if (meta.way === "sso" && meta.sso) void sso(meta.sso);
	else step("choose");
}
