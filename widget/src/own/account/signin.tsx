import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { SignInMethod } from "../../shared/api/shapes.ts";
import { type Answer, call } from "../client.ts";
import { ask, possible } from "../passkey.ts";
import { type Data, Form, type Refusal, Submit, Text } from "../ui/form.tsx";
import { Act } from "./card.tsx";
import { meta } from "./state.ts";
import { t } from "./words.ts";

const site = () => `/api/v1/sites/${encodeURIComponent(meta.login)}`;

/** SignIn is what somebody without a session sees. */
export function SignIn() {
	const second = useSignal(false);
	const sent = useSignal("");
	const refused = useSignal<Refusal | null>(null);
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (second.value) box.current?.querySelector<HTMLElement>("#l-code")?.focus();
	}, [second.value]);
	const not = (r: Answer<unknown>, at = "") => {
		refused.value = { refused: r, at };
	};
	const login = async (data: Data) => {
		const r = await call("POST", `${site()}/login`, { ...data, session: "cookie" });
		if (r.status === 200) return location.reload();
		if (r.code !== "second_factor") return { refused: r, at: "password" };
		second.value = true;
	};
	const byWay = async (w: SignInMethod) => {
		const r = await call<{ url?: string }>("POST", "/auth/login", {
			site: meta.login,
			origin: location.origin,
			provider: w.id,
			txn: "",
			return: `${location.origin}/account`,
		});
		if (r.body?.url) location.assign(r.body.url);
		else not(r);
	};
	const byPasskey = async () => {
		const r = await ask(new AbortController().signal);
		if (r?.status === 200) location.reload();
		else if (r) not(r);
	};
	const byMail = async () => {
		const email = box.current?.querySelector<HTMLInputElement>('input[name="email"]')?.value ?? "";
		const r = await call("POST", `${site()}/magic-link`, { email });
		if (r.status === 202) sent.value = t("if_that_address_has_an");
		else not(r, "email");
	};
	return (
		<section class="card">
			<h1>{t("your_account")}</h1>
			<p class="sub">{t("sign_in_to_look_after")}</p>
			{possible() && (
				<Act kind="full" act={byPasskey}>
					{t("use_your_passkey")}
				</Act>
			)}
			{meta.ways.map((w) => (
				<Act key={w.id} kind="full" act={() => byWay(w)}>
					{t("continue_with", { name: w.label })}
				</Act>
			))}
			{(possible() || meta.ways.length > 0) && <div class="or">or</div>}
			<div ref={box}>
				<Form act={login} refused={refused}>
					<Text id="l-email" name="email" label={t("email")} type="email" autocomplete="username" />
					<Text id="l-password" name="password" label={t("password")} type="password" autocomplete="current-password" />
					<div id="l-second" hidden={!second.value}>
						<Text id="l-code" name="code" label={t("code_of_your_authenticator_app")} autocomplete="one-time-code" />
					</div>
					<Submit cls="btn pri full">{t("sign_in")}</Submit>
				</Form>
			</div>
			<Act kind="ghost" act={byMail}>
				{t("email_me_a_sign_in")}
			</Act>
			<p class="note ok" role="status">
				{sent.value}
			</p>
		</section>
	);
}
