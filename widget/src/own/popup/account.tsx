import { useSignal } from "@preact/signals";
import { possible } from "../passkey.ts";
import { Button } from "../ui/button.tsx";
import { Submit, Text } from "../ui/form.tsx";
import { introduce, login, passkey, register, reset } from "./acts.ts";
import { meta } from "./meta.ts";
import { Head, Icon, Identity, MailLink, Password, Step, StepForm, signInLabel, Username } from "./parts.tsx";
import { now, show } from "./state.ts";
import { setPassword } from "./tickets.ts";
import { t } from "./words.ts";

/** Login asks for the password, or offers what does without. */
export function Login() {
	return (
		<Step name="login" back>
			<Head>{t("welcome")}</Head>
			<Identity />
			{possible() && (
				<>
					<Button cls="btn full" act={passkey}>
						<Icon name="finger" />
						{t("use_passkey")}
					</Button>
					<div class="or">{t("or")}</div>
				</>
			)}
			<StepForm id="login" act={(data) => login(data)}>
				<Username />
				<Password
					id="p1"
					labelCls="lbl"
					autocomplete="current-password"
					beside={
						<button type="button" class="lnk" onClick={() => show("reset")}>
							{t("forgot")}
						</button>
					}
				/>
				<Submit cls="btn pri full">{signInLabel()}</Submit>
			</StepForm>
			<MailLink text={t("mail_link")} />
			{meta.registration && (
				<p class="hint">
					{t("new_here")}{" "}
					<button type="button" class="lnk" onClick={() => show("register")}>
						{t("create")}
					</button>
				</p>
			)}
		</Step>
	);
}

const LONG = [8, 10, 12, 16]; // characters for one, two, three, four bars

/** Register makes an account. */
export function Register() {
	const length = useSignal(0);
	const typed = (e: Event) => {
		length.value = [...(e.currentTarget as HTMLInputElement).value].length;
	};
	return (
		<Step name="register" back>
			<Head>{t("create_head")}</Head>
			<Identity />
			<StepForm id="register" act={register}>
				<Username />
				<DisplayName id="n1" hint={t("name_hint")} />
				<Password
					id="p3"
					autocomplete="new-password"
					minLength={8}
					hint={t("password_hint")}
					typed={typed}
					below={
						<div class="meter" aria-hidden="true">
							{LONG.map((n) => (
								<i key={n} class={length.value >= n ? "on" : ""} />
							))}
						</div>
					}
				/>
				{meta.asks && <Accepts />}
				<Submit cls="btn pri full">{t("create_button")}</Submit>
			</StepForm>
			{!meta.asks && <Acceptance at={meta.standards} />}
		</Step>
	);
}

/** Acceptance says what making an account agrees to; the server writes down which version. */
export function Acceptance({ at }: { at?: string | undefined }) {
	if (!at) return null;
	return (
		<p class="hint">
			{t("accept")}{" "}
			<a href={at} target="_blank" rel="noopener">
				{t("standards")}
			</a>
			.
		</p>
	);
}

/** Accepts asks for an agreement by a box of its own. */
function Accepts() {
	const link = (at: string, text: string) => (
		<a href={at} target="_blank" rel="noopener">
			{text}
		</a>
	);
	return (
		<label class="check">
			<input class="chk" type="checkbox" name="accepted" required />
			<span>
				{t("i_accept")} {link(meta.standards ?? "", t("standards"))} {t("and_read")} {link(`/p/${encodeURIComponent(meta.site ?? "")}/privacy`, t("privacy_page"))}.
			</span>
		</label>
	);
}

function DisplayName({ id, hint = "", name = "" }: { id: string; hint?: string; name?: string }) {
	return (
		<Text
			id={id}
			name="name"
			label={t("display_name")}
			hint={hint}
			autocomplete="nickname"
			minLength={2}
			maxLength={40}
			defaultValue={name}
			required
		/>
	);
}

/** Reset asks where to mail the link that sets a new password. */
export function Reset() {
	return (
		<Step name="reset" back>
			<Head>{t("reset_head")}</Head>
			<p class="lead">{t("reset_lead")}</p>
			<StepForm id="reset" act={reset}>
				<Text id="e2" name="email" label={t("email")} type="email" autocomplete="username" required />
				<Submit cls="btn pri full">{t("send_link")}</Submit>
			</StepForm>
		</Step>
	);
}

/** NewPassword sets one, by a mailed link. */
export function NewPassword() {
	return (
		<Step name="newpassword">
			<Head>{t("reset_head")}</Head>
			<StepForm id="newpassword" act={setPassword}>
				<Password id="p4" autocomplete="new-password" minLength={8} hint={t("newpassword_hint")} />
				<Submit cls="btn pri full">{t("save")}</Submit>
			</StepForm>
		</Step>
	);
}

/** SecondFactor asks for the code of an app. */
export function SecondFactor() {
	return (
		<Step name="second" back>
			<Head icon="lock">{t("second_head")}</Head>
			<p class="lead">{t("second_lead")}</p>
			<StepForm id="second" act={(data) => now.secondFactor(data["code"] ?? "")}>
				<Text id="c2" name="code" label={t("code")} autocomplete="one-time-code" maxLength={24} required />
				<Submit cls="btn pri full">{signInLabel()}</Submit>
			</StepForm>
		</Step>
	);
}

/** Introduce asks somebody whom a provider brings for the first time how to be shown. */
export function Introduce() {
	const who = meta.newcomer;
	const label = meta.label ?? t("the_provider");
	return (
		<Step name="name">
			<img class="pic" alt="" width={56} height={56} src="/avatars/1.svg" />
			<Head>{t("name_head")}</Head>
			<p class="lead">{t(who?.picture ? "told_both" : "told_name", { name: label })}</p>
			<StepForm id="introduce" act={introduce}>
				<DisplayName id="n2" name={who?.name ?? ""} />
				<Check name="picture" text={t("use_photo", { name: label })} hidden={!who?.picture} />
				<Check name="mail_replies" text={t("mail_replies")} hidden={!who?.mail} />
				{meta.asks && <Accepts />}
				<Submit cls="btn pri full">{t("continue")}</Submit>
			</StepForm>
			{!meta.asks && <Acceptance at={meta.standards} />}
		</Step>
	);
}

function Check({ name, text, hidden }: { name: string; text: string; hidden: boolean }) {
	return (
		<label class="check" hidden={hidden}>
			<input class="chk" type="checkbox" name={name} />
			<span>{text}</span>
		</label>
	);
}
