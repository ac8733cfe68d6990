import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Field } from "../ui/field.tsx";
import { Segment } from "../ui/segment.tsx";
import { t } from "./desk.ts";
import { Close } from "./parts/beside.tsx";
import { proving } from "./prove.tsx";
import { useRefusal } from "./refusal.ts";
import type { People } from "./state/people.ts";

const roles = ["moderator", "staff", "auditor", "admin"] as const;
type Role = (typeof roles)[number];

/** Invite asks somebody to help run the site: a role, and a mail with a link. */
export function Invite({ s }: { s: People }) {
	const role = useSignal<Role>("moderator");
	const busy = useSignal(false);
	const no = useRefusal();
	const form = useRef<HTMLFormElement>(null);
	useLayoutEffect(() => form.current?.querySelector("input")?.focus(), []);
	const submit = async (e: Event) => {
		e.preventDefault();
		if (!form.current) return;
		const data = new FormData(form.current);
		const email = String(data.get("email") ?? "").trim();
		const name = String(data.get("name") ?? "").trim();
		no.say("email", email ? "" : t("must_be_given"));
		if (!email) return form.current.querySelector("input")?.focus();
		busy.value = true;
		const r = await proving<{ id: string }>("POST", s.desk.api("/moderation/invitations"), { email, name, role: role.value });
		busy.value = false;
		if (r.body) return s.invited(email);
		if (form.current) no.take(form.current, r);
	};
	const wrong = no.wrong.value;
	return (
		<>
			<div class="who">
				<h2 class="grow">{t("invite")}</h2>
				<Close close={() => s.invite(false)} />
			</div>
			<p class="hint">{t("invite_lead")}</p>
			<form class="stack" noValidate ref={form} onSubmit={submit}>
				<Field
					label={t("invite_email")}
					wrong={wrong["email"] ?? ""}
					control={(named) => <input class="inp" name="email" type="email" maxLength={254} autocomplete="off" spellcheck={false} {...named} />}
				/>
				<Field
					label={t("invite_name")}
					hint={t("invite_name_hint")}
					wrong={wrong["name"] ?? ""}
					control={(named) => <input class="inp" name="name" maxLength={40} autocomplete="off" {...named} />}
				/>
				<Segment
					label={t("invite_role")}
					options={roles.map((r) => [r, t(`role_${r}`)] as const)}
					value={role.value}
					change={(r) => {
						role.value = r;
					}}
					cls="full"
				/>
				<p class="hint">{t(`invite_says_${role.value}`)}</p>
				<p class="alert" role="alert" hidden={no.rest.value === ""}>
					{no.rest.value}
				</p>
				<button type="submit" class="btn pri full" disabled={busy.value}>
					{t("invite_send")}
				</button>
			</form>
		</>
	);
}
