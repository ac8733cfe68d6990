import { fill, h } from "../view/h.ts";
import { type Answer, call, type Desk, t } from "./desk.ts";
import { icon } from "./icons.ts";
import type { NightSettings } from "./night.ts";
import { proving } from "./prove.ts";

interface Secret {
	set: boolean;
}

/** Settings are a site's, as the API tells them. */
/** Refused is a page that wanted to write and is not among the origins. */
export interface Refused {
	origin: string;
	first_at: string;
	last_at: string;
	count: number;
}

export interface Settings extends NightSettings {
	key: string;
	name: string;
	origins: string[];
	refused_origins: Refused[];
	guests: boolean;
	registration: boolean;
	accounts: boolean;
	sso_login_url: string;
	sso_roles: boolean;
	view: string;
	sort: string;
	max_length: number;
	edit_window_seconds: number;
	votes: string;
	rules_url: string;
	mode: string;
	new_posts: number;
	new_hours: number;
	max_links: number;
	slow_seconds: number;
	close_days: number;
	closed_all: boolean;
	burst: number;
	challenge: boolean;
	classifier: boolean;
	hide_weight: number;
	hide_weight_new: number;
	hide_reporters: number;
	scorer_url: string;
	scorer_model: string;
	scorer_from: number;
	hook_url: string;
	hook_fail_closed: boolean;
	hook_seconds: number;
	mail_replies: boolean;
	mail_decisions: boolean;
	mail_waiting: boolean;
	mail_new: boolean;
	akismet_key: Secret;
	scorer_key: Secret;
	hook_secret: Secret;
}

export type Name = keyof Settings;

/** Controls change one setting each, at once, and say beside it why not. */
export interface Controls {
	state: HTMLElement; // "Saved"
	now: () => Settings | null;
	load: () => Promise<Answer<Settings>>;
	patch: (body: Partial<Record<Name, unknown>>) => Promise<Answer<Settings>>;
	sw: (name: Name, label: string, hint: string) => HTMLElement;
	num: (name: Name, label: string, hint: string, step?: string) => HTMLElement;
	pick: (name: Name, label: string, hint: string, options: [string | number, string][]) => HTMLElement;
	line: (name: Name, label: string, hint: string, secret?: boolean) => HTMLElement;
}

/** controls are those of a site's settings. */
export function controls(desk: Desk): Controls {
	const state = h("span.saved", { role: "status" });
	let now: Settings | null = null;
	const load = async () => {
		const r = await call<Settings>("GET", desk.api("/settings"));
		if (r.body) now = r.body;
		return r;
	};
	const patch = async (body: Partial<Record<Name, unknown>>): Promise<Answer<Settings>> => {
		state.textContent = "";
		const r = await proving<Settings>("PATCH", desk.api("/settings"), body);
		if (r.body) {
			now = r.body;
			fill(state, [icon("check", "i s"), t("saved")]);
		}
		return r;
	};
	const row = (name: string, hint: string, control: Node, say: HTMLElement) =>
		h("div", {}, h("label.grow", {}, h("b", {}, name), hint ? h("span.t", {}, hint) : null, say), control);
	const fails = () => h("span.err", { role: "alert" });
	const sw = (name: Name, label: string, hint: string) => {
		const say = fails();
		const box = h("input.sw", {
			type: "checkbox",
			role: "switch",
			checked: Boolean(now?.[name]),
			"aria-label": label,
			onchange: async () => {
				const r = await patch({ [name]: box.checked });
				say.textContent = r.body ? "" : r.detail;
				if (!r.body) box.checked = !box.checked;
			},
		});
		return row(label, hint, box, say);
	};
	const num = (name: Name, label: string, hint: string, step = "1") => {
		const say = fails();
		const box = h("input.inp.num", {
			type: "number",
			step,
			value: String(now?.[name] ?? ""),
			"aria-label": label,
			onchange: async () => {
				if (box.value === "") {
					box.value = String(now?.[name] ?? ""); // emptied, or no number: nothing was said
					return;
				}
				const r = await patch({ [name]: Number(box.value) });
				say.textContent = r.body ? "" : r.detail;
				box.setAttribute("aria-invalid", String(!r.body));
			},
		});
		return row(label, hint, box, say);
	};
	const pick = (name: Name, label: string, hint: string, options: [string | number, string][]) => {
		const say = fails();
		const value = now?.[name];
		const box = h(
			"select",
			{
				"aria-label": label,
				onchange: async () => {
					const r = await patch({ [name]: typeof value === "number" ? Number(box.value) : box.value });
					say.textContent = r.body ? "" : r.detail;
					if (!r.body) box.value = String(now?.[name]);
				},
			},
			...options.map(([v, text]) => h("option", { value: v, selected: v === value }, text)),
		);
		return row(label, hint, h("span.sel.box", {}, box, icon("cd", "i s")), say);
	};
	const line = (name: Name, label: string, hint: string, secret = false) => {
		const say = h("p.err", { role: "alert" });
		const id = `set-${name}`;
		const box = h("input.inp", {
			id,
			type: secret ? "password" : "text",
			autocomplete: "off",
			value: secret ? "" : String(now?.[name] ?? ""),
			onchange: async () => {
				if (secret && box.value.trim() === "") return; // emptied after a refusal; what is set is taken away by its own button
				const r = await patch({ [name]: box.value.trim() });
				say.textContent = r.body ? "" : r.detail;
				box.setAttribute("aria-invalid", String(!r.body));
				if (r.body && secret) {
					box.value = "";
					paint();
				}
			},
		});
		if (!secret) return h("div.field", {}, h("label", { for: id }, label), box, hint ? h("p.hint", {}, hint) : null, say);
		const remove = h(
			"button.btn",
			{
				type: "button",
				"aria-label": t("secret_remove", { name: label }),
				onclick: async () => {
					const r = await patch({ [name]: "" });
					say.textContent = r.body ? "" : r.detail;
					if (!r.body) return;
					box.focus();
					paint();
				},
			},
			t("way_remove"),
		);
		const paint = () => {
			const isSet = (now?.[name] as Secret | undefined)?.set ?? false;
			box.placeholder = isSet ? t("secret_set") : "";
			remove.hidden = !isSet;
		};
		paint();
		return h(
			"div.field",
			{},
			h("label", { for: id }, label),
			h("div.fx.nowrap", {}, h("span.grow", {}, box), remove),
			hint ? h("p.hint", {}, hint) : null,
			say,
		);
	};
	return { state, now: () => now, load, patch, sw, num, pick, line };
}
