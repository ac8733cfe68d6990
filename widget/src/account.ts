import type { Way } from "./api/shapes.ts";
import { ask, make, possible } from "./own/passkey.ts";
import { type Answer, call, onSubmit, press, meta as read, refuse, speak, why } from "./own/page.ts";
import { fill, h } from "./view/h.ts";

/**
 * The account's own page: profile, ways to sign in, sessions, tokens, export
 * and erasure. A first-party document; a widget can do none of this.
 */
interface Meta {
	signed: boolean;
	login: string;
	ways: Way[];
	identity: string;
}

interface Account {
	id: string;
	name: string;
	email: string;
	avatar_url: string;
	lang: string;
	mail_replies: "now" | "daily" | "off";
	password: boolean;
	second_factor: boolean;
	erase_at: string | null;
	fresh: boolean;
	identities: { provider: string; label: string; name: string; created_at: string; used_at: string }[];
	passkeys: { id: string; name: string; created_at: string; used_at: string | null }[];
	sites: { site: string; name: string; role: string; comments: number }[];
}

interface Session {
	id: string;
	kind: string;
	current: boolean;
	site: string;
	agent: string;
	name: string;
	scopes: string[];
	created_at: string;
	used_at: string;
	expires_at: string;
}

const SIDE = 512; // pixels of a picture that is sent; the server draws it smaller still
const QUALITY = 0.85;

const meta = read<Meta>();
speak(
	(key, n) =>
		({
			no_answer: "The server didn’t answer. Try again.",
			too_many: `Too many tries. Try again in ${n} seconds.`,
			too_many_minutes: `Too many tries. Try again in ${n} minutes.`,
			failed: "That didn’t work. Try again.",
		})[key],
);
const main = document.getElementById("main") as HTMLElement;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const at = (iso: string) => when.format(new Date(iso));

let me: Account;
let sessions: Session[] = [];
let tokens: Session[] = [];
let said: { text: string; kind: string } | null = null;
let shown: HTMLElement | null = null; // a secret that is shown once

async function load(): Promise<boolean> {
	const [a, s, t] = await Promise.all([
		call<Account>("GET", "/api/v1/me/account"),
		call<{ sessions: Session[] }>("GET", "/api/v1/me/sessions"),
		call<{ tokens: Session[] }>("GET", "/api/v1/me/tokens"),
	]);
	if (a.status === 401) return false;
	if (a.status !== 200 || s.status !== 200 || t.status !== 200) {
		fill(main, [h("p.note.bad", { role: "alert" }, why(a.status === 200 ? s : a))]);
		return false;
	}
	me = a.body;
	sessions = s.body.sessions;
	tokens = t.body.tokens;
	return true;
}

/** again draws the page anew after a change, and says what was done. */
async function again(text: string, kind = "ok"): Promise<void> {
	said = { text, kind };
	if (await load()) draw();
}

const button = (label: string, cls: string, act: () => Promise<void>): HTMLButtonElement => {
	const b = h(`button.btn.sm${cls}`, { type: "button" }, label);
	press(b, act);
	return b;
};

/** doing calls the server and either says so or says why not, asking who it is where that is needed. */
async function doing(method: string, path: string, body: object | Blob | undefined, done: string): Promise<boolean> {
	const r = await call(method, path, body);
	if (r.status >= 200 && r.status < 300) {
		await again(done);
		return true;
	}
	if (r.body.code === "proof") {
		prove(() => doing(method, path, body, done));
		return false;
	}
	await again(why(r), "bad");
	return false;
}

/** prove asks who it is, then does what was asked. */
function prove(then: () => unknown): void {
	const box = h("dialog.box", { "aria-labelledby": "prove-title" });
	const form = h(
		"form",
		{ novalidate: true },
		h("h1", { id: "prove-title" }, "Is it you?"),
		me.password
			? h(
					"div.field",
					{},
					h("label", { for: "prove-password" }, "Password"),
					h("input.inp", {
						id: "prove-password",
						name: "password",
						type: "password",
						autocomplete: "current-password",
						required: true,
					}),
				)
			: h("p.lead", {}, "Sign in again, then come back here: what you want to do needs a fresh proof."),
		me.second_factor &&
			h(
				"div.field",
				{},
				h("label", { for: "prove-code" }, "Code of your authenticator app"),
				h("input.inp", { id: "prove-code", name: "code", autocomplete: "one-time-code" }),
			),
		(me.password || me.second_factor) && h("button.btn.pri.full", {}, "Go on"),
	);
	const again = h(
		"div.acts",
		{},
		!me.password && signInAgain(),
		button("Cancel", "", async () => box.close()),
	);
	box.append(h("div.step", {}, form, again));
	box.addEventListener("close", () => box.remove());
	onSubmit(form, async (data) => {
		const r = await call("POST", "/api/v1/me/proof", data);
		if (r.status !== 204) return refuse(form, r, me.password ? "password" : "code");
		box.close();
		then();
	});
	document.body.append(box);
	box.showModal();
}

function signInAgain(): HTMLElement {
	return button("Sign in again", "", async () => {
		await call("POST", "/auth/end", {});
		location.reload();
	});
}

function card(title: string, sub: string, ...children: (Node | false | null)[]): HTMLElement {
	const id = `card-${title.toLowerCase().replace(/\W+/g, "-")}`;
	return h("section.card", { "aria-labelledby": id }, h("h2", { id }, title), sub ? h("p.sub", {}, sub) : null, ...children);
}

function field(label: string, name: string, attrs: Record<string, string | number | boolean>): HTMLElement {
	const id = `f-${name}`;
	return h("div.field", {}, h("label", { for: id }, label), h("input.inp", { id, name, ...attrs }));
}

function profile(): HTMLElement {
	const form = h(
		"form",
		{ novalidate: true },
		field("Display name", "name", { value: me.name, maxlength: 40, autocomplete: "nickname" }),
		h("div.acts", {}, h("button.btn.sm.pri", {}, "Save name")),
	);
	onSubmit(form, async (data) => {
		const r = await call("PATCH", "/api/v1/me", { name: data["name"] });
		if (r.status === 200) await again("Your name is saved.");
		else refuse(form, r, "name");
	});
	const file = h("input.sr", {
		type: "file",
		accept: "image/png,image/jpeg,image/gif,image/webp",
		id: "picture",
		tabindex: -1,
		"aria-label": "A picture",
	});
	file.addEventListener("change", async () => {
		const chosen = file.files?.[0];
		if (chosen) await picture(chosen);
	});
	const own = me.avatar_url.includes("/pictures/");
	return card(
		"Profile",
		"How readers see you beside your comments.",
		form,
		h(
			"div.acts",
			{},
			file,
			button(own ? "Change picture" : "Add a picture", "", async () => file.click()),
			own &&
				button(
					"Remove picture",
					".ghost",
					async () => void (await doing("DELETE", "/api/v1/me/picture", undefined, "Your picture is removed.")),
				),
		),
	);
}

/** picture makes the picture small in the browser, so that any photo fits. */
async function picture(chosen: File): Promise<void> {
	let blob: Blob | null = null;
	try {
		const bitmap = await createImageBitmap(chosen);
		const scale = Math.min(1, SIDE / Math.min(bitmap.width, bitmap.height));
		const canvas = h("canvas", {
			width: Math.round(bitmap.width * scale),
			height: Math.round(bitmap.height * scale),
		}) as HTMLCanvasElement;
		canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
		blob = await new Promise((done) => canvas.toBlob(done, chosen.type === "image/png" ? "image/png" : "image/jpeg", QUALITY));
	} catch {
		// not a picture that this browser knows
	}
	if (!blob) return again("That file is not a picture.", "bad");
	await doing("PUT", "/api/v1/me/picture", blob, "Your picture is saved.");
}

function choices(): HTMLElement {
	const often: [Account["mail_replies"], string][] = [
		["now", "At once"],
		["daily", "Once a day"],
		["off", "Never"],
	];
	const replies = h(
		"select.inp",
		{ id: "f-replies", disabled: !me.email },
		...often.map(([value, label]) => h("option", { value, selected: value === me.mail_replies }, label)),
	);
	replies.addEventListener("change", () => void doing("PATCH", "/api/v1/me", { mail_replies: replies.value }, "Saved."));
	const langs = [
		"",
		"en",
		"de",
		"fr",
		"es",
		"pt-BR",
		"it",
		"nl",
		"sv",
		"nb",
		"da",
		"fi",
		"pl",
		"cs",
		"ru",
		"uk",
		"tr",
		"ar",
		"he",
		"ja",
		"zh",
	];
	const name = (l: string) => (l ? (new Intl.DisplayNames([l], { type: "language" }).of(l) ?? l) : "As my browser says");
	const lang = h(
		"select.inp",
		{ id: "f-lang" },
		...langs.map((l) => h("option", { value: l, selected: l === me.lang }, name(l))),
	);
	lang.addEventListener("change", () => void doing("PATCH", "/api/v1/me", { lang: lang.value }, "Saved."));
	return card(
		"Language and mail",
		"",
		h("div.field", {}, h("label", { for: "f-lang" }, "Language"), lang),
		h(
			"div.field",
			{},
			h("label", { for: "f-replies" }, "Email me when someone replies"),
			replies,
			!me.email && h("p.hint", {}, "Add an address first."),
		),
	);
}

function entrances(): HTMLElement {
	const rows: HTMLElement[] = [];
	for (const i of me.identities)
		rows.push(
			h(
				"li",
				{},
				h("span.what", {}, h("b", {}, i.label), h("small", {}, `${i.name} · last used ${at(i.used_at)}`)),
				button(
					"Remove",
					".ghost",
					async () =>
						void (await doing(
							"DELETE",
							`/api/v1/me/identities/${encodeURIComponent(i.provider)}`,
							undefined,
							`${i.label} is removed.`,
						)),
				),
			),
		);
	for (const k of me.passkeys)
		rows.push(
			h(
				"li",
				{},
				h(
					"span.what",
					{},
					h("b", {}, "Passkey"),
					h("small", {}, `${k.name} · ${k.used_at ? `last used ${at(k.used_at)}` : `made ${at(k.created_at)}`}`),
				),
				button(
					"Remove",
					".ghost",
					async () => void (await doing("DELETE", `/api/v1/passkeys/${k.id}`, undefined, "The passkey is removed.")),
				),
			),
		);
	const acts: HTMLElement[] = [];
	if (possible()) acts.push(button("Add a passkey", "", addPasskey));
	for (const w of meta.ways.filter((w) => !me.identities.some((i) => i.provider === w.id)))
		acts.push(button(`Add ${w.label}`, "", () => link(w)));
	return card(
		"Ways to sign in",
		"Each of these opens this account.",
		rows.length > 0 && h("ul.list", {}, ...rows),
		acts.length > 0 && h("div.acts", {}, ...acts),
	);
}

async function addPasskey(): Promise<void> {
	const r = await make();
	if (r === null) return;
	if (r.status === 201) return again("The passkey is added. Next time you sign in with it alone.");
	if (r.body.code === "proof") return prove(addPasskey);
	await again(why(r), "bad");
}

async function link(w: Way): Promise<void> {
	const r = await call<{ url?: string }>("POST", "/auth/link", { provider: w.id });
	if (r.body.url) {
		location.assign(r.body.url);
		return;
	}
	if (r.body.code === "proof") return prove(() => link(w));
	await again(why(r), "bad");
}

function address(): HTMLElement {
	const form = h(
		"form",
		{ novalidate: true },
		field(me.email ? "New address" : "Address", "email", { type: "email", autocomplete: "email" }),
		h("div.acts", {}, h("button.btn.sm", {}, me.email ? "Change address" : "Add address")),
	);
	const send = async (data: Record<string, string>): Promise<void> => {
		const r = await call("POST", "/api/v1/me/email", data);
		if (r.status === 202) return again("We sent a link to that address. It is yours once you have opened it.");
		if (r.body.code === "proof") return prove(() => send(data));
		refuse(form, r, "email");
	};
	onSubmit(form, send);
	return card(
		"E-mail",
		me.email ? `${me.email}. Never shown to anybody.` : "None. With one you can sign in by a mailed link and hear of replies.",
		form,
	);
}

function password(): HTMLElement | null {
	if (!me.email) return null;
	const form = h(
		"form",
		{ novalidate: true },
		h("input", { type: "email", autocomplete: "username", value: me.email, hidden: true }),
		h(
			"div.two",
			{},
			me.password && field("Password now", "old", { type: "password", autocomplete: "current-password" }),
			field("New password", "new", { type: "password", autocomplete: "new-password", minlength: 8 }),
		),
		h("div.acts", {}, h("button.btn.sm", {}, me.password ? "Change password" : "Set a password")),
	);
	const send = async (data: Record<string, string>): Promise<void> => {
		const r = await call("POST", "/api/v1/me/password", data);
		if (r.status === 204) return again("Your password is changed. Everywhere else you are signed out.");
		if (r.body.code === "proof") return prove(() => send(data));
		refuse(form, r, me.password ? "old" : "new");
	};
	onSubmit(form, send);
	return card(
		"Password",
		me.password ? "8 characters or more; spaces are fine." : "You have none. You can sign in without one.",
		form,
	);
}

function second(): HTMLElement {
	if (me.second_factor)
		return card(
			"Second factor",
			"On: your password alone opens nothing.",
			h(
				"div.acts",
				{},
				button(
					"Switch off",
					".ghost",
					async () => void (await doing("DELETE", "/api/v1/me/second-factor", undefined, "The second factor is off.")),
				),
			),
		);
	const begin = async (): Promise<void> => {
		const r = await call<{ secret?: string; uri?: string; ticket?: string }>("POST", "/api/v1/me/second-factor", {});
		if (r.body.code === "proof") return prove(begin);
		if (!r.body.secret) return again(why(r), "bad");
		const form = h(
			"form",
			{ novalidate: true },
			field("Code that the app shows", "code", { autocomplete: "one-time-code", inputmode: "numeric", maxlength: 7 }),
			h("div.acts", {}, h("button.btn.sm.pri", {}, "Switch on")),
		);
		onSubmit(form, async (data) => {
			const done = await call<{ recovery_codes?: string[] }>("PUT", "/api/v1/me/second-factor", {
				ticket: r.body.ticket,
				code: data["code"],
			});
			if (!done.body.recovery_codes) return refuse(form, done, "code");
			shown = h(
				"div.note.warn",
				{},
				"Keep these recovery codes. Each opens the account once, if you lose the app. They are not shown again.",
				h("p.secret", {}, done.body.recovery_codes.join("  ")),
			);
			await again("The second factor is on.");
		});
		const box = document.getElementById("second-box");
		if (box)
			fill(box, [
				h("p", {}, "Add this to your authenticator app: ", h("a", { href: r.body.uri ?? "" }, "open it"), ", or type the key:"),
				h("p.secret", {}, r.body.secret.replace(/(.{4})/g, "$1 ").trim()),
				form,
			]);
		form.querySelector("input")?.focus();
	};
	return card(
		"Second factor",
		"A code of an authenticator app beside your password. A passkey needs none.",
		h("div.choices", { id: "second-box" }, h("div.acts", {}, button("Set up", "", begin))),
	);
}

function places(): HTMLElement {
	const what = (s: Session) =>
		s.kind === "account" ? s.agent : s.kind === "widget" ? `${s.agent} · comments on ${s.site}` : "A program";
	const rows = sessions.map((s) =>
		h(
			"li",
			{},
			h(
				"span.what",
				{},
				h("b", {}, what(s) || "An older session"),
				h("small", {}, `since ${at(s.created_at)} · last used ${at(s.used_at)}`),
			),
			s.current
				? h("span.tag", {}, "This one")
				: button(
						"Sign out there",
						".ghost",
						async () => void (await doing("DELETE", `/api/v1/me/sessions/${s.id}`, undefined, "Signed out there.")),
					),
		),
	);
	return card(
		"Where you are signed in",
		"",
		h("ul.list", {}, ...rows),
		sessions.length > 1 &&
			h(
				"div.acts",
				{},
				button(
					"Sign out everywhere else",
					"",
					async () => void (await doing("DELETE", "/api/v1/me/sessions", undefined, "You are signed out everywhere else.")),
				),
			),
	);
}

function programs(): HTMLElement {
	const rows = tokens.map((t) =>
		h(
			"li",
			{},
			h(
				"span.what",
				{},
				h("b", {}, t.name || "Made by command"),
				h(
					"small",
					{},
					`${t.scopes.join(", ") || "everything"}${t.site ? ` on ${t.site}` : ""} · last used ${at(t.used_at)} · until ${day.format(new Date(t.expires_at))}`,
				),
			),
			button(
				"Revoke",
				".ghost",
				async () => void (await doing("DELETE", `/api/v1/me/tokens/${t.id}`, undefined, "The token is revoked.")),
			),
		),
	);
	const scope = h(
		"select.inp",
		{ id: "f-scope", name: "scope" },
		...["read", "write", "moderate", "admin"].map((s) => h("option", { value: s }, s)),
	);
	const site = h(
		"select.inp",
		{ id: "f-site", name: "site" },
		h("option", { value: "" }, "All my sites"),
		...me.sites.map((s) => h("option", { value: s.site }, s.name)),
	);
	const form = h(
		"form",
		{ novalidate: true },
		field("Name", "name", { maxlength: 60, placeholder: "Backup script" }),
		h(
			"div.two",
			{},
			h("div.field", {}, h("label", { for: "f-scope" }, "How far it reaches"), scope),
			h("div.field", {}, h("label", { for: "f-site" }, "Where"), site),
		),
		h("div.acts", {}, h("button.btn.sm", {}, "Make a token")),
	);
	const send = async (data: Record<string, string>): Promise<void> => {
		const r = await call<{ token?: string }>("POST", "/api/v1/me/tokens", {
			name: data["name"],
			scopes: [data["scope"]],
			site: data["site"],
		});
		if (r.body.token) {
			shown = h("div.note.warn", {}, "Copy the token now. It is not shown again.", h("p.secret", {}, r.body.token));
			return again("The token is made.");
		}
		if (r.body.code === "proof") return prove(() => send(data));
		refuse(form, r, "name");
	};
	onSubmit(form, send);
	return card("API tokens", "For programs that act in your name.", rows.length > 0 && h("ul.list", {}, ...rows), form);
}

function rights(): HTMLElement {
	const save = button("Download everything", "", async () => {
		const res = await fetch("/api/v1/me/export", { headers: { "X-Parley": "1" } });
		if (!res.ok) return again("That didn’t work. Try again later.", "bad");
		const a = h("a", {
			href: URL.createObjectURL(await res.blob()),
			download: /filename="([^"]+)"/.exec(res.headers.get("content-disposition") ?? "")?.[1] ?? "parley.zip",
		}) as HTMLAnchorElement;
		a.click();
		setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
	});
	return card("Your data", "All that is kept about you, as one ZIP: to read, and for programs.", h("div.acts", {}, save));
}

function erase(): HTMLElement {
	if (me.erase_at)
		return card(
			"Delete the account",
			`It will be deleted on ${at(me.erase_at)}. Until then you can think again.`,
			h(
				"div.acts",
				{},
				button("Keep my account", ".pri", async () => void (await doing("POST", "/api/v1/me/keep", {}, "Your account stays."))),
			),
		);
	const choice = (value: string, title: string, note: string, on: boolean) =>
		h(
			"label.check",
			{},
			h("input.chk", { type: "radio", name: "text", value, checked: on }),
			h("span", {}, title, h("br"), h("small.hint", {}, note)),
		);
	const form = h(
		"form",
		{ novalidate: true },
		h(
			"fieldset.choices",
			{},
			h("legend.sr", {}, "What becomes of your comments"),
			choice("keep", "Keep my comments, without my name", "They stay as by “Deleted account”.", true),
			choice("remove", "Remove my comments too", "Where somebody has answered, an empty place stays.", false),
		),
		h("div.acts", {}, h("button.btn.sm.bad", {}, "Delete my account")),
	);
	onSubmit(
		form,
		async (data) =>
			void (await doing("DELETE", "/api/v1/me", { text: data["text"] }, "Your account will be deleted in 24 hours.")),
	);
	return card("Delete the account", "It takes effect after 24 hours, on every site.", form);
}

const linked: Record<string, [string, string]> = {
	done: ["It is added.", "ok"],
	denied: ["That was cancelled. Nothing has changed.", "bad"],
	failed: ["The provider didn’t answer as it should. Nothing has changed.", "bad"],
	taken: ["That identity belongs to another account already.", "bad"],
};

function draw(): void {
	const note = said;
	const secret = shown;
	said = null;
	shown = null;
	const out = button("Sign out", "", async () => {
		await call("POST", "/auth/end", {});
		location.reload();
	});
	fill(main, [
		h(
			"header.top",
			{},
			h("img.pic", { src: me.avatar_url, alt: "", width: 64, height: 64 }),
			h("h1", {}, h("bdi", {}, me.name)),
			out,
		),
		h("div", { role: "status" }, note && h(`p.note.${note.kind}`, {}, note.text)),
		secret,
		profile(),
		choices(),
		address(),
		entrances(),
		password(),
		second(),
		places(),
		programs(),
		rights(),
		erase(),
	]);
	if (note) main.querySelector<HTMLElement>('[role="status"]')?.scrollIntoView({ block: "nearest" });
}

function signedOut(): void {
	const form = h(
		"form",
		{ novalidate: true },
		h(
			"div.field",
			{},
			h("label", { for: "l-email" }, "Email"),
			h("input.inp", { id: "l-email", name: "email", type: "email", autocomplete: "username" }),
		),
		h(
			"div.field",
			{},
			h("label", { for: "l-password" }, "Password"),
			h("input.inp", { id: "l-password", name: "password", type: "password", autocomplete: "current-password" }),
		),
		h(
			"div.field",
			{ hidden: true, id: "l-second" },
			h("label", { for: "l-code" }, "Code of your authenticator app"),
			h("input.inp", { id: "l-code", name: "code", autocomplete: "one-time-code" }),
		),
		h("button.btn.pri.full", {}, "Sign in"),
	);
	onSubmit(form, async (data) => {
		const r: Answer<object> = await call("POST", `/api/v1/sites/${encodeURIComponent(meta.login)}/login`, {
			...data,
			session: "cookie",
		});
		if (r.status === 200) location.reload();
		else if (r.body.code === "second_factor") {
			const box = document.getElementById("l-second") as HTMLElement;
			box.hidden = false;
			box.querySelector("input")?.focus();
		} else refuse(form, r, "password");
	});
	const ways = meta.ways.map((w) =>
		button(`Continue with ${w.label}`, ".full", async () => {
			const r = await call<{ url?: string }>("POST", "/auth/login", {
				site: meta.login,
				origin: location.origin,
				provider: w.id,
				txn: "",
				return: `${location.origin}/account`,
			});
			if (r.body.url) location.assign(r.body.url);
			else refuse(form, r);
		}),
	);
	const mail = button("Email me a sign-in link", ".ghost", async () => {
		const email = form.querySelector<HTMLInputElement>('input[name="email"]')?.value ?? "";
		const r = await call("POST", `/api/v1/sites/${encodeURIComponent(meta.login)}/magic-link`, { email });
		if (r.status === 202)
			fill(note, ["If that address has an account, a link is on its way. Open it in this browser, then come back here."]);
		else refuse(form, r, "email");
	});
	const note = h("p.note.ok", { role: "status" });
	if (possible())
		ways.unshift(
			button("Use your passkey", ".full", async () => {
				const r = await ask(new AbortController().signal);
				if (r?.status === 200) location.reload();
				else if (r) refuse(form, r);
			}),
		);
	fill(main, [
		h(
			"section.card",
			{},
			h("h1", {}, "Your account"),
			h("p.sub", {}, "Sign in to look after your profile and your rights."),
			...ways,
			ways.length > 0 && h("div.or", {}, "or"),
			form,
			mail,
			note,
		),
	]);
}

if (!meta.signed) signedOut();
else {
	const how = linked[meta.identity];
	if (how) said = { text: how[0], kind: how[1] };
	if (meta.identity || location.hash) history.replaceState(null, "", location.pathname);
	void load().then((ok) => {
		if (ok) draw();
		else if (!main.firstElementChild || main.querySelector("noscript")) signedOut();
	});
}
