import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Answers } from "../../shared/api/generated.d.ts";
import type { Ends } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { type Answer, call, t } from "./desk.ts";
import { ask, Question } from "./question.tsx";

/**
 * proving calls the server; where it wants to know first who it is, it asks
 * for the password and calls again. Keys that open a site are changed by
 * whoever has just shown that, not by an unlocked screen.
 */
export async function proving<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
	const r = await call<T>(method, path, body);
	if (r.code !== "proof" || !(await prove())) return r;
	return call<T>(method, path, body);
}

/** proven is true once the server knows of late who this is: for what is a link and cannot be called again. */
export const proven = (): Promise<boolean> => prove(true);

async function prove(recent = false): Promise<boolean> {
	const me = await call<Answers["GET /api/v1/me/account"]>("GET", "/api/v1/me/account");
	if (!me.body) return false;
	if (recent && me.body.fresh) return true;
	const { password, second_factor: second } = me.body;
	if (!password && !second) {
		open("/account", "_blank", "noopener"); // signing in anew is done there, in the ways that the account has
		return false;
	}
	return (await ask<true>((ends) => <Proof password={password} second={second} {...ends} />)) === true;
}

function Proof({ password, second, done, close }: { password: boolean; second: boolean } & Ends<true>) {
	const wrong = useSignal("");
	const busy = useSignal(false);
	const secret = useRef<HTMLInputElement>(null);
	const code = useRef<HTMLInputElement>(null);
	const send = async () => {
		busy.value = true;
		const typed = { password: secret.current?.value ?? "", code: code.current?.value ?? "" };
		const r = await call("POST", "/api/v1/me/proof", Object.fromEntries(Object.entries(typed).filter(([, v]) => v)));
		busy.value = false;
		if (r.status === 204) return done(true);
		wrong.value = r.detail || t("no_answer");
		(secret.current ?? code.current)?.focus();
	};
	return (
		<Question
			title={t("prove_head")}
			lead={t("prove_lead")}
			close={close}
			button={
				<button type="submit" class="btn pri" disabled={busy.value} onClick={send}>
					{t("go_on")}
				</button>
			}
		>
			{password && (
				<Field
					label={t("password")}
					wrong={wrong.value}
					control={(named) => (
						<input class="inp" type="password" autocomplete="current-password" data-first ref={secret} {...named} />
					)}
				/>
			)}
			{second && (
				<Field
					label={t("second_code")}
					wrong={password ? "" : wrong.value}
					control={(named) => (
						<input
							class="inp"
							autocomplete="one-time-code"
							maxLength={24}
							data-first={password ? undefined : ""}
							ref={code}
							{...named}
						/>
					)}
				/>
			)}
		</Question>
	);
}
