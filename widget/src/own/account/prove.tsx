import { call } from "../client.ts";
import { Button } from "../ui/button.tsx";
import { dialog, HEADING } from "../ui/dialog.tsx";
import { type Data, Form, Submit, Text } from "../ui/form.tsx";
import { me, signOut } from "./state.ts";
import { t } from "./words.ts";

/** prove asks who it is, then does what was asked. */
export function prove(then: () => unknown): void {
	const who = me.value;
	if (!who) return;
	const { password, second_factor: second } = who;
	void dialog<true>("box", ({ done, close }) => {
		const send = async (data: Data) => {
			const r = await call("POST", "/api/v1/me/proof", data);
			if (r.status !== 204) return { refused: r, at: password ? "password" : "code" };
			done(true);
		};
		return (
			<div class="step">
				<Form act={send}>
					<h1 id={HEADING}>{t("is_it_you")}</h1>
					{password ? (
						<Text
							id="prove-password"
							name="password"
							label={t("password")}
							type="password"
							autocomplete="current-password"
							required
						/>
					) : (
						<p class="lead">{t("sign_in_again_then_come")}</p>
					)}
					{second && (
						<Text id="prove-code" name="code" label={t("code_of_your_authenticator_app")} autocomplete="one-time-code" />
					)}
					{(password || second) && <Submit cls="btn pri full">{t("go_on")}</Submit>}
				</Form>
				<div class="acts">
					{(!password || who.passkeys.length > 0) && (
						<Button cls="btn sm" act={signOut}>
							{t("sign_in_again")}
						</Button>
					)}
					<Button cls="btn sm" act={close}>
						{t("cancel")}
					</Button>
				</div>
			</div>
		);
	}).then((yes) => yes && then());
}
