import { isWord, t, type Word, words } from "./desk.ts";

/** What a site's settings are called on their screen, by the names that the audit log keeps. */
const labels: Readonly<Record<string, Word>> = {
	Name: "site_name",
	Origins: "set_origins",
	Guests: "guests_on",
	Hold: "settings_moderation",
	View: "set_view",
	Sort: "set_sort",
	MaxRunes: "max_length",
	EditSeconds: "edit_window",
	Votes: "votes",
	Reactions: "reactions",
	Picks: "set_picks",
	MaxDepth: "set_max_depth",
	Presence: "set_presence",
	Registration: "registration",
	Standards: "rules_url",
	Threads: "threads_by",
	ClosedPaths: "closed_paths",
	Team: "team_name",
	Images: "images",
	Write: "write",
	Subscribe: "subscribe_url",
	Profiles: "profiles",
	AskStandards: "ask_standards",
	BlurImages: "blur_images",
	"Moderation.NewPosts": "new_posts",
	"Moderation.NewHours": "new_hours",
	"Moderation.MaxLinks": "max_links",
	"Moderation.SlowSeconds": "slow_mode",
	"Moderation.CloseDays": "close_after",
	"Moderation.ClosedAll": "close_all",
	"Moderation.Burst": "burst",
	"Moderation.Night.Mode": "night",
	"Moderation.Night.Start": "night_start",
	"Moderation.Night.End": "night_end",
	"Moderation.Night.Zone": "night_zone",
	"Moderation.Challenge": "challenge_on",
	"Moderation.Classifier": "classifier_on",
	"Moderation.HideWeight": "hide_weight",
	"Moderation.HideWeightNew": "hide_weight_new",
	"Moderation.HideReporters": "hide_reporters",
	"Moderation.AkismetKey": "akismet_key",
	"Moderation.ScorerURL": "scorer_url",
	"Moderation.ScorerKey": "scorer_key",
	"Moderation.ScorerModel": "scorer_model",
	"Moderation.ScorerFrom": "scorer_from",
	"Moderation.HookURL": "hook_url",
	"Moderation.HookSecret": "hook_secret",
	"Moderation.HookClosed": "hook_closed",
	"Moderation.HookSeconds": "hook_seconds",
	"Moderation.MailReplies": "mail_replies",
	"Moderation.MailOutcomes": "mail_decisions",
	"Moderation.MailWaiting": "mail_waiting",
	"Moderation.MailNew": "mail_new",
	"SignIn.SSOLogin": "sso_login",
	"SignIn.SSORoles": "sso_roles",
	"SignIn.StaffSecond": "set_staff_second",
	"SignIn.Order": "set_order",
	"SignIn.NoAccounts": "set_no_accounts",
};

/** fields reads "Name: value; Other: value" by its names; a value may hold the marks between. */
function fields(text: string): Map<string, string> {
	const out = new Map<string, string>();
	for (const part of text.split(/; (?=[A-Z][\w.]*: )/)) {
		const at = part.indexOf(": ");
		if (at > 0) out.set(part.slice(0, at), part.slice(at + 2));
	}
	return out;
}

const named = (name: string): string => {
	const label = labels[name];
	return label ? t(label) : name;
};

/** choices are the settings whose values have names: how those begin, and the value that is meant where none is kept. */
const choices: Readonly<Record<string, readonly [prefix: string, empty: string]>> = {
	Hold: ["mode", "publish"],
	View: ["view", "threads"],
	Sort: ["sort", "best"],
	Votes: ["votes", "updown"],
	Threads: ["threads", "any"],
	"Moderation.Night.Mode": ["mode", "off"],
};

/** said is a setting's value as its screen says it; "" where it is empty and that has no name. */
function said(name: string, kept: string): string {
	const [prefix, empty] = choices[name] ?? ["", ""];
	const v = kept || empty;
	const key = `${prefix}_${v}`;
	if (v === "off") return t("off");
	if (isWord(key)) return t(key);
	return /^-?\d+(\.\d+)?$/.test(v) ? words.number(Number(v)) : v;
}

/** settingsText says what changed in the settings, one sentence each. */
export function settingsText(before: string, after: string): string[] {
	const was = fields(before);
	return [...fields(after)].flatMap(([name, to]) => {
		const from = was.get(name) ?? "";
		const [a, b] = [said(name, from), said(name, to)];
		const what = named(name);
		if (to === "(new secret)") return [t("set_secret", { what })];
		if (name === "Origins") return origins(from, to);
		if (to === "true" || to === "false") return [t(to === "true" ? "set_on" : "set_off", { what })];
		if (a === "") return [t("set_to", { what, to: b })];
		if (b === "") return [t("set_none", { what, from: a })];
		const more = from && to ? Number(to) - Number(from) : Number.NaN;
		return [t(Number.isNaN(more) ? "set_from" : more > 0 ? "set_raised" : "set_lowered", { what, from: a, to: b })];
	});
}

function origins(from: string, to: string): string[] {
	const [was, is] = [from.split(" "), to.split(" ")];
	return [
		...is.filter((o) => o && !was.includes(o)).map((o) => t("set_origin_added", { origin: o })),
		...was.filter((o) => o && !is.includes(o)).map((o) => t("set_origin_removed", { origin: o })),
	];
}

const quoted = '"((?:[^"\\\\]|\\\\.)*)"';
const described = new RegExp(`^(\\w+), ${quoted}, mode ${quoted}, slow (\\d+), url ${quoted}(?:, aliases (\\[.*?\\]))?(?:, closes (\\S+))?$`, "s");

/** threadText says what changed about a thread, one sentence each. */
export function threadText(before: string, after: string): string[] {
	const was = described.exec(before);
	const is = described.exec(after);
	if (!was || !is) return [before, after].filter(Boolean);
	const [, state = "", title = "", mode = "", slow = "", url = "", aliases = "", closes = ""] = is;
	const out: string[] = [];
	if (was[1] !== state) out.push(t(`thread_${state}` as "thread_open"));
	if (was[2] !== title) out.push(t("thread_renamed", { from: unquote(was[2]), to: unquote(title) }));
	if (was[3] !== mode) out.push(mode ? t("thread_mode", { mode: t(`mode_${mode}` as "mode_all") }) : t("thread_mode_site"));
	if (was[4] !== slow) out.push(slow === "0" ? t("thread_slow_site") : t("thread_slow", { n: Number(slow) }));
	if (was[5] !== url) out.push(t("thread_moved", { url: unquote(url) }));
	if ((was[6] ?? "") !== aliases) out.push(t("thread_aliases", { list: aliases.slice(1, -1) }));
	if ((was[7] ?? "") !== closes && (state === "open" || was[1] !== "open")) // an end that came at once is no date to come
		out.push(closes ? t("thread_closes", { date: words.full(new Date(closes)) }) : t("thread_closes_site"));
	return out;
}

const unquote = (s = ""): string => s.replace(/\\(.)/g, "$1");
