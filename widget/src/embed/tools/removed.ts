import en from "../../../../static/i18n/en/reasons.json";
import { h, icon } from "../../shared/dom/h.ts";
import { nodes } from "../../shared/dom/html.ts";
import { Words } from "../../shared/i18n/catalogue.ts";
import type { Comment } from "../../shared/api/shapes.ts";
import type { App } from "../app.ts";
import { choice, choose } from "../state/draft.ts";
import { wordsOf } from "./words.ts";

type ReasonKey = keyof typeof en;

/** reasons are the words about decisions, in the widget's language: those that mails use too. */
async function reasons(app: App): Promise<Words<ReasonKey>> {
	await wordsOf(app); // the style
	const words = new Words<ReasonKey>(en, app.x.words.lang);
	await words.fetch(app.base, "reasons");
	return words;
}

/** why is a reason in the reader's language: a clause by its key, or what a moderator typed. */
function why(t: Words<ReasonKey>, reason: string): string {
	return t.t("reason_is", { reason: `reason_${reason}` in en ? t.t(`reason_${reason}` as ReasonKey) : reason });
}

/**
 * removed tells a reader what became of comments of theirs that moderators took
 * away: under the place where one stood, or above the list where it has none.
 */
export async function removed(app: App, list: readonly Comment[]): Promise<void> {
	const t = await reasons(app);
	const key = `dismissed:${app.o.site}`;
	const seen = choice(key).split(",");
	for (const was of app.frame.el.querySelectorAll(".rm")) was.remove();
	if (!app.x.d.user) return; // left meanwhile
	for (const c of list) {
		const { removal } = c;
		if (!removal || seen.includes(c.id)) continue;
		const note = h("div.rm", { role: "group", "aria-label": t.t(removal.public ? "removed_heading" : "refused_heading") });
		const dismiss = () => {
			choose(key, [...choice(key).split(",").filter(Boolean).slice(-50), c.id].join());
			const next = [...app.frame.el.querySelectorAll(".rm")].find((el) => el !== note)?.querySelector<HTMLElement>("button:last-of-type");
			note.remove();
			if (next) next.focus();
			else app.frame.focus();
		};
		note.append(
			h("p.rm-h", {}, icon("trash"), h("b", {}, t.t(removal.public ? "removed_heading" : "refused_heading")), h("span", {}, t.t("only_you"))),
			h("div.c-b", { dir: "auto" }, nodes(c.html)),
			h(
				"p.rm-f",
				{},
				removal.reason !== "" && h("span", {}, why(t, removal.reason)),
				h("button.lnk", { type: "button", onclick: (e: Event) => app.x.acts.standards(e.currentTarget as HTMLElement) }, t.t("read_standards")),
				h("button.lnk", { type: "button", onclick: dismiss }, t.t("dismiss")),
			),
		);
		app.x.pics?.(note);
		const place = app.list.get(c.id)?.article.querySelector(".c-main");
		if (place) place.append(note);
		else app.frame.list.before(note);
	}
}

/** banned says until when and why somebody cannot write. */
export async function banned(app: App, ban: { reason?: unknown; until?: unknown }): Promise<string> {
	const t = await reasons(app);
	const said = ban.until ? t.t("banned_until", { date: t.full(new Date(String(ban.until))) }) : t.t("banned");
	return `${said} ${ban.reason ? `${why(t, String(ban.reason))}. ` : ""}${t.t("can_read")}`;
}
