import { fill, h } from "../view/h.ts";
import { type Answer, call, type Desk, t, words } from "./desk.ts";
import { confirm } from "./dialogs.ts";
import { type Field, field, refuse } from "./form.ts";
import { keeping } from "./focus.ts";
import { icon } from "./icons.ts";
import { proving } from "./prove.ts";

interface Health {
	state: "connected" | "failing";
	last_used_at: string | null;
	failed_at: string | null;
	failed_step: string;
	failure: string;
}

interface OwnWay extends Health {
	provider: string;
	client: string;
	issuer: string;
	label: string;
	team: string;
	key_id: string;
	callback_url: string;
	secret: { set: boolean };
}

interface KnownWay extends Health {
	provider: string;
	label: string;
	callback_url: string;
	instance: boolean;
}

const OIDC = "oidc-";
const marks: Readonly<Record<string, string>> = { facebook: "fb", google: "goog", apple: "appl", github: "gh" };

/** ways are the providers of a site: what is set up, how it does, and the forms that change it. */
export function ways(desk: Desk): HTMLElement {
	const root = h("div.stack", {}, h("p.hint", { role: "status" }, t("loading")));
	const load = async (at = "") => {
		const r = await call<{ ways: OwnWay[]; known: KnownWay[] }>("GET", desk.api("/settings/ways"));
		if (!r.body) return fill(root, [h("p.alert", {}, `${t("failed")} ${r.detail}`)]);
		const { ways: own, known } = r.body;
		const mine = (id: string) => own.find((w) => w.provider === id);
		const all: [KnownWay, OwnWay | undefined][] = [
			...known.map((k): [KnownWay, OwnWay | undefined] => [k, mine(k.provider)]),
			...own
				.filter((w) => !known.some((k) => k.provider === w.provider))
				.map((w): [KnownWay, OwnWay] => [{ ...w, instance: false }, w]),
		];
		const on = all.filter(([k, w]) => w || k.instance);
		const off = all.filter(([k, w]) => !w && !k.instance);
		const rows = (list: typeof all) => h("div.rows", {}, ...list.map(([k, w]) => row(desk, k, w, load)));
		fill(root, [
			on.length > 0 ? rows(on) : h("p.hint", {}, t("ways_none")),
			h("details.more2", { open: on.length === 0 }, h("summary", {}, t("ways_more", { n: off.length })), rows(off)),
			issuer(desk, load),
		]);
		if (!at) return;
		// The form is gone: the focus goes to the button that opens it again.
		const again = root.querySelector<HTMLElement>(`[aria-controls="way-${CSS.escape(at)}"]`);
		if (again?.checkVisibility?.() ?? again) again?.focus();
		else root.querySelector<HTMLElement>("summary")?.focus();
	};
	void load();
	return root;
}

/** row is one provider with its state; its button opens the form below it. */
function row(desk: Desk, k: KnownWay, own: OwnWay | undefined, changed: (provider: string) => Promise<void>): HTMLElement {
	const health: Health = own ?? k;
	const set = own !== undefined || k.instance;
	const failing = set && health.state === "failing";
	const box = h("div.wayform", { id: `way-${k.provider}`, hidden: true });
	const verb = failing ? t("way_fix") : own ? t("way_manage") : k.instance ? t("way_own_keys") : t("way_set_up");
	const button = h(
		"button.btn.sm",
		{
			type: "button",
			"aria-expanded": "false",
			"aria-controls": box.id,
			"aria-label": `${verb}: ${k.label}`,
			onclick: () => toggle(box.hidden !== false),
		},
		verb,
	);
	const toggle = (on: boolean) => {
		box.hidden = !on;
		button.setAttribute("aria-expanded", String(on));
		fill(box, on ? [form(desk, k, own, changed, () => toggle(false))] : []);
		if (on) box.querySelector<HTMLElement>("input:not([readonly])")?.focus();
		else button.focus();
	};
	return h(
		"div.way",
		{},
		h(
			"div.wayrow",
			{},
			h(
				"span.pi",
				{},
				marks[k.provider] ? icon(marks[k.provider] ?? "") : h("b", { "aria-hidden": "true" }, k.label.slice(0, 1)),
			),
			h("div.grow", {}, h("b", {}, k.label), h("span.t", {}, set ? says(health, k.instance && !own) : t("way_not_set"))),
			set
				? h(failing ? "span.bdg.bad" : "span.bdg.ok", {}, t(failing ? "way_failing" : own ? "way_connected" : "way_of_server"))
				: null,
			button,
		),
		box,
	);
}

function says(x: Health, ofServer: boolean): string {
	if (x.state === "failing" && x.failed_at) {
		const where = t(`way_step_${x.failed_step}` as "way_step_token");
		return t("way_failed", { where, why: x.failure, at: words.full(new Date(x.failed_at)) });
	}
	if (x.last_used_at) return t("way_used", { at: words.full(new Date(x.last_used_at)) });
	return t(ofServer ? "way_server_says" : "way_unused");
}

/** copied is an address to hand on, with a button that copies it. */
function copied(label: string, text: string, hint: string): HTMLElement {
	const box = h("input.inp.mono", { readonly: true, value: text });
	const f = field(
		label,
		box,
		hint,
		h(
			"div.fx.nowrap",
			{},
			h("span.grow", {}, box),
			copy(() => box.value, box),
		),
	);
	return f.el;
}

function copy(text: () => string, box: HTMLInputElement): HTMLElement {
	const word = h("span", {}, t("copy"));
	return h(
		"button.btn",
		{
			type: "button",
			onclick: async () => {
				box.select();
				try {
					await navigator.clipboard.writeText(text());
					word.textContent = t("copied");
				} catch {
					box.focus(); // it is selected: the keyboard copies it
				}
			},
		},
		icon("copy"),
		word,
	);
}

const text = (name: string, value: string, more: Record<string, string | number> = {}) =>
	h("input.inp", { name, value, autocomplete: "off", spellcheck: "false", maxlength: 4096, ...more });

/** form is a registration: what the owner got from the provider, and what the provider wants to know. */
function form(
	desk: Desk,
	k: KnownWay,
	own: OwnWay | undefined,
	changed: (provider: string) => Promise<void>,
	close: () => void,
): HTMLElement {
	const apple = k.provider === "apple";
	const open = k.provider.startsWith(OIDC);
	const secret = apple
		? h("textarea.inp.mono", {
				name: "secret",
				rows: 4,
				autocomplete: "off",
				placeholder: own ? t("secret_set") : "-----BEGIN PRIVATE KEY-----",
			})
		: text("secret", "", { type: "password", placeholder: own?.secret.set ? t("secret_set") : "" });
	const known: Record<string, Field> = {
		...(open
			? {
					issuer: field(
						t("way_issuer"),
						text("issuer", own?.issuer ?? "", { type: "url", placeholder: "https://" }),
						t("way_issuer_hint"),
					),
					label: field(t("way_label"), text("label", own?.label ?? k.label, { maxlength: 40 }), t("way_label_hint")),
				}
			: {}),
		client: field(t(apple ? "way_services_id" : "way_client"), text("client", own?.client ?? "")),
		...(apple
			? {
					team: field(t("way_team"), text("team", own?.team ?? "", { maxlength: 20 })),
					key_id: field(t("way_key_id"), text("key_id", own?.key_id ?? "", { maxlength: 20 })),
				}
			: {}),
		secret: field(t(apple ? "way_private_key" : "way_secret"), secret, t("way_secret_hint")),
	};
	return sender(
		desk,
		known,
		() => k.provider,
		changed,
		close,
		[copied(t("way_callback"), k.callback_url, t("way_callback_hint"))],
		own ? k.label : "",
	);
}

/** issuer takes any OpenID Connect issuer in, by its address. */
function issuer(desk: Desk, changed: (provider: string) => Promise<void>): HTMLElement {
	const name = text("name", "", { maxlength: 31, placeholder: "acme" });
	const back = h("input.inp.mono", { readonly: true, value: "" });
	const paint = () => {
		back.value = `${desk.meta.base}/auth/${OIDC}${name.value.trim() || "…"}/callback`;
	};
	name.addEventListener("input", paint);
	paint();
	const known: Record<string, Field> = {
		label: field(t("way_label"), text("label", "", { maxlength: 40, placeholder: "Acme" }), t("way_label_hint")),
		provider: field(t("way_name"), name, t("way_name_hint")),
		issuer: field(t("way_issuer"), text("issuer", "", { type: "url", placeholder: "https://" }), t("way_issuer_hint")),
		client: field(t("way_client"), text("client", "")),
		secret: field(t("way_secret"), text("secret", "", { type: "password" }), t("way_secret_hint")),
	};
	const callback = field(
		t("way_callback"),
		back,
		t("way_callback_hint"),
		h(
			"div.fx.nowrap",
			{},
			h("span.grow", {}, back),
			copy(() => back.value, back),
		),
	);
	const details = h("details.more2", {}, h("summary", {}, t("way_add_issuer")));
	const close = () => {
		details.open = false;
		details.querySelector("summary")?.focus();
	};
	details.append(
		h(
			"div.wayform",
			{},
			sender(desk, known, () => `${OIDC}${name.value.trim()}`, changed, close, [callback.el], ""),
		),
	);
	return details;
}

/** sender is the form around the fields of a registration; remove is the label of one that is there. */
function sender(
	desk: Desk,
	known: Record<string, Field>,
	provider: () => string,
	changed: (provider: string) => Promise<void>,
	close: () => void,
	after: HTMLElement[],
	remove: string,
): HTMLElement {
	const alert = h("p.alert", { role: "alert", hidden: true });
	const say = (why: string) => {
		alert.textContent = why;
		alert.hidden = why === "";
	};
	const button = h("button.btn.pri", { type: "submit" }, t("save"));
	const path = () => desk.api(`/settings/ways/${encodeURIComponent(provider())}`);
	const done = async (r: Answer<unknown>, word: string) => {
		if (r.status !== 204) return refuse(known, r, say);
		desk.toast(word);
		await changed(provider());
	};
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const data: Record<string, string> = {};
		for (const [name, f] of Object.entries(known))
			if (f.control instanceof HTMLInputElement || f.control instanceof HTMLTextAreaElement) data[name] = f.control.value.trim();
		delete data["provider"];
		button.disabled = true;
		const r = await proving("PUT", path(), { ...data, check: "issuer" in known });
		button.disabled = false;
		await done(r, t("saved"));
	};
	const drop = async () => {
		if (await confirm(t("way_remove_head", { name: remove }), t("way_remove_lead"), t("way_remove")))
			await done(await proving("DELETE", path()), t("way_removed", { name: remove }));
	};
	return h(
		"form.stack",
		{ novalidate: true, onsubmit: submit },
		...after,
		...Object.values(known).map((f) => f.el),
		alert,
		h(
			"div.fx",
			{},
			button,
			h("button.btn.ghost", { type: "button", onclick: close }, t("cancel")),
			h("span.grow"),
			remove ? h("button.btn.bad", { type: "button", onclick: () => void drop() }, t("way_remove")) : null,
		),
	);
}

interface Key {
	id: string;
	created_at: string;
}

const KEYS = 2; // that sign at the same time, as the server keeps them

/** signingKeys are what a site signs its readers' tokens with: made, shown once, revoked. */
export function signingKeys(desk: Desk): HTMLElement {
	const root = h("div.stack", {});
	const say = h("p.alert", { role: "alert", hidden: true });
	const once = h("div", { "aria-live": "polite" });
	const rows = h("div.rows", {});
	const failed = (r: Answer<unknown>) => {
		say.textContent = t("not_done", { why: r.detail });
		say.hidden = false;
	};
	const make = h("button.btn", { type: "button" }, icon("key"), t("sso_make"));
	const load = async () => {
		const r = await call<{ keys: Key[] }>("GET", desk.api("/settings/sso-keys"));
		if (!r.body) return failed(r);
		const { keys } = r.body;
		rows.hidden = keys.length === 0;
		make.lastChild?.replaceWith(t(keys.length === 0 ? "sso_make" : "sso_rotate"));
		keeping(rows, () => fill(rows, keys.map(key)), make);
		make.dataset["full"] = String(keys.length >= KEYS);
	};
	const key = (k: Key, i: number) =>
		h(
			"div",
			{},
			h("span.pi", {}, icon("key")),
			h(
				"div.grow",
				{},
				h("b", {}, t(i === 0 ? "sso_newest" : "sso_older")),
				h("span.t", {}, t("sso_made", { at: words.full(new Date(k.created_at)) })),
			),
			h(
				"button.btn.sm",
				{ type: "button", "aria-label": t("sso_revoke_of", { n: i + 1 }), onclick: () => void revoke(k) },
				t("sso_revoke"),
			),
		);
	const revoke = async (k: Key) => {
		if (!(await confirm(t("sso_revoke_head"), t("sso_revoke_lead"), t("sso_revoke")))) return;
		const r = await proving("DELETE", desk.api(`/settings/sso-keys/${k.id}`));
		if (r.status !== 204) return failed(r);
		say.hidden = true;
		desk.toast(t("sso_revoked"));
		await load();
	};
	make.addEventListener("click", async () => {
		if (make.dataset["full"] === "true" && !(await confirm(t("sso_third_head"), t("sso_third_lead"), t("sso_rotate")))) return;
		const r = await proving<{ secret: string }>("POST", desk.api("/settings/sso-keys"));
		if (!r.body) return failed(r);
		say.hidden = true;
		fill(once, [h("div.note.ok2", {}, copied(t("sso_secret"), r.body.secret, t("sso_once")))]);
		once.querySelector<HTMLElement>("input")?.focus();
		await load();
	});
	fill(root, [
		rows,
		once,
		say,
		h("div.fx", {}, make, h("a.lnk", { href: "/docs/sso", target: "_blank", rel: "noopener" }, t("sso_docs"))),
	]);
	void load();
	return root;
}
