import { fill, h } from "../view/h.ts";
import { call, type Desk, type Params, type Screen, t } from "./desk.ts";
import { icon } from "./icons.ts";
import { origins, snippet } from "./install.ts";
import { night } from "./night.ts";
import { type Controls, controls, type Settings } from "./setting.ts";
import { jump } from "./table.ts";
import { signingKeys, ways } from "./ways.ts";

const modes = ["publish", "newcomers", "guests", "links", "all"] as const;
const closes = [0, 7, 14, 30, 90] as const;

interface At {
	desk: Desk;
	c: Controls;
	s: Settings;
}

/** sections are the parts of the page, in their order. */
const sections = {
	install: ({ desk, c, s }) => [
		h("p", {}, t("install_lead")),
		snippet(desk, s),
		origins(c, s),
		c.line("name", t("site_name"), ""),
	],
	moderation: ({ c, s }) => [
		h("p", {}, t("moderation_lead")),
		modeCards(c, s),
		h(
			"div.rows",
			{},
			c.pick(
				"close_days",
				t("close_after"),
				t("close_after_says"),
				[...new Set([...closes, s.close_days])].map((d) => [d, d === 0 ? t("never") : t("days", { n: d })]),
			),
			c.sw("closed_all", t("close_all"), t("close_all_says")),
			c.pick(
				"slow_seconds",
				t("slow_mode"),
				t("slow_says"),
				[...new Set([0, 30, 60, 300, 900, s.slow_seconds])].map((n) => [n, n === 0 ? t("off") : t("seconds", { n })]),
			),
			c.num("max_links", t("max_links"), t("max_links_says")),
			c.num("new_posts", t("new_posts"), t("new_posts_says")),
			c.num("new_hours", t("new_hours"), t("new_hours_says")),
			c.num("burst", t("burst"), t("burst_says")),
			c.sw("challenge", t("challenge_on"), t("challenge_on_says")),
			c.sw("classifier", t("classifier_on"), t("classifier_on_says")),
		),
		night(s, c.patch),
	],
	reports: ({ c }) => [
		h("p", {}, t("reports_lead")),
		h(
			"div.rows",
			{},
			c.num("hide_weight", t("hide_weight"), t("hide_weight_says"), "0.01"),
			c.num("hide_weight_new", t("hide_weight_new"), t("hide_weight_new_says"), "0.01"),
			c.num("hide_reporters", t("hide_reporters"), t("hide_reporters_says")),
		),
	],
	taking: ({ c }) => [
		h(
			"div.rows",
			{},
			c.pick("votes", t("votes"), "", [
				["updown", t("votes_updown")],
				["up", t("votes_up")],
				["off", t("off")],
			]),
			c.num("edit_window_seconds", t("edit_window"), t("edit_window_says")),
			c.num("max_length", t("max_length"), t("max_length_says")),
		),
		c.line("rules_url", t("rules_url"), t("rules_url_says")),
	],
	signin: ({ desk, c, s }) => [
		h("p", {}, t("signin_lead")),
		ways(desk),
		h(
			"div.rows",
			{},
			c.sw("accounts", t("way_site", { name: s.name }), t("accounts_says")),
			c.sw("registration", t("registration"), t("registration_says")),
			c.sw("guests", t("guests_on"), t("guests_says")),
		),
		h("h3", {}, t("sso_head")),
		h("p.hint", {}, t("sso_lead")),
		signingKeys(desk),
		c.line("sso_login_url", t("sso_login"), t("sso_login_says")),
		h("div.rows", {}, c.sw("sso_roles", t("sso_roles"), t("sso_roles_says"))),
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
	],
	mail: ({ desk, c }) => [
		desk.meta.mail ? h("p", {}, t("mail_lead")) : h("div.note.warn", {}, icon("alert"), h("span", {}, t("mail_none"))),
		h(
			"div.rows",
			{},
			c.sw("mail_replies", t("mail_replies"), t("mail_replies_says")),
			c.sw("mail_decisions", t("mail_decisions"), t("mail_decisions_says")),
			c.sw("mail_waiting", t("mail_waiting"), t("mail_waiting_says")),
			c.sw("mail_new", t("mail_new"), t("mail_new_says")),
		),
		newsChoice(desk),
		mailTest(desk),
	],
	services: ({ c }) => [
		h("p", {}, t("services_lead")),
		c.line("akismet_key", t("akismet_key"), t("akismet_says"), true),
		c.line("scorer_url", t("scorer_url"), t("scorer_says")),
		c.line("scorer_key", t("scorer_key"), "", true),
		c.line("scorer_model", t("scorer_model"), ""),
		h("div.rows", {}, c.num("scorer_from", t("scorer_from"), t("scorer_from_says"), "0.01")),
		c.line("hook_secret", t("hook_secret"), t("hook_secret_says"), true),
		c.line("hook_url", t("hook_url"), t("hook_says")),
		h(
			"div.rows",
			{},
			c.sw("hook_fail_closed", t("hook_closed"), t("hook_closed_says")),
			c.num("hook_seconds", t("hook_seconds"), t("hook_seconds_says")),
		),
	],
} as const satisfies Record<string, (at: At) => Node[]>;

const names = Object.keys(sections) as (keyof typeof sections)[];

/** settings are a site's, each saved as it is changed; no restart. */
export function settings(desk: Desk, _: Params): Screen {
	const root = h("div.set");
	const c = controls(desk);
	const draw = (s: Settings) => {
		const link = (x: (typeof names)[number], i: number) =>
			h(
				"a",
				{ href: `#${x}`, "aria-current": i === 0 ? "true" : null, onclick: (e: MouseEvent) => jump(root, e, x) },
				t(`settings_${x}`),
			);
		fill(root, [
			h("nav.snav", { "aria-label": t("sections") }, ...names.map(link)),
			h(
				"div",
				{},
				...names.map((x) => h("section.blk", { id: x }, h("h2", {}, t(`settings_${x}`)), ...sections[x]({ desk, c, s }))),
			),
		]);
	};
	void c.load().then((r) => {
		if (r.body) draw(r.body);
		else fill(root, [h("p.alert", {}, `${t("failed")} ${r.detail}`)]);
	});
	return { title: t("settings"), el: root, tools: c.state };
}

/** modeCards choose what waits. */
function modeCards(c: Controls, s: Settings): HTMLElement {
	const say = h("p.err", { role: "alert" });
	const cards = h(
		"div.rad",
		{ role: "radiogroup", "aria-label": t("settings_moderation") },
		...modes.map((m) => {
			const r = h("input.chk", {
				type: "radio",
				name: "mode",
				value: m,
				checked: m === s.mode,
				onchange: async () => {
					const a = await c.patch({ mode: m });
					say.textContent = a.body ? "" : a.detail;
					const holds = c.now()?.mode;
					for (const x of cards.querySelectorAll("input")) if (!a.body) x.checked = x.value === holds;
				},
			});
			return h("label", {}, r, h("span", {}, h("b", {}, t(`mode_${m}`)), h("span", {}, t(`mode_${m}_says`, { n: s.new_posts }))));
		}),
		say,
	);
	return cards;
}

const often = ["each", "hourly", "daily", "never"] as const;

/** newsChoice is how often whoever looks at this hears of new comments: theirs alone, not the site's. */
function newsChoice(desk: Desk): HTMLElement {
	const say = h("p.hint", { role: "status" });
	const choice = h(
		"select.inp",
		{
			id: "news-choice",
			onchange: async () => {
				const r = await call<{ new_comments: string }>("PUT", desk.api("/moderation/mail"), { new_comments: choice.value });
				say.textContent = r.body ? t("saved") : r.detail;
				say.classList.toggle("err", !r.body);
			},
		},
		...often.map((x) => h("option", { value: x }, t(`news_${x}`))),
	);
	choice.disabled = true;
	void call<{ new_comments: string }>("GET", desk.api("/moderation/mail")).then((r) => {
		choice.disabled = false;
		if (r.body) choice.value = r.body.new_comments;
	});
	return h("div.field", {}, h("label.lbl", { for: "news-choice" }, t("news_choice")), choice, say);
}

/** mailTest sends a mail to whoever presses it. */
function mailTest(desk: Desk): HTMLElement {
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
}
