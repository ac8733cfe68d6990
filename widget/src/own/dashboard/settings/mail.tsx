import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { Icon } from "../../ui/icon.tsx";
import { type Answer, call, type Desk, t } from "../desk.ts";

type News = Answers["GET /api/v1/sites/{site}/moderation/mail"];

const often = ["each", "hourly", "daily", "never"] as const;

/** Said is what came of a change, in place. */
function Said({ r, words }: { r: Answer<unknown> | null; words: string }) {
	return (
		<p class={r && !r.body ? "hint err" : "hint"} role="status">
			{r && (r.body ? words : r.detail)}
		</p>
	);
}

/** NewsChoice is how often whoever looks at this hears of new comments: theirs alone, not the site's. */
export function NewsChoice({ desk }: { desk: Desk }) {
	const read = useSignal(false);
	const holds = useSignal<string>("each");
	const told = useSignal<Answer<News> | null>(null);
	useEffect(() => {
		void call<News>("GET", desk.api("/moderation/mail")).then((r) => {
			read.value = true;
			if (r.body) holds.value = r.body.new_comments;
		});
	}, []);
	const set = async (e: Event) => {
		holds.value = (e.currentTarget as HTMLSelectElement).value;
		told.value = await call<News>("PUT", desk.api("/moderation/mail"), { new_comments: holds.value });
	};
	return (
		<div class="field">
			<label class="lbl" for="news-choice">
				{t("news_choice")}
			</label>
			<select class="inp" id="news-choice" disabled={!read.value} value={holds.value} onChange={set}>
				{often.map((x) => (
					<option key={x} value={x}>
						{t(`news_${x}`)}
					</option>
				))}
			</select>
			<Said r={told.value} words={t("saved")} />
		</div>
	);
}

/** MailTest sends a mail to whoever presses it. */
export function MailTest({ desk }: { desk: Desk }) {
	const busy = useSignal(false);
	const told = useSignal<Answer<{ to: string }> | null>(null);
	const send = async () => {
		busy.value = true;
		told.value = await call<{ to: string }>("POST", desk.api("/settings/mail-test"));
		busy.value = false;
	};
	return (
		<div class="field">
			<div class="fx">
				<button type="button" class="btn" disabled={busy.value} onClick={send}>
					<Icon name="mail" />
					{t("mail_test")}
				</button>
			</div>
			<Said r={told.value} words={t("mail_sent", { to: told.value?.body?.to ?? "" })} />
		</div>
	);
}
