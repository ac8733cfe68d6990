import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { Icon } from "../../ui/icon.tsx";
import { type Answer, ago, call, type Desk, t } from "../desk.ts";
import { proving } from "../prove.tsx";
import { confirm } from "../question.tsx";
import type { PersonDetail } from "../shapes.ts";

type Sessions = Answers["GET /api/v1/sites/{site}/moderation/people/{id}/sessions"];

interface Props {
	desk: Desk;
	p: PersonDetail;
	changed: (p: PersonDetail) => void;
	send: (sent: Promise<Answer<PersonDetail>>) => Promise<Answer<PersonDetail>>;
}

/** OfTheTeam is what admins see and do about one of the team: where they are signed in, and handing the site over. */
export function OfTheTeam({ desk, p, changed, send }: Props) {
	const told = useSignal<Answer<Sessions> | null>(null);
	const wrong = useSignal("");
	const load = async () => {
		told.value = await call<Sessions>("GET", desk.api(`/moderation/people/${p.id}/sessions`));
	};
	useEffect(() => void load(), [p]);
	const end = async () => {
		if (!(await confirm(t("sessions_end_head", { name: p.name }), t("sessions_end_lead"), t("sessions_end")))) return;
		const r = await proving("DELETE", desk.api(`/moderation/people/${p.id}/sessions`));
		wrong.value = r.status === 204 ? "" : t("not_done", { why: r.detail });
		if (r.status === 204) desk.toast(t("did_end_sessions", { name: p.name }));
		await load();
	};
	const give = async () => {
		if (!(await confirm(t("hand_over_head", { name: p.name, site: desk.site.name }), t("hand_over_lead"), t("hand_over")))) return;
		const r = await send(proving<PersonDetail>("POST", desk.api(`/moderation/people/${p.id}/hand-over`)));
		wrong.value = r.body ? "" : t("not_done", { why: r.detail });
		if (!r.body) return;
		changed(r.body);
		if (desk.site.role === "admin") location.reload(); // what the page may do is another from now on
	};
	const list = told.value?.body?.sessions ?? [];
	return (
		<div class="sect">
			<div class="cap">
				<h3>{t("sessions_head")}</h3>
			</div>
			{told.value?.body && (
				<p class="hint">
					{t(told.value.body.second_factor ? "has_second" : "has_no_second")}
				</p>
			)}
			{told.value && !told.value.body && <p class="hint">{told.value.detail}</p>}
			{told.value?.body && list.length === 0 && <p class="hint">{t("sessions_none")}</p>}
			<ul class="hist">
				{list.map((x) => (
					<li key={x.id}>
						<Icon name={x.kind === "program" ? "key" : "user"} />
						<p>
							<bdi>{x.name && x.kind === "program" ? t("session_token", { name: x.name }) : x.agent || t("session_unknown")}</bdi>
						</p>
						<time class="t" dateTime={x.used_at}>
							{ago(x.used_at)}
						</time>
					</li>
				))}
			</ul>
			<p class="alert" role="alert" hidden={wrong.value === ""}>
				{wrong.value}
			</p>
			<div class="fx">
				{list.length > 0 && (
					<button type="button" class="btn sm" onClick={() => void end()}>
						{t("sessions_end")}
					</button>
				)}
				{p.role !== "admin" && (
					<button type="button" class="btn sm" onClick={() => void give()}>
						{t("hand_over_more")}
					</button>
				)}
			</div>
		</div>
	);
}
