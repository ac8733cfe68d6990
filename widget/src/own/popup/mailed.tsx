import { Button } from "../ui/button.tsx";
import { Submit, Text } from "../ui/form.tsx";
import { mailLink, resend, typedCode } from "./acts.ts";
import { Head, Step, StepForm, signInLabel, WithAddress } from "./parts.tsx";
import { show } from "./state.ts";
import { confirmAddress, confirmNewAddress, signInByLink } from "./tickets.ts";
import { t } from "./words.ts";

/** Unverified says that an address waits for its confirmation. */
export function Unverified() {
	return (
		<Step name="unverified" back>
			<Head icon="mail">{t("confirm_head")}</Head>
			<WithAddress text="confirm_lead" />
			<Button cls="btn full" act={resend}>
				{t("send_again")}
			</Button>
		</Step>
	);
}

/** Sent says that a link is in the mail. */
export function Sent() {
	return (
		<Step name="sent" back>
			<Head icon="mail">{t("sent_head")}</Head>
			<WithAddress text="sent_lead" />
			<button type="button" class="btn full" onClick={() => show("login")}>
				{t("sign_in")}
			</button>
		</Step>
	);
}

const CODE = 6; // digits

/** Link takes the code of a mailed link. */
export function Link() {
	const digits = (value: string) => value.replace(/\D/g, "");
	const typed = (e: Event) => {
		const box = e.currentTarget as HTMLInputElement;
		if (digits(box.value).length === CODE) box.form?.requestSubmit();
	};
	return (
		<Step name="link" back>
			<Head icon="mail">{t("link_head")}</Head>
			<WithAddress text="link_lead" />
			<StepForm id="code" act={(data) => typedCode(digits(data["code"] ?? ""))}>
				<Text
					id="c1"
					name="code"
					label={t("code_label")}
					labelCls="sr"
					cls="inp code"
					inputMode="numeric"
					autocomplete="one-time-code"
					maxLength={CODE}
					required
					typed={typed}
					around={(box) => <div class="codes">{box}</div>}
				/>
				<Submit cls="btn pri full">{signInLabel()}</Submit>
			</StepForm>
			<p class="hint">
				{t("link_hint")}{" "}
				<Button cls="lnk" act={mailLink}>
					{t("again")}
				</Button>
			</p>
		</Step>
	);
}

/** Tickets are the steps that mailed links open. */
export function Tickets() {
	return (
		<>
			<Ticket name="magic" head={t("sign_in")} lead={t("magic_lead")} button={t("magic_button")} act={signInByLink} />
			<Ticket name="email" head={t("address_head")} lead={t("address_lead")} button={t("confirm")} act={confirmNewAddress} />
			<Ticket name="verify" head={t("confirm_head")} lead={t("verify_lead")} button={t("confirm")} act={confirmAddress} />
		</>
	);
}

interface TicketProps {
	name: string;
	head: string;
	lead: string;
	button: string;
	act: () => Promise<void>;
}

function Ticket({ name, head, lead, button, act }: TicketProps) {
	return (
		<Step name={name}>
			<Head icon="mail">{head}</Head>
			<p class="lead">{lead}</p>
			<Button cls="btn pri full" act={act}>
				{button}
			</Button>
		</Step>
	);
}
