import { act } from "./acts.ts";
import { Act, Card } from "./card.tsx";
import { type Claim, claims } from "./state.ts";
import { on, t } from "./words.ts";

/** Claims are comments that were imported and may be the person's own. */
export function Claims() {
	if (claims.value.length === 0) return null;
	return (
		<Card title={t("claims")} sub={t("claims_lead")}>
			<ul class="list">
				{claims.value.map((c) => (
					<li key={c.id}>
						<span class="what">
							<b>{t("claims_by", { name: c.name, site: c.site.name })}</b>
							<small>{t("claims_facts", { n: t("claims_comments", { n: c.comment_count }), first: on(c.first_at), last: on(c.last_at) })}</small>
							{c.sample.map((x) => (
								<Sample key={x.id} x={x} />
							))}
							{c.state !== "open" && <small role="note">{t(c.state === "asked" ? "claims_asked" : "claims_declined")}</small>}
						</span>
						{c.state === "open" && <Answer c={c} />}
					</li>
				))}
			</ul>
		</Card>
	);
}

function Sample({ x }: { x: Claim["sample"][number] }) {
	return (
		<>
			<q class="wrote" dir="auto">
				{x.text}
			</q>
			<small>
				{x.url ? <a href={x.url}>{x.title}</a> : <bdi>{x.title}</bdi>} · {on(x.created_at)}
			</small>
		</>
	);
}

function Answer({ c }: { c: Claim }) {
	const say = (mine: boolean) => act("POST", `/api/v1/me/claims/${c.id}`, { mine }, t(mine ? "claims_did_ask" : "claims_did_not"));
	return (
		<div class="acts">
			<Act kind="pri" act={() => say(true)}>
				{t("claims_mine")}
			</Act>
			<Act act={() => say(false)}>{t("claims_not_mine")}</Act>
		</div>
	);
}
