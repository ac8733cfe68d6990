import type { Answers } from "../../shared/api/generated.d.ts";
import { call } from "../client.ts";
import { type Data, Form, type Sent, Submit, Text } from "../ui/form.tsx";
import { act, answered } from "./acts.ts";
import { Act, Card, Row } from "./card.tsx";
import { type Account, type Session, say, sessions, tokens } from "./state.ts";
import { at, on, t } from "./words.ts";

const place = (s: Session): string => {
	if (s.kind === "account") return s.agent;
	return s.kind === "widget" ? t("comments_on", { agent: s.agent, site: s.site }) : t("a_program");
};

/** Sessions are where the person is signed in. */
export function Sessions() {
	const list = sessions.value;
	const everywhere = () => act("DELETE", "/api/v1/me/sessions", undefined, t("you_are_signed_out_everywhere"));
	return (
		<Card title={t("where_you_are_signed_in")}>
			<ul class="list">
				{list.map((s) => (
					<Row
						key={s.id}
						title={place(s) || t("an_older_session")}
						says={t("since", { since: at(s.created_at), at: at(s.used_at) })}
					>
						{s.current ? (
							<span class="tag">{t("this_one")}</span>
						) : (
							<Act kind="ghost" act={() => act("DELETE", `/api/v1/me/sessions/${s.id}`, undefined, t("signed_out_there"))}>
								{t("sign_out_there")}
							</Act>
						)}
					</Row>
				))}
			</ul>
			{list.length > 1 && (
				<div class="acts">
					<Act act={everywhere}>{t("sign_out_everywhere_else")}</Act>
				</div>
			)}
		</Card>
	);
}

const scopes = ["read", "write", "moderate", "admin"];

/** Tokens are the tokens by which programs act in the person's name. */
export function Tokens({ me }: { me: Account }) {
	const list = tokens.value;
	const send = async (data: Data): Sent =>
		answered(
			await call<Answers["POST /api/v1/me/tokens"]>("POST", "/api/v1/me/tokens", {
				name: data["name"],
				scopes: [data["scope"]],
				site: data["site"],
			}),
			"name",
			(made) => say(t("the_token_is_made"), "ok", { lead: t("copy_the_token_now_it"), text: made.token }),
			() => send(data),
		);
	return (
		<Card title={t("api_tokens")} sub={t("for_programs_that_act_in")}>
			{list.length > 0 && (
				<ul class="list">
					{list.map((k) => (
						<Row
							key={k.id}
							title={k.name || t("made_by_command")}
							says={t("token_line", {
								scopes: k.scopes.join(", ") || t("everything"),
								where: k.site || t("all_my_sites"),
								at: at(k.used_at),
								until: on(k.expires_at),
							})}
						>
							<Act kind="ghost" act={() => act("DELETE", `/api/v1/me/tokens/${k.id}`, undefined, t("the_token_is_revoked"))}>
								{t("revoke")}
							</Act>
						</Row>
					))}
				</ul>
			)}
			<Form act={send}>
				<Text name="name" label={t("name")} maxLength={60} placeholder={t("backup_script")} />
				<div class="two">
					<div class="field">
						<label for="f-scope">{t("how_far_it_reaches")}</label>
						<select class="inp" id="f-scope" name="scope">
							{scopes.map((s) => (
								<option key={s} value={s}>
									{s}
								</option>
							))}
						</select>
					</div>
					<div class="field">
						<label for="f-site">{t("where")}</label>
						<select class="inp" id="f-site" name="site">
							<option value="">{t("all_my_sites")}</option>
							{me.sites.map((s) => (
								<option key={s.site} value={s.site}>
									{s.name}
								</option>
							))}
						</select>
					</div>
				</div>
				<div class="acts">
					<Submit cls="btn sm">{t("make_a_token")}</Submit>
				</div>
			</Form>
		</Card>
	);
}
