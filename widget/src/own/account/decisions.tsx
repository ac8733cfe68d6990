import en from "../../../../static/i18n/en/reasons.json";
import { Words } from "../../shared/i18n/catalogue.ts";
import { Card } from "./card.tsx";
import { type Account, decisions } from "./state.ts";
import { at, t, words } from "./words.ts";

// The words of decisions are those of the mails.
const said = new Words<keyof typeof en>(en, words.lang);
await said.fetch("", "reasons");

const why = (reason: string) => (`reason_${reason}` in en ? said.t(`reason_${reason}` as keyof typeof en) : reason);

/** Reason is why something was decided, in the reader's language. */
function Reason({ reason }: { reason: string }) {
	const [before = "", after = ""] = said.t("reason_is", { reason: "\u0000" }).split("\u0000");
	return (
		<>
			{before}
			<bdi>{why(reason)}</bdi>
			{after}
		</>
	);
}

/** Bans are where the person cannot write, until when and why. */
export function Bans({ me }: { me: Account }) {
	return (
		<>
			{me.sites.map(
				(s) =>
					s.ban && (
						<Card key={s.site} title={s.name}>
							<p class="note warn">
								{s.ban.until ? said.t("banned_until", { date: at(s.ban.until) }) : said.t("banned")}{" "}
								{s.ban.reason && (
									<>
										<Reason reason={s.ban.reason} />.{" "}
									</>
								)}
								{said.t("can_read")}
							</p>
						</Card>
					),
			)}
		</>
	);
}

/** Decisions are the person's comments that moderators removed, each with why. */
export function Decisions() {
	if (decisions.value.length === 0) return null;
	return (
		<Card title={t("decisions")} sub={t("decisions_lead")}>
			<ul class="list">
				{decisions.value.map(({ comment, site, title, url }) => (
					<li key={comment.id}>
						<span class="what">
							<b>{said.t(comment.removal?.public ? "removed_heading" : "refused_heading")}</b>
							<small>
								<bdi>{site.name}</bdi> · {url ? <a href={url}>{title}</a> : <bdi>{title}</bdi>} · {at(comment.removal?.decided_at ?? comment.created_at)}
							</small>
							<q class="wrote" dir="auto">
								{comment.body}
							</q>
							<small>
								{comment.removal?.reason && <Reason reason={comment.removal.reason} />}{" "}
								{site.rules_url && <a href={site.rules_url}>{said.t("read_standards")}</a>}
							</small>
						</span>
					</li>
				))}
			</ul>
		</Card>
	);
}
