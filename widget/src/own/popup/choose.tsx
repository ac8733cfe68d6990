import { here } from "../../shared/in-app.ts";
import { Button } from "../ui/button.tsx";
import { Submit, Text } from "../ui/form.tsx";
import { otherAccount, takeAddress } from "./acts.ts";
import { leave } from "./meeting.ts";
import { meta } from "./meta.ts";
import { Head, Icon, Kept, Letter, Step, StepForm } from "./parts.tsx";
import { addressRefused, confirmation, LAST, remember } from "./state.ts";
import { t } from "./words.ts";

const refused = here()?.refuses ?? [];
const providers = meta.ways.filter((w) => w.kind === "provider" && !refused.includes(w.id));
const own = meta.ways.length === 0 || meta.ways.some((w) => w.kind === "site"); // none at all: no site's window

/** Choose asks how to sign in. */
export function Choose() {
	return (
		<Step name="choose">
			<Letter name={meta.name} />
			<Head>{t("choose_head")}</Head>
			<Kept text={t("kept_while")} />
			<div class="provs" id="provs" hidden={providers.length === 0}>
				{providers.map((w) => (
					<Provider key={w.id} id={w.id} label={w.label} />
				))}
			</div>
			<div class="or" id="provs-or" hidden={providers.length === 0 || !own}>
				{t("or")}
			</div>
			<StepForm id="address" act={takeAddress} refused={addressRefused} hidden={!own}>
				<Text
					id="e1"
					name="email"
					label={t("email")}
					type="email"
					autocomplete="username webauthn"
					inputMode="email"
					placeholder={t("email_example")}
					required
				/>
				<Submit cls="btn pri full">{t("continue")}</Submit>
			</StepForm>
		</Step>
	);
}

function Provider({ id, label }: { id: string; label: string }) {
	return (
		<Button cls="btn" act={() => leave(id, label)}>
			{document.getElementById(`i-${id}`) ? (
				<Icon name={id} cls={id === "facebook" ? "i fb" : "i"} />
			) : (
				<span class="mono" aria-hidden="true">
					{label.slice(0, 1)}
				</span>
			)}
			{t("continue_with", { name: label })}
			{id === remember(localStorage, LAST) && <span class="last">{t("last_used")}</span>}
		</Button>
	);
}

/** Continue asks somebody who is signed in already, or who came without a press of a button. */
export function Continue() {
	const asks = confirmation.value;
	return (
		<Step name="continue">
			<Letter name={meta.name} />
			<Head>{asks?.head}</Head>
			<Kept />
			<Button cls="btn pri full" id="continue" act={() => asks?.act()}>
				{asks?.button}
			</Button>
			<Button cls="btn full" id="other" act={otherAccount} hidden={!asks?.other}>
				{t("other_account")}
			</Button>
		</Step>
	);
}
