import { useRef } from "preact/hooks";
import { clock, t } from "../desk.ts";
import { useFocusKept } from "../parts/beside.tsx";
import type { Claims as State } from "../state/claims.ts";

/** Claims are of people who say that imported comments are theirs: the site says yes or no. */
export function Claims({ s }: { s: State }) {
	const root = useRef<HTMLDivElement>(null);
	useFocusKept(root);
	if (s.list.value.length === 0 && !s.wrong.value) return null;
	return (
		<div class="invs claims" ref={root}>
			<h2>{t("claims_head")}</h2>
			<p class="hint">{t("claims_hint")}</p>
			<div class="rows">
				{s.list.value.map((c) => (
					<div key={c.id}>
						<div class="grow">
							<b>{t("claims_line", { by: c.by, name: c.name })}</b>
							<span class="t">
								{t("claims_facts", { n: t("page_comments", { n: c.comment_count }), first: clock(c.first_at), last: clock(c.last_at), source: c.source })}
							</span>
							{c.sample.map((x) => (
								<p class="t" key={x.id}>
									<q dir="auto">{x.text}</q> <bdi>{x.title}</bdi>
								</p>
							))}
						</div>
						<button type="button" class="btn sm pri" aria-label={t("claim_approve_of", { by: c.by, name: c.name })} onClick={() => void s.decide(c, true)}>
							{t("claim_approve")}
						</button>
						<button type="button" class="btn sm" aria-label={t("claim_decline_of", { by: c.by, name: c.name })} onClick={() => void s.decide(c, false)}>
							{t("claim_decline")}
						</button>
					</div>
				))}
			</div>
			<p class="err" role="alert">
				{s.wrong.value}
			</p>
		</div>
	);
}
