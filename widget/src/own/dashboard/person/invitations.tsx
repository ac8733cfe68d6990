import { useRef } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { clock, t } from "../desk.ts";
import { useFocusKept } from "../parts/beside.tsx";
import type { Invitations as State } from "../state/invitations.ts";

/** Invitations are those that wait, above the team: sent again, or taken back. */
export function Invitations({ s }: { s: State }) {
	const root = useRef<HTMLDivElement>(null);
	useFocusKept(root);
	if (s.list.value.length === 0 && !s.wrong.value) return null;
	return (
		<div class="invs" ref={root}>
			<h2>{t("invited_head")}</h2>
			<div class="rows">
				{s.list.value.map((v) => (
					<div key={v.id}>
						<Icon name="mail" />
						<span class="grow">
							<b>{v.email}</b>
							<span class="t">
								{t(`role_${v.role}` as "role_admin")} · {v.by ? t("invited_by", { name: v.by }) : t("invited_on_server")} ·{" "}
								{t(v.expired ? "invited_late" : "invited_until", { date: clock(v.expires_at) })}
							</span>
						</span>
						<button type="button" class="btn sm" aria-label={t("invite_again_to", { email: v.email })} onClick={() => void s.again(v)}>
							{t("invite_again")}
						</button>
						<button type="button" class="btn sm" aria-label={t("uninvite_of", { email: v.email })} onClick={() => void s.revoke(v)}>
							{t("uninvite")}
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
