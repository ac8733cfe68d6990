import type { Answers } from "../../shared/api/generated.d.ts";
import { fill, h, icon } from "../../shared/dom/h.ts";
import type { Acting } from "../acting.ts";
import { problem } from "../api/reader.ts";
import type { App } from "../app.ts";
import { openDialog } from "../view/dialog.ts";
import { avatar } from "../view/reply-line.ts";
import { mute } from "./muting.ts";
import { report } from "./report.ts";
import { type ToolKey, wordsOf } from "./words.ts";

type Card = Answers["GET /api/v1/users/{id}"];

const BADGES = ["admin", "moderator", "staff", "author", "expert", "subscriber", "newcomer"] as const;

/** person shows who wrote a comment: since when, how much, and what can be done about it. */
export async function person(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const { x, reader, base } = app;
	const author = x.d.known.get(id)?.author;
	if (!author) return;
	const back = () => acting.button(id, "person") ?? button;
	const dialog = openDialog(app.frame.el, back, { title: author.name, close: t.t("close") });
	const facts = h("div.facts", { role: "status" }, t.t("loading"));
	const mine = x.d.mine.has(id);
	const muted = x.d.mutes.has(author.id);
	const badges = BADGES.filter((b) => author.badges.includes(b) && (b !== "moderator" || !author.badges.includes("admin")));
	fill(dialog.body, [
		h("div.card", {}, avatar(author.avatar_url, 56), facts),
		badges.length > 0 && h("ul.bdgs", {}, ...badges.map((b) => h("li", {}, h("b", {}, x.words.t(b)), " ", h("span.hint", {}, t.t(`badge_${b}` as ToolKey))))),
		!mine &&
			h(
				"div.acts",
				{},
				h("button.btn.ghost", { type: "button", onclick: () => dialog.close(() => void report(app, acting, id, button)) }, icon("flag"), t.t("card_report")),
				h(
					"button.btn.ghost",
					{ type: "button", onclick: () => dialog.close(() => void mute(app, acting, id, author.id, author.name, !muted)) },
					icon("mute"),
					t.t(muted ? "unmute" : "mute", { name: author.name }),
				),
			),
	]);
	try {
		const c = await reader.read<Card>(`${base}/api/v1/users/${author.id}`);
		fill(facts, [
			author.guest ? h("p", {}, x.words.t("guest")) : h("p", {}, t.t("card_since", { date: x.words.when(new Date(c.since), { dateStyle: "long" }) })),
			h("p", {}, t.t("card_comments", { n: c.comments }), c.picks > 0 && ` · ${t.t("card_picks", { n: c.picks })}`),
			c.profile_url && h("p", {}, h("a", { href: c.profile_url, target: "_blank", rel: "noopener" }, t.t("card_all"))),
		]);
	} catch (e) {
		fill(facts, [t.t(problem(e)?.status === 404 ? "card_none" : "failed")]);
	}
}
