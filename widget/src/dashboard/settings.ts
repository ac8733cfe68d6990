import { fill, h } from "../view/h.ts";
import { type Answer, call, type Desk, type Params, type Screen, t } from "./desk.ts";
import { icon } from "./icons.ts";
import { type NightSettings, night } from "./night.ts";
import { jump } from "./table.ts";

interface Secret {
	set: boolean;
}

interface Settings extends NightSettings {
	key: string;
	name: string;
	origins: string[];
	guests: boolean;
	registration: boolean;
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
	akismet_key: Secret;
	scorer_key: Secret;
	hook_secret: Secret;
}

type Name = keyof Settings;

const modes = ["publish", "newcomers", "guests", "links", "all"] as const;
const closes = [0, 7, 14, 30, 90] as const;

/** settings are a site's, each saved as it is changed; no restart. */
export function settings(desk: Desk, _: Params): Screen {
	const root = h("div.set");
	const state = h("span.saved", { role: "status" });
	let now: Settings | null = null;
	const patch = async (body: Partial<Record<Name, unknown>>): Promise<Answer<Settings>> => {
		state.textContent = "";
		const r = await call<Settings>("PATCH", desk.api("/settings"), body);
		if (r.body) {
			now = r.body;
			fill(state, [icon("check", "i s"), t("saved")]);
		}
		return r;
	};
	const load = async () => {
		const r = await call<Settings>("GET", desk.api("/settings"));
		if (!r.body) return fill(root, [h("p.alert", {}, `${t("failed")} ${r.detail}`)]);
		now = r.body;
		draw(r.body);
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
				},
			},
			...options.map(([v, text]) => h("option", { value: v, selected: v === value }, text)),
		);
		return row(label, hint, h("span.sel.box", {}, box, icon("cd", "i s")), say);
	};
	const line = (name: Name, label: string, hint: string, secret = false) => {
		const say = h("p.err", { role: "alert" });
		const id = `set-${name}`;
		const isSet = secret && (now?.[name] as Secret | undefined)?.set;
		const box = h("input.inp", {
			id,
			type: secret ? "password" : "text",
			autocomplete: "off",
			value: secret ? "" : String(now?.[name] ?? ""),
			placeholder: isSet ? t("secret_set") : "",
			onchange: async () => {
				const r = await patch({ [name]: box.value.trim() });
				say.textContent = r.body ? "" : r.detail;
				box.setAttribute("aria-invalid", String(!r.body));
				if (r.body && secret) {
					box.value = "";
					box.placeholder = t("secret_set");
				}
			},
		});
		return h("div.field", {}, h("label", { for: id }, label), box, hint ? h("p.hint", {}, hint) : null, say);
	};

	const origins = (s: Settings): HTMLElement => {
		const wrap = h("div.field", {});
		const say = h("p.err", { role: "alert" });
		const box = h("input.inp", { type: "url", placeholder: "https://", "aria-label": t("origin_new") });
		const put = async (list: string[]) => {
			const r = await patch({ origins: list });
			if (r.body) paint(r.body.origins);
			else say.textContent = r.detail;
			return r.body !== null;
		};
		const add = async () => {
			if (box.value.trim() && (await put([...(now?.origins ?? s.origins), box.value.trim()]))) box.value = "";
		};
		box.addEventListener("keydown", (e) => {
			if (e.key === "Enter") void add();
		});
		const rows = h("div.rows", {});
		const paint = (list: string[]) => {
			say.textContent = "";
			fill(
				rows,
				list.map((o) =>
					h(
						"div",
						{},
						icon("globe"),
						h("code.grow", {}, o),
						list.length > 1
							? h(
									"button.ib",
									{
										type: "button",
										"aria-label": t("origin_remove", { origin: o }),
										onclick: () => void put(list.filter((x) => x !== o)),
									},
									icon("x"),
								)
							: null,
					),
				),
			);
		};
		paint(s.origins);
		fill(wrap, [
			h("span.lbl", {}, t("origins")),
			rows,
			h("div.fx", {}, h("span.grow", {}, box), h("button.btn", { type: "button", onclick: () => void add() }, t("add"))),
			say,
		]);
		return wrap;
	};

	const snippet = (s: Settings): HTMLElement => {
		const text = `<script async src="${desk.meta.base}/embed.js"></script>\n<parley-comments site="${s.key}"></parley-comments>`;
		const copy = h(
			"button.btn.sm",
			{
				type: "button",
				onclick: async () => {
					try {
						await navigator.clipboard.writeText(text);
						copy.lastChild?.replaceWith(t("copied"));
					} catch {
						getSelection()?.selectAllChildren(pre);
					}
				},
			},
			icon("copy"),
			t("copy"),
		);
		const pre = h("pre.snip", { tabindex: "0" }, text);
		return h("div.snipw", {}, pre, copy);
	};

	const modeCards = (s: Settings): HTMLElement => {
		const say = h("p.err", { role: "alert" });
		return h(
			"div.rad",
			{ role: "radiogroup", "aria-label": t("settings_moderation") },
			...modes.map((m) => {
				const r = h("input.chk", {
					type: "radio",
					name: "mode",
					value: m,
					checked: m === s.mode,
					onchange: async () => {
						const a = await patch({ mode: m });
						say.textContent = a.body ? "" : a.detail;
					},
				});
				return h(
					"label",
					{},
					r,
					h("span", {}, h("b", {}, t(`mode_${m}`)), h("span", {}, t(`mode_${m}_says`, { n: s.new_posts }))),
				);
			}),
			say,
		);
	};

	const ways = (): HTMLElement => {
		const rows = h("div.rows", {});
		void call<{ site?: { ways?: (string | { id: string; label?: string; name?: string })[] } }>(
			"GET",
			`${desk.api("/comments")}?thread=-&limit=1`,
		).then((r) => {
			const list = r.body?.site?.ways ?? [];
			fill(
				rows,
				list.map((w) => {
					const id = typeof w === "string" ? w : w.id;
					const label = typeof w === "string" ? w : (w.label ?? w.name ?? w.id);
					return h(
						"div",
						{},
						h(
							"span.pi",
							{},
							icon({ facebook: "fb", google: "goog", apple: "appl", github: "gh", site: "key", guest: "user" }[id] ?? "globe"),
						),
						h(
							"b.grow",
							{},
							id === "site"
								? t("way_site", { name: desk.site.name })
								: id === "guest"
									? t("guest")
									: label.charAt(0).toUpperCase() + label.slice(1),
						),
						h("span.bdg.ok", {}, t("way_on")),
					);
				}),
			);
		});
		return rows;
	};

	const mailTest = (): HTMLElement => {
		const say = h("p.hint", { role: "status" });
		const b = h(
			"button.btn",
			{
				type: "button",
				onclick: async () => {
					b.disabled = true;
					const r = await call<{ to: string }>("POST", desk.api("/settings/mail-test"));
					b.disabled = false;
					say.textContent = r.body ? t("mail_sent", { to: r.body.to }) : r.detail;
					say.classList.toggle("err", !r.body);
				},
			},
			icon("mail"),
			t("mail_test"),
		);
		return h("div.field", {}, h("div.fx", {}, b), say);
	};

	const sections = ["install", "moderation", "reports", "taking", "signin", "mail", "services"] as const;
	const draw = (s: Settings) => {
		fill(root, [
			h(
				"nav.snav",
				{ "aria-label": t("sections") },
				...sections.map((x, i) =>
					h(
						"a",
						{
							href: `#${x}`,
							"aria-current": i === 0 ? "true" : null,
							onclick: (e: MouseEvent) => jump(root, e, x),
						},
						t(`settings_${x}`),
					),
				),
			),
			h(
				"div",
				{},
				h(
					"section.blk",
					{ id: "install" },
					h("h2", {}, t("settings_install")),
					h("p", {}, t("install_lead")),
					snippet(s),
					origins(s),
					line("name", t("site_name"), ""),
				),
				h(
					"section.blk",
					{ id: "moderation" },
					h("h2", {}, t("settings_moderation")),
					h("p", {}, t("moderation_lead")),
					modeCards(s),
					h(
						"div.rows",
						{},
						pick(
							"close_days",
							t("close_after"),
							t("close_after_says"),
							[...new Set([...closes, s.close_days])].map((d) => [d, d === 0 ? t("never") : t("days", { n: d })]),
						),
						sw("closed_all", t("close_all"), t("close_all_says")),
						pick(
							"slow_seconds",
							t("slow_mode"),
							t("slow_says"),
							[...new Set([0, 30, 60, 300, 900, s.slow_seconds])].map((n) => [n, n === 0 ? t("off") : t("seconds", { n })]),
						),
						num("max_links", t("max_links"), t("max_links_says")),
						num("new_posts", t("new_posts"), t("new_posts_says")),
						num("new_hours", t("new_hours"), t("new_hours_says")),
						num("burst", t("burst"), t("burst_says")),
						sw("challenge", t("challenge_on"), t("challenge_on_says")),
						sw("classifier", t("classifier_on"), t("classifier_on_says")),
					),
					night(s, patch),
				),
				h(
					"section.blk",
					{ id: "reports" },
					h("h2", {}, t("settings_reports")),
					h("p", {}, t("reports_lead")),
					h(
						"div.rows",
						{},
						num("hide_weight", t("hide_weight"), t("hide_weight_says"), "0.01"),
						num("hide_weight_new", t("hide_weight_new"), t("hide_weight_new_says"), "0.01"),
						num("hide_reporters", t("hide_reporters"), t("hide_reporters_says")),
					),
				),
				h(
					"section.blk",
					{ id: "taking" },
					h("h2", {}, t("settings_taking")),
					h(
						"div.rows",
						{},
						sw("guests", t("guests_on"), t("guests_says")),
						pick("votes", t("votes"), "", [
							["updown", t("votes_updown")],
							["up", t("votes_up")],
							["off", t("off")],
						]),
						num("edit_window_seconds", t("edit_window"), t("edit_window_says")),
						num("max_length", t("max_length"), t("max_length_says")),
					),
					line("rules_url", t("rules_url"), t("rules_url_says")),
				),
				h(
					"section.blk",
					{ id: "signin" },
					h("h2", {}, t("settings_signin")),
					h("p", {}, t("signin_lead")),
					ways(),
					h("div.rows", {}, sw("registration", t("registration"), t("registration_says"))),
					h(
						"div.fx",
						{},
						h(
							"button.btn",
							{ type: "button", onclick: () => desk.go({ screen: "people", filter: "staff" }) },
							icon("users"),
							t("trusted_people"),
						),
					),
				),
				h(
					"section.blk",
					{ id: "mail" },
					h("h2", {}, t("settings_mail")),
					desk.meta.mail ? h("p", {}, t("mail_lead")) : h("div.note.warn", {}, icon("alert"), h("span", {}, t("mail_none"))),
					h(
						"div.rows",
						{},
						sw("mail_replies", t("mail_replies"), t("mail_replies_says")),
						sw("mail_decisions", t("mail_decisions"), t("mail_decisions_says")),
						sw("mail_waiting", t("mail_waiting"), t("mail_waiting_says")),
					),
					mailTest(),
				),
				h(
					"section.blk",
					{ id: "services" },
					h("h2", {}, t("settings_services")),
					h("p", {}, t("services_lead")),
					line("akismet_key", t("akismet_key"), t("akismet_says"), true),
					line("scorer_url", t("scorer_url"), t("scorer_says")),
					line("scorer_key", t("scorer_key"), "", true),
					line("scorer_model", t("scorer_model"), ""),
					h("div.rows", {}, num("scorer_from", t("scorer_from"), t("scorer_from_says"), "0.01")),
					line("hook_secret", t("hook_secret"), t("hook_secret_says"), true),
					line("hook_url", t("hook_url"), t("hook_says")),
					h(
						"div.rows",
						{},
						sw("hook_fail_closed", t("hook_closed"), t("hook_closed_says")),
						num("hook_seconds", t("hook_seconds"), t("hook_seconds_says")),
					),
				),
			),
		]);
	};
	void load();
	return { title: t("settings"), el: root, tools: state };
}
