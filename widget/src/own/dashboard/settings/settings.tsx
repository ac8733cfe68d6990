import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { Snippet } from "../../install/snippet.tsx";
import { Icon } from "../../ui/icon.tsx";
import { InstallCheck, Loaded } from "../../ui/install-check.tsx";
import { mounted } from "../../ui/mounted.tsx";
import { type Desk, type Params, type Screen, t } from "../desk.ts";
import { Sections } from "../parts/sections.tsx";
import { type Settings, SiteSettings } from "../state/settings.ts";
import { By, Clash } from "./clash.tsx";
import { useChange } from "./change.ts";
import { Line, Lines, Num, Pick, SecretLine, Switch, useFollow, Writers } from "./controls.tsx";
import { ImportFile } from "./import.tsx";
import { Origins } from "./install.tsx";
import { SigningKeys } from "./keys.tsx";
import { MailTest, NewsChoice } from "./mail.tsx";
import { Night } from "./night.tsx";
import { Reactions } from "./reactions.tsx";
import { SignInMethods } from "./sign-in-methods.tsx";
import { Retention } from "./retention.tsx";
import { SiteLife } from "./site.tsx";
import { WayOrder } from "./way-order.tsx";

const modes = ["publish", "newcomers", "guests", "links", "all"] as const;
const closes = [0, 7, 14, 30, 90] as const;
const slows = [0, 30, 60, 300, 900] as const;

interface At {
	s: SiteSettings;
	first: Settings; // as they were when the page was drawn
}

const choices = (list: readonly number[], own: number, words: (n: number) => string) =>
	[...new Set([...list, own])].map((n) => [n, words(n)] as const);

/** sections are the parts of the page, in their order. */
const sections = {
	install: ({ s, first }) => (
		<>
			<p>{t("install_lead")}</p>
			<Snippet base={s.desk.meta.base} site={first.key} />
			<Origins s={s} />
			<Line s={s} name="name" label={t("site_name")} />
		</>
	),
	check: ({ s, first }) => (
		<>
			<Loaded first={s.now.value?.first_seen_at ?? null} last={s.now.value?.last_seen_at ?? null} />
			<InstallCheck site={first.key} page={`${first.origins[0] ?? ""}/`} />
		</>
	),
	moderation: ({ s, first }) => (
		<>
			<p>{t("moderation_lead")}</p>
			<Modes s={s} first={first} />
			<div class="rows">
				<Pick
					s={s}
					name="close_days"
					label={t("close_after")}
					hint={t("close_after_says")}
					options={choices(closes, first.close_days, (n) => (n === 0 ? t("never") : t("days", { n })))}
				/>
				<Switch s={s} name="closed_all" label={t("close_all")} hint={t("close_all_says")} />
				<Pick
					s={s}
					name="slow_seconds"
					label={t("slow_mode")}
					hint={t("slow_says")}
					options={choices(slows, first.slow_seconds, (n) => (n === 0 ? t("off") : t("seconds", { n })))}
				/>
				<Num s={s} name="max_links" label={t("max_links")} hint={t("max_links_says")} />
				<Num s={s} name="new_posts" label={t("new_posts")} hint={t("new_posts_says")} />
				<Num s={s} name="new_hours" label={t("new_hours")} hint={t("new_hours_says")} />
				<Num s={s} name="burst" label={t("burst")} hint={t("burst_says")} />
				<Switch s={s} name="challenge" label={t("challenge_on")} hint={t("challenge_on_says")} />
				<Switch s={s} name="classifier" label={t("classifier_on")} hint={t("classifier_on_says")} />
			</div>
			<Lines s={s} name="closed_paths" label={t("closed_paths")} hint={t("closed_paths_says")} />
			<Night s={s} first={first} />
		</>
	),
	reports: ({ s }) => (
		<>
			<p>{t("reports_lead")}</p>
			<div class="rows">
				<Num s={s} name="hide_weight" label={t("hide_weight")} hint={t("hide_weight_says")} step="0.01" />
				<Num s={s} name="hide_weight_new" label={t("hide_weight_new")} hint={t("hide_weight_new_says")} step="0.01" />
				<Num s={s} name="hide_reporters" label={t("hide_reporters")} hint={t("hide_reporters_says")} />
			</div>
		</>
	),
	taking: ({ s }) => (
		<>
			<div class="rows">
				<Pick
					s={s}
					name="votes"
					label={t("votes")}
					options={[
						["updown", t("votes_updown")],
						["up", t("votes_up")],
						["off", t("off")],
					]}
				/>
				<Reactions s={s} />
				<Pick
					s={s}
					name="picks"
					label={t("set_picks")}
					hint={t("set_picks_says")}
					options={(["first", "tab", "place"] as const).map((v) => [v, t(`picks_${v}`)])}
				/>
				<Pick
					s={s}
					name="threads"
					label={t("threads_by")}
					hint={t("threads_by_says")}
					options={[
						["any", t("threads_any")],
						["fetched", t("threads_fetched")],
						["announced", t("threads_announced")],
					]}
				/>
				<Switch s={s} name="ask_standards" label={t("ask_standards")} hint={t("ask_standards_says")} />
				<Switch s={s} name="profiles" label={t("profiles")} hint={t("profiles_says")} />
				<Pick
					s={s}
					name="images"
					label={t("images")}
					hint={t("images_says")}
					options={[
						["off", t("images_off")],
						["trusted", t("images_trusted")],
						["members", t("images_members")],
					]}
				/>
				<Pick
					s={s}
					name="blur_images"
					label={t("blur_images")}
					hint={t("blur_images_says")}
					options={[
						["newcomers", t("blur_newcomers")],
						["all", t("blur_all")],
						["off", t("blur_off")],
					]}
				/>
				<p class="hint">
					{t("images_duties")}{" "}
					<a href="/docs/images" target="_blank" rel="noopener">
						{t("images_duties_link")}
					</a>
				</p>
				<Switch s={s} name="presence" label={t("presence_on")} hint={t("presence_says")} />
				<Pick
					s={s}
					name="view"
					label={t("set_view")}
					hint={t("set_view_says")}
					options={(["threads", "flat"] as const).map((v) => [v, t(`view_${v}`)])}
				/>
				<Pick
					s={s}
					name="sort"
					label={t("set_sort")}
					hint={t("set_sort_says")}
					options={(["best", "newest", "oldest", "controversial"] as const).map((v) => [v, t(`sort_${v}`)])}
				/>
				<Num s={s} name="max_depth" label={t("set_max_depth")} hint={t("set_max_depth_says")} />
				<Num s={s} name="edit_window_seconds" label={t("edit_window")} hint={t("edit_window_says")} />
				<Num s={s} name="max_length" label={t("max_length")} hint={t("max_length_says")} />
			</div>
			<Writers s={s} name="write" label={t("write")} hint={t("write_says")} />
			<Line s={s} name="subscribe_url" label={t("subscribe_url")} hint={t("subscribe_url_says")} />
			<Line s={s} name="rules_url" label={t("rules_url")} hint={t("rules_url_says")} />
		</>
	),
	signin: ({ s, first }) => (
		<>
			<p>{t("signin_lead")}</p>
			<SignInMethods desk={s.desk} />
			<div class="rows">
				<Switch s={s} name="accounts" label={t("way_site", { name: first.name })} hint={t("accounts_says")} />
				<Switch s={s} name="registration" label={t("registration")} hint={t("registration_says")} />
				<Switch s={s} name="guests" label={t("guests_on")} hint={t("guests_says")} />
			</div>
			<WayOrder s={s} />
			<h3>{t("sso_head")}</h3>
			<p class="hint">{t("sso_lead")}</p>
			<SigningKeys desk={s.desk} />
			<Line s={s} name="sso_login_url" label={t("sso_login")} hint={t("sso_login_says")} />
			<div class="rows">
				<Switch s={s} name="sso_roles" label={t("sso_roles")} hint={t("sso_roles_says")} />
			</div>
		</>
	),
	team: ({ s }) => (
		<>
			<p>{t("team_lead")}</p>
			<div class="rows">
				<Switch s={s} name="staff_second" label={t("set_staff_second")} hint={t("staff_second_says")} />
			</div>
			<Line s={s} name="team_name" label={t("team_name")} hint={t("team_name_says")} />
			<div class="fx">
				<button type="button" class="btn" onClick={() => s.desk.go({ screen: "people", filter: "staff" })}>
					<Icon name="users" />
					{t("trusted_people")}
				</button>
			</div>
		</>
	),
	mail: ({ s }) => (
		<>
			{s.desk.meta.mail ? (
				<p>{t("mail_lead")}</p>
			) : (
				<div class="note warn">
					<Icon name="alert" />
					<span>{t("mail_none")}</span>
				</div>
			)}
			<div class="rows">
				<Switch s={s} name="mail_replies" label={t("mail_replies")} hint={t("mail_replies_says")} />
				<Switch s={s} name="mail_decisions" label={t("mail_decisions")} hint={t("mail_decisions_says")} />
				<Switch s={s} name="mail_waiting" label={t("mail_waiting")} hint={t("mail_waiting_says")} />
				<Switch s={s} name="mail_new" label={t("mail_new")} hint={t("mail_new_says")} />
			</div>
			<NewsChoice desk={s.desk} />
			<MailTest desk={s.desk} />
		</>
	),
	services: ({ s }) => (
		<>
			<p>{t("services_lead")}</p>
			<SecretLine s={s} name="akismet_key" label={t("akismet_key")} hint={t("akismet_says")} />
			<Line s={s} name="scorer_url" label={t("scorer_url")} hint={t("scorer_says")} />
			<SecretLine s={s} name="scorer_key" label={t("scorer_key")} />
			<Line s={s} name="scorer_model" label={t("scorer_model")} />
			<div class="rows">
				<Num s={s} name="scorer_from" label={t("scorer_from")} hint={t("scorer_from_says")} step="0.01" />
			</div>
			<SecretLine s={s} name="hook_secret" label={t("hook_secret")} hint={t("hook_secret_says")} />
			<Line s={s} name="hook_url" label={t("hook_url")} hint={t("hook_says")} />
			<div class="rows">
				<Switch s={s} name="hook_fail_closed" label={t("hook_closed")} hint={t("hook_closed_says")} />
				<Num s={s} name="hook_seconds" label={t("hook_seconds")} hint={t("hook_seconds_says")} />
			</div>
		</>
	),
	import: ({ s }) => <ImportFile desk={s.desk} />,
	retention: ({ s }) => (
		<>
			<p>{t("retention_lead")}</p>
			<Retention desk={s.desk} />
		</>
	),
	site: ({ s }) => (
		<>
			<p>{t("site_lead", { key: s.now.value?.key ?? "" })}</p>
			<SiteLife s={s} />
		</>
	),
} as const satisfies Record<string, (at: At) => ComponentChildren>;

const names = Object.keys(sections) as (keyof typeof sections)[];

/** settings are a site's, each saved as it is changed; no restart. */
export function settings(desk: Desk, _: Params): Screen {
	const state = new SiteSettings(desk);
	const page = mounted(<Page s={state} />);
	return { title: t("settings"), el: page.el, stop: page.stop, hint: (x) => state.hint(x), tools: mounted(<Saved s={state} />).el };
}

/** Saved says in the head that the last change holds. */
function Saved({ s }: { s: SiteSettings }) {
	return (
		<span class="saved" role="status">
			{s.saved.value && (
				<>
					<Icon name="check" cls="i s" />
					{t("saved")}
				</>
			)}
		</span>
	);
}

function Page({ s }: { s: SiteSettings }) {
	const first = useRef<Settings | null>(null);
	first.current ??= s.now.value;
	const drawn = first.current;
	const shown = useMemo(() => names.filter((x) => x !== "import" || s.desk.may("settings")), []);
	return (
		<div class="set">
			{drawn ? (
				<>
					<Sections list={shown.map((x) => [x, t(`settings_${x}`)] as const)} />
					<div>
						{shown.map((x) => (
							<section key={x} class="blk" id={x}>
								<h2>{t(`settings_${x}`)}</h2>
								{sections[x]({ s, first: drawn })}
							</section>
						))}
					</div>
				</>
			) : (
				s.failed.value && <p class="alert">{`${t("failed")} ${s.failed.value}`}</p>
			)}
		</div>
	);
}

/** Modes choose what waits. */
function Modes({ s, first }: At) {
	const c = useChange(s);
	const show = (el: HTMLElement | null, holds: unknown) => {
		for (const box of el?.querySelectorAll("input") ?? []) box.checked = box.value === holds;
	};
	const cards = useFollow<HTMLDivElement>(s, "mode", show);
	const set = async (mode: string) => {
		if (!(await c.change({ mode }))) show(cards.current, s.now.value?.mode);
	};
	return (
		<div class="rad" role="radiogroup" aria-label={t("settings_moderation")} ref={cards}>
			{modes.map((m) => (
				<label key={m}>
					<input class="chk" type="radio" name="mode" value={m} defaultChecked={m === first.mode} onChange={() => void set(m)} />
					<span>
						<b>{t(`mode_${m}`)}</b>
						<span>{t(`mode_${m}_says`, { n: first.new_posts, hours: first.new_hours })}</span>
					</span>
				</label>
			))}
			<By s={s} name="mode" />
			<Clash s={s} c={c} name="mode" say={(v) => t(`mode_${v}` as "mode_all")} />
			<p class="err" role="alert">
				{c.wrong.value}
			</p>
		</div>
	);
}
