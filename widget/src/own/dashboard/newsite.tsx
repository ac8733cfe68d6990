import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Field } from "../ui/field.tsx";
import { t } from "./desk.ts";
import { proving } from "./prove.tsx";
import { ask, Question } from "./question.tsx";
import { useRefusal } from "./refusal.ts";

/** newSite makes another site of this server and goes there. */
export async function newSite(): Promise<void> {
	const key = await ask<string>((ends) => <Form {...ends} />);
	if (key) location.assign(`/dashboard/?${new URLSearchParams({ site: key, screen: "settings" })}`);
}

function Form({ done, close }: { done: (key: string) => void; close: () => void }) {
	const no = useRefusal();
	const busy = useSignal(false);
	const box = useRef<HTMLDivElement>(null);
	const send = async () => {
		if (!box.current) return;
		const of = (name: string) => box.current?.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value.trim() ?? "";
		busy.value = true;
		const key = of("key");
		const r = await proving<{ key: string }>("POST", "/api/v1/sites", { key, name: of("name"), origins: [of("origin")].filter(Boolean) });
		busy.value = false;
		if (r.body) return done(r.body.key);
		no.take(box.current, r);
	};
	const wrong = no.wrong.value;
	return (
		<Question
			title={t("site_new")}
			lead={t("site_new_lead")}
			close={close}
			button={
				<button type="submit" class="btn pri" disabled={busy.value} onClick={() => void send()}>
					{t("site_new_do")}
				</button>
			}
		>
			<div class="stack" ref={box}>
				<Field
					label={t("site_name")}
					wrong={wrong["name"] ?? ""}
					control={(named) => <input class="inp" name="name" maxLength={100} autocomplete="off" data-first {...named} />}
				/>
				<Field
					label={t("site_key")}
					hint={t("site_key_says")}
					wrong={wrong["key"] ?? ""}
					control={(named) => <input class="inp mono" name="key" maxLength={64} autocomplete="off" spellcheck={false} {...named} />}
				/>
				<Field
					label={t("site_origin")}
					wrong={wrong["origin"] ?? ""}
					control={(named) => (
						<input class="inp" name="origin" type="url" placeholder="https://" autocomplete="off" spellcheck={false} {...named} />
					)}
				/>
				<p class="alert" role="alert" hidden={no.rest.value === ""}>
					{no.rest.value}
				</p>
			</div>
		</Question>
	);
}
