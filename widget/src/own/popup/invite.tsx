import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Answer, call, why } from "../client.ts";
import { type Data, type Sent, Submit, Text } from "../ui/form.tsx";
import { Acceptance } from "./account.tsx";
import { Head, Password, Step, StepForm } from "./parts.tsx";
import { problem, step } from "./state.ts";
import { held } from "./tickets.ts";
import { t } from "./words.ts";

interface Asked {
	site: string;
	site_key: string;
	role: "auditor" | "staff" | "moderator" | "admin";
	email: string;
	name: string;
	fresh: boolean;
	standards: string;
}

/** no says in a sentence why an invitation cannot be accepted any more. */
function no(r: Answer<unknown>): string {
	const over = overs.find((x) => x === r.code);
	return over ? t(`invite_${over}`) : r.status === 404 ? t("link_used") : why(r);
}

const overs = ["used", "revoked", "inviter", "expired"] as const;

/** Invite asks whoever opens an invitation's link whether they join; without an account they choose a name and a password. */
export function Invite() {
	const asked = useSignal<Asked | null>(null);
	const joined = useSignal(false);
	const shown = step.value === "invite";
	useEffect(() => {
		if (!shown) return;
		void call<Asked>("POST", "/auth/invitation", { token: held() }).then((r) => {
			asked.value = r.body;
			problem.value = r.body ? "" : no(r);
		});
	}, [shown]);
	const v = asked.value;
	const join = async (data: Data): Sent => {
		const r = await call("POST", "/auth/invite", { token: held(), ...data });
		if (r.status !== 200) {
			if (r.fields.length > 0) return { refused: r };
			asked.value = null;
			problem.value = no(r);
			return;
		}
		joined.value = true;
	};
	return (
		<Step name="invite">
			{joined.value && v ? (
				<>
					<Head icon="check" cls="ic ok">
						{t("invite_joined")}
					</Head>
					<p class="lead" role="status">
						{t("invite_joined_lead", { email: v.email })}
					</p>
					<a class="btn pri full" href={`/dashboard/?site=${encodeURIComponent(v.site_key)}`}>
						{t("invite_open")}
					</a>
				</>
			) : v ? (
				<>
					<Head icon="mail">{t("invite_head", { name: v.site })}</Head>
					<p class="lead">
						{t(`invite_as_${v.role}`)} {t("invite_for", { email: v.email })}
					</p>
					<StepForm id="invite" act={join}>
						{v.fresh && (
							<>
								<Text id="n4" name="name" label={t("display_name")} hint={t("name_hint")} autocomplete="name" maxLength={40} defaultValue={v.name} required />
								<Password id="p5" autocomplete="new-password" minLength={8} hint={t("password_hint")} />
							</>
						)}
						<Submit cls="btn pri full">{t("invite_join")}</Submit>
						{v.fresh && <Acceptance at={v.standards} />}
					</StepForm>
				</>
			) : (
				!problem.value && <Head icon="mail">{t("invite_reading")}</Head>
			)}
		</Step>
	);
}
