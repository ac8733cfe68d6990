import type { ComponentChildren } from "preact";
import { Button } from "../ui/button.tsx";
import { stopPasskey } from "./acts.ts";
import { leave } from "./meeting.ts";
import { meta } from "./meta.ts";
import { Head, Kept, KeptToo, MailLink, Step } from "./parts.tsx";
import { done, leaving, provider, show, siteFailed } from "./state.ts";
import { t } from "./words.ts";

/** Passkey waits for the device. */
export function Passkey() {
	return (
		<Step name="passkey" back>
			<Head icon="finger" cls="ic pulse">
				{t("passkey_head")}
			</Head>
			<p class="lead">{t("passkey_lead")}</p>
			<button type="button" class="btn full" onClick={stopPasskey}>
				{t("cancel")}
			</button>
			<MailLink text={t("mail_instead")} />
		</Step>
	);
}

/** Away waits until the browser has left for the provider. */
export function Away() {
	return (
		<Step name="away">
			<Head icon="lock" cls="ic pulse">
				{leaving.value}
			</Head>
			<Kept />
		</Step>
	);
}

/** Outcomes are how a sign-in ends. */
export function Outcomes() {
	const name = provider.value;
	return (
		<>
			<Bad step="denied" head={t("cancelled", { name })} lead={t("denied_lead")} kept>
				<Again />
			</Bad>
			<Bad step="failed" head={siteFailed.value ? t("site_failed") : t("not_answering", { name })} lead={t("failed_lead")} kept>
				{!siteFailed.value && <Again />}
			</Bad>
			<Bad step="expired" head={t("expired_head")} lead={t("expired_lead")} kept />
			<Bad step="origin" head={t("origin_head")} lead={t("origin_lead")} />
			<Bad step="taken" head={t("taken_head")} lead={t("taken_lead")} />
			<Step name="cut">
				<Head icon="lock">{t("cut_head")}</Head>
				<p class="lead">{t("cut_lead")}</p>
			</Step>
			<Step name="done">
				<Head icon="check" cls="ic ok">
					{done.value.head}
				</Head>
				<p class="lead" role="status">
					{done.value.text}
				</p>
			</Step>
		</>
	);
}

interface BadProps {
	step: string;
	head: string;
	lead: string;
	kept?: boolean;
	children?: ComponentChildren;
}

function Bad({ step, head, lead, kept = false, children }: BadProps) {
	return (
		<Step name={step}>
			<Head icon="alert" cls="ic bad">
				{head}
			</Head>
			<p class="lead">
				{lead}
				{kept && <KeptToo />}
			</p>
			{children}
		</Step>
	);
}

function Again() {
	return (
		<>
			<Button cls="btn pri full" act={() => leave(meta.way ?? "", meta.label ?? "")}>
				{t("try_again", { name: provider.value })}
			</Button>
			<button type="button" class="btn full" onClick={() => show("choose")}>
				{t("another_way")}
			</button>
		</>
	);
}
