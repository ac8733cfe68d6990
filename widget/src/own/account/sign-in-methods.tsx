import type { SignInMethod } from "../../shared/api/shapes.ts";
import { call, why } from "../client.ts";
import { make, possible } from "../passkey.ts";
import { type Data, Form, type Sent, Submit, Text } from "../ui/form.tsx";
import { act, answered } from "./acts.ts";
import { Act, Card, Row } from "./card.tsx";
import { prove } from "./prove.tsx";
import { type Account, meta, say } from "./state.ts";
import { at, t } from "./words.ts";

/** SignInMethods are the providers and passkeys that open the account. */
export function SignInMethods({ me }: { me: Account }) {
	const more = meta.ways.filter((w) => !me.identities.some((i) => i.provider === w.id));
	return (
		<Card title={t("ways_to_sign_in")} sub={t("each_of_these_opens_this")}>
			{me.identities.length + me.passkeys.length > 0 && (
				<ul class="list">
					{me.identities.map((i) => (
						<Row key={i.provider} title={i.label} says={t("used_by", { name: i.name, at: at(i.used_at) })}>
							<Act
								kind="ghost"
								act={() =>
									act(
										"DELETE",
										`/api/v1/me/identities/${encodeURIComponent(i.provider)}`,
										undefined,
										t("is_removed", { name: i.label }),
									)
								}
							>
								{t("remove")}
							</Act>
						</Row>
					))}
					{me.passkeys.map((k) => (
						<Row
							key={k.id}
							title={t("passkey")}
							says={`${k.name} · ${k.used_at ? t("last_used", { at: at(k.used_at) }) : t("made", { at: at(k.created_at) })}`}
						>
							<Act kind="ghost" act={() => act("DELETE", `/api/v1/passkeys/${k.id}`, undefined, t("the_passkey_is_removed"))}>
								{t("remove")}
							</Act>
						</Row>
					))}
				</ul>
			)}
			{(possible() || more.length > 0) && (
				<div class="acts">
					{possible() && <Act act={addPasskey}>{t("add_a_passkey")}</Act>}
					{more.map((w) => (
						<Act key={w.id} act={() => link(w)}>
							{t("add", { name: w.label })}
						</Act>
					))}
				</div>
			)}
		</Card>
	);
}

async function addPasskey(): Promise<void> {
	const r = await make();
	if (r === null) return;
	if (r.status === 201) return say(t("the_passkey_is_added_next"));
	if (r.code === "proof") return prove(addPasskey);
	await say(why(r), "bad");
}

/** link leaves for a provider, to come back with one way more. */
async function link(w: SignInMethod): Promise<void> {
	const r = await call<{ url?: string }>("POST", "/auth/link", { provider: w.id });
	if (r.body?.url) {
		location.assign(r.body.url);
		return;
	}
	if (r.code === "proof") return prove(() => link(w));
	await say(why(r), "bad");
}

/** Address is where mail goes. */
export function Address({ me }: { me: Account }) {
	const send = async (data: Data): Sent =>
		answered(
			await call("POST", "/api/v1/me/email", data),
			"email",
			() => say(t("we_sent_a_link_to")),
			() => send(data),
		);
	return (
		<Card title={t("e_mail")} sub={me.email ? t("address_is", { email: me.email }) : t("none_with_one_you_can")}>
			<Form act={send}>
				<Text name="email" label={me.email ? t("new_address") : t("address")} type="email" autocomplete="email" />
				<div class="acts">
					<Submit cls="btn sm">{me.email ? t("change_address") : t("add_address")}</Submit>
				</div>
			</Form>
		</Card>
	);
}
