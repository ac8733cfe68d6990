import { type Data, Form, Submit } from "../ui/form.tsx";
import { act } from "./acts.ts";
import { Act, Card } from "./card.tsx";
import { type Account, say } from "./state.ts";
import { at, t } from "./words.ts";

const KEPT_MS = 60_000; // for the browser to read what it saves

/** download saves all that is kept about the person. */
async function download(): Promise<void> {
	const res = await fetch("/api/v1/me/export", { headers: { "X-Parley": "1" } });
	if (!res.ok) return say(t("that_didnt_work_try_again"), "bad");
	const a = document.createElement("a");
	a.href = URL.createObjectURL(await res.blob());
	a.download = /filename="([^"]+)"/.exec(res.headers.get("content-disposition") ?? "")?.[1] ?? "parley.zip";
	a.click();
	setTimeout(() => URL.revokeObjectURL(a.href), KEPT_MS);
}

/** Copy is the right to take one's data along. */
export function Copy() {
	return (
		<Card title={t("your_data")} sub={t("all_that_is_kept_about")}>
			<div class="acts">
				<Act act={download}>{t("download_everything")}</Act>
			</div>
		</Card>
	);
}

/** Erasure ends the account, or takes that back. */
export function Erasure({ me }: { me: Account }) {
	if (me.erase_at)
		return (
			<Card title={t("delete_the_account")} sub={t("erase_on", { at: at(me.erase_at) })}>
				<div class="acts">
					<Act kind="pri" act={() => act("POST", "/api/v1/me/keep", {}, t("your_account_stays"))}>
						{t("keep_my_account")}
					</Act>
				</div>
			</Card>
		);
	const send = (data: Data) => act("DELETE", "/api/v1/me", { text: data["text"] }, t("your_account_will_be_deleted"));
	return (
		<Card title={t("delete_the_account")} sub={t("it_takes_effect_after_24")}>
			<Form act={send}>
				<fieldset class="choices">
					<legend class="sr">{t("what_becomes_of_your_comments")}</legend>
					<Choice value="keep" title={t("keep_my_comments_without_my")} says={t("they_stay_as_by_deleted")} on />
					<Choice value="remove" title={t("remove_my_comments_too")} says={t("where_somebody_has_answered_an")} />
				</fieldset>
				<div class="acts">
					<Submit cls="btn sm bad">{t("delete_my_account")}</Submit>
				</div>
			</Form>
		</Card>
	);
}

function Choice({ value, title, says, on = false }: { value: string; title: string; says: string; on?: boolean }) {
	return (
		<label class="check">
			<input class="chk" type="radio" name="text" value={value} defaultChecked={on} />
			<span>
				{title}
				<br />
				<small class="hint">{says}</small>
			</span>
		</label>
	);
}
