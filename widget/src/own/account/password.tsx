import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Answers } from "../../shared/api/generated.d.ts";
import { call, why } from "../client.ts";
import { type Data, Form, type Sent, Submit, Text } from "../ui/form.tsx";
import { act, answered } from "./acts.ts";
import { Act, Card } from "./card.tsx";
import { prove } from "./prove.tsx";
import { type Account, say } from "./state.ts";
import { t } from "./words.ts";

/** Password sets or changes the password; without an address there is none. */
export function Password({ me }: { me: Account }) {
	const send = async (data: Data): Sent =>
		answered(
			await call("POST", "/api/v1/me/password", data),
			me.password ? "old" : "new",
			() => say(t("your_password_is_changed_everywhere")),
			() => send(data),
		);
	return (
		<Card title={t("password")} sub={me.password ? t("8_characters_or_more_spaces") : t("you_have_none_you_can")}>
			<Form act={send}>
				<input type="email" autocomplete="username" value={me.email} hidden />
				<div class="two">
					{me.password && <Text name="old" label={t("password_now")} type="password" autocomplete="current-password" />}
					<Text name="new" label={t("new_password")} type="password" autocomplete="new-password" minLength={8} />
				</div>
				<div class="acts">
					<Submit cls="btn sm">{me.password ? t("change_password") : t("set_a_password")}</Submit>
				</div>
			</Form>
		</Card>
	);
}

type Begun = Answers["POST /api/v1/me/second-factor"];

/** SecondFactor switches the codes of an authenticator app on and off. */
export function SecondFactor({ me }: { me: Account }) {
	const begun = useSignal<Begun | null>(null);
	if (me.second_factor)
		return (
			<Card title={t("second_factor")} sub={t("on_your_password_alone_opens")}>
				<div class="acts">
					<Act kind="ghost" act={() => act("DELETE", "/api/v1/me/second-factor", undefined, t("the_second_factor_is_off"))}>
						{t("switch_off")}
					</Act>
				</div>
			</Card>
		);
	const begin = async (): Promise<void> => {
		const r = await call<Begun>("POST", "/api/v1/me/second-factor", {});
		if (r.code === "proof") return prove(begin);
		if (!r.body) return say(why(r), "bad");
		begun.value = r.body;
	};
	return (
		<Card title={t("second_factor")} sub={t("a_code_of_an_authenticator")}>
			<div class="choices" id="second-box">
				{begun.value ? (
					<Authenticator begun={begun.value} />
				) : (
					<div class="acts">
						<Act act={begin}>{t("set_up")}</Act>
					</div>
				)}
			</div>
		</Card>
	);
}

/** Authenticator shows the key for the app, and takes its first code. */
function Authenticator({ begun }: { begun: Begun }) {
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => box.current?.querySelector("input")?.focus(), []);
	const send = async (data: Data) => {
		const r = await call<Answers["PUT /api/v1/me/second-factor"]>("PUT", "/api/v1/me/second-factor", {
			ticket: begun.ticket,
			code: data["code"],
		});
		if (!r.body) return { refused: r, at: "code" };
		const codes = r.body.recovery_codes.join("  ");
		await say(t("the_second_factor_is_on"), "ok", { lead: t("keep_these_recovery_codes_each"), text: codes });
	};
	return (
		<>
			<p>
				{t("add_this_to_your_authenticator")}
				<a href={begun.uri}>{t("open_it")}</a>
				{t("or_type_the_key")}
			</p>
			<p class="secret">{begun.secret.replace(/(.{4})/g, "$1 ").trim()}</p>
			<div ref={box}>
				<Form act={send}>
					<Text name="code" label={t("code_that_the_app_shows")} autocomplete="one-time-code" inputMode="numeric" maxLength={7} />
					<div class="acts">
						<Submit cls="btn sm pri">{t("switch_on")}</Submit>
					</div>
				</Form>
			</div>
		</>
	);
}
