import en from "../../static/i18n/en/account.json";
import type { Way } from "./api/shapes.ts";
import { Words } from "./i18n/catalogue.ts";
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
	mail_replies: "now" | "hourly" | "daily" | "off";
	password: boolean;
	second_factor: boolean;
	erase_at: string | null;
	fresh: boolean;
	identities: { provider: string; label: string; name: string; created_at: string; used_at: string }[];
	passkeys: { id: string; name: string; created_at: string; used_at: string | null }[];
	sites: {
		site: string;
		name: string;
		role: string;
		comments: number;
		warnings: { id: string; text: string; created_at: string }[];
	}[];
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
const words = new Words(en, "");
await words.fetch("", "account");
const tr: typeof words.t = (key, values) => words.t(key, values);
speak((key, n) => tr(key, { n }));
const main = document.getElementById("main") as HTMLElement;
const when = new Intl.DateTimeFormat(words.lang, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(words.lang, { dateStyle: "medium" });
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
		h("h1", { id: "prove-title" }, tr("is_it_you")),
		me.password
			? h(
					"div.field",
					{},
					h("label", { for: "prove-password" }, tr("password")),
					h("input.inp", {
						id: "prove-password",
						name: "password",
						type: "password",
						autocomplete: "current-password",
						required: true,
					}),
				)
			: h("p.lead", {}, tr("sign_in_again_then_come")),
		me.second_factor &&
			h(
				"div.field",
				{},
				h("label", { for: "prove-code" }, tr("code_of_your_authenticator_app")),
				h("input.inp", { id: "prove-code", name: "code", autocomplete: "one-time-code" }),
			),
		(me.password || me.second_factor) && h("button.btn.pri.full", {}, tr("go_on")),
	);
	const again = h(
		"div.acts",
		{},
		(!me.password || me.passkeys.length > 0) && signInAgain(),
		button(tr("cancel"), "", async () => box.close()),
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
	return button(tr("sign_in_again"), "", async () => {
		await call("POST", "/auth/end", {});
		location.reload();
	});
}

/** warnings are what moderators want read before the person comments again. */
function warnings(): HTMLElement[] {
	return me.sites.flatMap((s) =>
		s.warnings.map((w) =>
			card(
				tr("warned", { site: s.name }),
				tr("warned_lead"),
				h("p.note.warn", { dir: "auto" }, w.text),
				h(
					"div.acts",
					{},
					button(
						tr("warned_yes"),
						".pri",
						async () =>
							void (await doing(
								"PUT",
								`/api/v1/sites/${encodeURIComponent(s.site)}/warnings/${w.id}/seen`,
								undefined,
								tr("warned_done"),
							)),
					),
				),
			),
		),
	);
}

let cards = 0;

function card(title: string, sub: string, ...children: (Node | false | null)[]): HTMLElement {
	const id = `card-${++cards}`;
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
		field(tr("display_name"), "name", { value: me.name, maxlength: 40, autocomplete: "nickname" }),
		h("div.acts", {}, h("button.btn.sm.pri", {}, tr("save_name"))),
	);
	onSubmit(form, async (data) => {
		const r = await call("PATCH", "/api/v1/me", { name: data["name"] });
		if (r.status === 200) await again(tr("your_name_is_saved"));
		else refuse(form, r, "name");
	});
	const file = h("input.sr", {
		type: "file",
		accept: "image/png,image/jpeg,image/gif,image/webp",
		id: "picture",
		tabindex: -1,
		"aria-label": tr("a_picture"),
	});
	file.addEventListener("change", async () => {
		const chosen = file.files?.[0];
		if (chosen) await picture(chosen);
	});
	const own = me.avatar_url.includes("/pictures/");
	return card(
		tr("profile"),
		tr("how_readers_see_you_beside"),
		form,
		h(
			"div.acts",
			{},
			file,
			button(own ? tr("change_picture") : tr("add_a_picture"), "", async () => file.click()),
			own &&
				button(
					tr("remove_picture"),
					".ghost",
					async () => void (await doing("DELETE", "/api/v1/me/picture", undefined, tr("your_picture_is_removed"))),
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
	if (!blob) return again(tr("that_file_is_not_a"), "bad");
	await doing("PUT", "/api/v1/me/picture", blob, tr("your_picture_is_saved"));
}

function choices(): HTMLElement {
	const often: [Account["mail_replies"], string][] = [
		["now", tr("at_once")],
		["hourly", tr("once_an_hour")],
		["daily", tr("once_a_day")],
		["off", tr("never")],
	];
	const replies = h(
		"select.inp",
		{ id: "f-replies", disabled: !me.email },
		...often.map(([value, label]) => h("option", { value, selected: value === me.mail_replies }, label)),
	);
	replies.addEventListener("change", () => void doing("PATCH", "/api/v1/me", { mail_replies: replies.value }, tr("saved")));
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
	const name = (l: string) => (l ? (new Intl.DisplayNames([l], { type: "language" }).of(l) ?? l) : tr("as_my_browser_says"));
	const lang = h(
		"select.inp",
		{ id: "f-lang" },
		...langs.map((l) => h("option", { value: l, selected: l === me.lang }, name(l))),
	);
	lang.addEventListener("change", () => void doing("PATCH", "/api/v1/me", { lang: lang.value }, tr("saved")));
	return card(
		tr("language_and_mail"),
		"",
		h("div.field", {}, h("label", { for: "f-lang" }, tr("language")), lang),
		h(
			"div.field",
			{},
			h("label", { for: "f-replies" }, tr("email_me_when_someone_replies")),
			replies,
			!me.email && h("p.hint", {}, tr("add_an_address_first")),
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
				h("span.what", {}, h("b", {}, i.label), h("small", {}, tr("used_by", { name: i.name, at: at(i.used_at) }))),
				button(
					tr("remove"),
					".ghost",
					async () =>
						void (await doing(
							"DELETE",
							`/api/v1/me/identities/${encodeURIComponent(i.provider)}`,
							undefined,
							tr("is_removed", { name: i.label }),
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
					h("b", {}, tr("passkey")),
					h(
						"small",
						{},
						`${k.name} · ${k.used_at ? tr("last_used", { at: at(k.used_at) }) : tr("made", { at: at(k.created_at) })}`,
					),
				),
				button(
					tr("remove"),
					".ghost",
					async () => void (await doing("DELETE", `/api/v1/passkeys/${k.id}`, undefined, tr("the_passkey_is_removed"))),
				),
			),
		);
	const acts: HTMLElement[] = [];
	if (possible()) acts.push(button(tr("add_a_passkey"), "", addPasskey));
	for (const w of meta.ways.filter((w) => !me.identities.some((i) => i.provider === w.id)))
		acts.push(button(tr("add", { name: w.label }), "", () => link(w)));
	return card(
		tr("ways_to_sign_in"),
		tr("each_of_these_opens_this"),
		rows.length > 0 && h("ul.list", {}, ...rows),
		acts.length > 0 && h("div.acts", {}, ...acts),
	);
}

async function addPasskey(): Promise<void> {
	const r = await make();
	if (r === null) return;
	if (r.status === 201) return again(tr("the_passkey_is_added_next"));
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
		field(me.email ? tr("new_address") : tr("address"), "email", { type: "email", autocomplete: "email" }),
		h("div.acts", {}, h("button.btn.sm", {}, me.email ? tr("change_address") : tr("add_address"))),
	);
	const send = async (data: Record<string, string>): Promise<void> => {
		const r = await call("POST", "/api/v1/me/email", data);
		if (r.status === 202) return again(tr("we_sent_a_link_to"));
		if (r.body.code === "proof") return prove(() => send(data));
		refuse(form, r, "email");
	};
	onSubmit(form, send);
	return card(tr("e_mail"), me.email ? tr("address_is", { email: me.email }) : tr("none_with_one_you_can"), form);
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
			me.password && field(tr("password_now"), "old", { type: "password", autocomplete: "current-password" }),
			field(tr("new_password"), "new", { type: "password", autocomplete: "new-password", minlength: 8 }),
		),
		h("div.acts", {}, h("button.btn.sm", {}, me.password ? tr("change_password") : tr("set_a_password"))),
	);
	const send = async (data: Record<string, string>): Promise<void> => {
		const r = await call("POST", "/api/v1/me/password", data);
		if (r.status === 204) return again(tr("your_password_is_changed_everywhere"));
		if (r.body.code === "proof") return prove(() => send(data));
		refuse(form, r, me.password ? "old" : "new");
	};
	onSubmit(form, send);
	return card(tr("password"), me.password ? tr("8_characters_or_more_spaces") : tr("you_have_none_you_can"), form);
}

function second(): HTMLElement {
	if (me.second_factor)
		return card(
			tr("second_factor"),
			tr("on_your_password_alone_opens"),
			h(
				"div.acts",
				{},
				button(
					tr("switch_off"),
					".ghost",
					async () => void (await doing("DELETE", "/api/v1/me/second-factor", undefined, tr("the_second_factor_is_off"))),
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
			field(tr("code_that_the_app_shows"), "code", { autocomplete: "one-time-code", inputmode: "numeric", maxlength: 7 }),
			h("div.acts", {}, h("button.btn.sm.pri", {}, tr("switch_on"))),
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
				tr("keep_these_recovery_codes_each"),
				h("p.secret", {}, done.body.recovery_codes.join("  ")),
			);
			await again(tr("the_second_factor_is_on"));
		});
		const box = document.getElementById("second-box");
		if (box)
			fill(box, [
				h(
					"p",
					{},
					tr("add_this_to_your_authenticator"),
					h("a", { href: r.body.uri ?? "" }, tr("open_it")),
					tr("or_type_the_key"),
				),
				h("p.secret", {}, r.body.secret.replace(/(.{4})/g, "$1 ").trim()),
				form,
			]);
		form.querySelector("input")?.focus();
	};
	return card(
		tr("second_factor"),
		tr("a_code_of_an_authenticator"),
		h("div.choices", { id: "second-box" }, h("div.acts", {}, button(tr("set_up"), "", begin))),
	);
}

function places(): HTMLElement {
	const what = (s: Session) =>
		s.kind === "account" ? s.agent : s.kind === "widget" ? tr("comments_on", { agent: s.agent, site: s.site }) : tr("a_program");
	const rows = sessions.map((s) =>
		h(
			"li",
			{},
			h(
				"span.what",
				{},
				h("b", {}, what(s) || tr("an_older_session")),
				h("small", {}, tr("since", { since: at(s.created_at), at: at(s.used_at) })),
			),
			s.current
				? h("span.tag", {}, tr("this_one"))
				: button(
						tr("sign_out_there"),
						".ghost",
						async () => void (await doing("DELETE", `/api/v1/me/sessions/${s.id}`, undefined, tr("signed_out_there"))),
					),
		),
	);
	return card(
		tr("where_you_are_signed_in"),
		"",
		h("ul.list", {}, ...rows),
		sessions.length > 1 &&
			h(
				"div.acts",
				{},
				button(
					tr("sign_out_everywhere_else"),
					"",
					async () => void (await doing("DELETE", "/api/v1/me/sessions", undefined, tr("you_are_signed_out_everywhere"))),
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
				h("b", {}, t.name || tr("made_by_command")),
				h(
					"small",
					{},
					tr("token_line", {
						scopes: t.scopes.join(", ") || tr("everything"),
						where: t.site || tr("all_my_sites"),
						at: at(t.used_at),
						until: day.format(new Date(t.expires_at)),
					}),
				),
			),
			button(
				tr("revoke"),
				".ghost",
				async () => void (await doing("DELETE", `/api/v1/me/tokens/${t.id}`, undefined, tr("the_token_is_revoked"))),
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
		h("option", { value: "" }, tr("all_my_sites")),
		...me.sites.map((s) => h("option", { value: s.site }, s.name)),
	);
	const form = h(
		"form",
		{ novalidate: true },
		field(tr("name"), "name", { maxlength: 60, placeholder: tr("backup_script") }),
		h(
			"div.two",
			{},
			h("div.field", {}, h("label", { for: "f-scope" }, tr("how_far_it_reaches")), scope),
			h("div.field", {}, h("label", { for: "f-site" }, tr("where")), site),
		),
		h("div.acts", {}, h("button.btn.sm", {}, tr("make_a_token"))),
	);
	const send = async (data: Record<string, string>): Promise<void> => {
		const r = await call<{ token?: string }>("POST", "/api/v1/me/tokens", {
			name: data["name"],
			scopes: [data["scope"]],
			site: data["site"],
		});
		if (r.body.token) {
			shown = h("div.note.warn", {}, tr("copy_the_token_now_it"), h("p.secret", {}, r.body.token));
			return again(tr("the_token_is_made"));
		}
		if (r.body.code === "proof") return prove(() => send(data));
		refuse(form, r, "name");
	};
	onSubmit(form, send);
	return card(tr("api_tokens"), tr("for_programs_that_act_in"), rows.length > 0 && h("ul.list", {}, ...rows), form);
}

function rights(): HTMLElement {
	const save = button(tr("download_everything"), "", async () => {
		const res = await fetch("/api/v1/me/export", { headers: { "X-Parley": "1" } });
		if (!res.ok) return again(tr("that_didnt_work_try_again"), "bad");
		const a = h("a", {
			href: URL.createObjectURL(await res.blob()),
			download: /filename="([^"]+)"/.exec(res.headers.get("content-disposition") ?? "")?.[1] ?? "parley.zip",
		}) as HTMLAnchorElement;
		a.click();
		setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
	});
	return card(tr("your_data"), tr("all_that_is_kept_about"), h("div.acts", {}, save));
}

function erase(): HTMLElement {
	if (me.erase_at)
		return card(
			tr("delete_the_account"),
			tr("erase_on", { at: at(me.erase_at) }),
			h(
				"div.acts",
				{},
				button(
					tr("keep_my_account"),
					".pri",
					async () => void (await doing("POST", "/api/v1/me/keep", {}, tr("your_account_stays"))),
				),
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
			h("legend.sr", {}, tr("what_becomes_of_your_comments")),
			choice("keep", tr("keep_my_comments_without_my"), tr("they_stay_as_by_deleted"), true),
			choice("remove", tr("remove_my_comments_too"), tr("where_somebody_has_answered_an"), false),
		),
		h("div.acts", {}, h("button.btn.sm.bad", {}, tr("delete_my_account"))),
	);
	onSubmit(
		form,
		async (data) => void (await doing("DELETE", "/api/v1/me", { text: data["text"] }, tr("your_account_will_be_deleted"))),
	);
	return card(tr("delete_the_account"), tr("it_takes_effect_after_24"), form);
}

const linked: Record<string, [string, string]> = {
	done: [tr("it_is_added"), "ok"],
	denied: [tr("that_was_cancelled_nothing_has"), "bad"],
	failed: [tr("the_provider_didnt_answer_as"), "bad"],
	taken: [tr("that_identity_belongs_to_another"), "bad"],
};

function draw(): void {
	const note = said;
	const secret = shown;
	said = null;
	shown = null;
	const out = button(tr("sign_out"), "", async () => {
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
		...warnings(),
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
			h("label", { for: "l-email" }, tr("email")),
			h("input.inp", { id: "l-email", name: "email", type: "email", autocomplete: "username" }),
		),
		h(
			"div.field",
			{},
			h("label", { for: "l-password" }, tr("password")),
			h("input.inp", { id: "l-password", name: "password", type: "password", autocomplete: "current-password" }),
		),
		h(
			"div.field",
			{ hidden: true, id: "l-second" },
			h("label", { for: "l-code" }, tr("code_of_your_authenticator_app")),
			h("input.inp", { id: "l-code", name: "code", autocomplete: "one-time-code" }),
		),
		h("button.btn.pri.full", {}, tr("sign_in")),
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
		button(tr("continue_with", { name: w.label }), ".full", async () => {
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
	const mail = button(tr("email_me_a_sign_in"), ".ghost", async () => {
		const email = form.querySelector<HTMLInputElement>('input[name="email"]')?.value ?? "";
		const r = await call("POST", `/api/v1/sites/${encodeURIComponent(meta.login)}/magic-link`, { email });
		if (r.status === 202) fill(note, [tr("if_that_address_has_an")]);
		else refuse(form, r, "email");
	});
	const note = h("p.note.ok", { role: "status" });
	if (possible())
		ways.unshift(
			button(tr("use_your_passkey"), ".full", async () => {
				const r = await ask(new AbortController().signal);
				if (r?.status === 200) location.reload();
				else if (r) refuse(form, r);
			}),
		);
	fill(main, [
		h(
			"section.card",
			{},
			h("h1", {}, tr("your_account")),
			h("p.sub", {}, tr("sign_in_to_look_after")),
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
