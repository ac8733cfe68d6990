import { useSignal } from "@preact/signals";
import { call } from "../client.ts";
import { make, possible } from "../passkey.ts";
import { Button } from "../ui/button.tsx";
import { type Data, Form, type Sent, Submit, Text } from "../ui/form.tsx";
import { Icon } from "../ui/icon.tsx";
import { Segment } from "../ui/segment.tsx";
import type { Setup } from "./state.ts";
import { t } from "./words.ts";

type By = "password" | "passkey";

/** keyMade says whether the device has made a passkey, and the server keeps it. */
async function keyMade(): Promise<boolean> {
	const r = await make();
	return r !== null && r.status > 0 && r.status < 300;
}

/** Owner makes the first account; where it is there without a way to sign in, that. */
export function Owner({ s }: { s: Setup }) {
	if (s.account.value) return <WayIn s={s} />;
	return <Account s={s} />;
}

function Account({ s }: { s: Setup }) {
	const by = useSignal<By>("password");
	const send = async (data: Data): Sent => {
		const key = by.value === "passkey";
		const r = await call("POST", "/setup", {
			token: s.token,
			name: data["name"] ?? "",
			email: data["email"] ?? "",
			...(key ? { passkey: true } : { password: data["password"] ?? "" }),
		});
		if (!r.body) return { refused: r };
		if (!key || (await keyMade())) await s.made();
		else await s.keyless();
	};
	return (
		<div class="step">
			<h1 tabIndex={-1}>{t("owner_title")}</h1>
			<p class="lead">{t("owner_lead")}</p>
			<Form id="setup" act={send}>
				<div class="two">
					<Text name="name" label={t("name")} autocomplete="name" maxLength={40} />
					<Text name="email" label={t("email")} type="email" autocomplete="username" />
				</div>
				<div class="field">
					<span class="lbl">{t("sign_in_by")}</span>
					<Segment<By>
						label={t("sign_in_by")}
						options={[
							["password", t("by_password")],
							["passkey", t("by_passkey")],
						]}
						value={by.value}
						change={(v) => {
							by.value = v;
						}}
					/>
				</div>
				{by.value === "password" ? (
					<Password />
				) : possible() ? (
					<p class="hint">{t("passkey_hint")}</p>
				) : (
					<p class="err" role="alert">
						{t("passkey_none")}
					</p>
				)}
				<p class="note">
					<Icon name="lock" />
					<span>{t("once")}</span>
				</p>
				<div class="acts">
					<span class="sp" />
					{(by.value === "password" || possible()) && <Submit cls="btn pri">{t("create")}</Submit>}
				</div>
			</Form>
		</div>
	);
}

/** Password is a box for a new one, that can be looked at. */
function Password() {
	const seen = useSignal(false);
	return (
		<Text
			name="password"
			label={t("password")}
			type={seen.value ? "text" : "password"}
			autocomplete="new-password"
			hint={t("password_hint")}
			around={(box) => (
				<div class="pw">
					{box}
					<button
						type="button"
						class="ib"
						aria-label={t("password_show")}
						aria-pressed={seen.value ? "true" : "false"}
						onClick={() => {
							seen.value = !seen.value;
						}}
					>
						<Icon name={seen.value ? "eyeoff" : "eye"} />
					</button>
				</div>
			)}
		/>
	);
}

/** WayIn is for an account that was made for a passkey, and has none. */
function WayIn({ s }: { s: Setup }) {
	const again = async () => {
		if (await keyMade()) await s.made();
	};
	const set = async (data: Data): Sent => {
		const r = await call("POST", "/api/v1/me/password", { new: data["password"] ?? "" });
		if (r.status >= 300 || r.status === 0) return { refused: r, at: "password" };
		await s.made();
	};
	return (
		<div class="step">
			<h1 tabIndex={-1}>{t("passkey_title")}</h1>
			<p class="lead">{t("passkey_lead")}</p>
			{possible() && (
				<div>
					<Button cls="btn pri" act={again}>
						<Icon name="key" />
						{t("passkey_again")}
					</Button>
				</div>
			)}
			<Form act={set}>
				<Password />
				<div class="acts">
					<span class="sp" />
					<Submit cls="btn">{t("password_instead")}</Submit>
				</div>
			</Form>
		</div>
	);
}
