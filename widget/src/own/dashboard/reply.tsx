import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Ends } from "../ui/dialog.tsx";
import { Segment } from "../ui/segment.tsx";
import type { Row } from "./card.ts";
import { call, type Desk, t } from "./desk.ts";
import { ask, Question } from "./question.tsx";

/** reply answers a comment in the open; true once the answer stands. */
export async function reply(desk: Desk, row: Row): Promise<boolean> {
	return (await ask<true>((ends) => <Reply desk={desk} row={row} {...ends} />)) === true;
}

function Reply({ desk, row, done, close }: { desk: Desk; row: Row } & Ends<true>) {
	const { comment: c, thread } = row;
	const once = useRef(crypto.randomUUID()); // sent again after a lost answer it is still one comment
	const box = useRef<HTMLTextAreaElement>(null);
	const wrong = useSignal("");
	const busy = useSignal(false);
	const team = useSignal(false); // under the team's name
	const send = async () => {
		const body = box.current?.value.trim() ?? "";
		if (!body) return box.current?.focus();
		busy.value = true;
		const r = await call(
			"POST",
			desk.api("/comments"),
			{ thread: thread?.key ?? "", url: thread?.url ?? "", title: thread?.title ?? "", parent_id: c.id, body, ...(team.value ? { as: "team" } : {}) },
			{ "Idempotency-Key": once.current },
		);
		busy.value = false;
		if (r.status === 201 || r.status === 200) return done(true);
		wrong.value = t("not_done", { why: r.detail || t("no_answer") });
		box.current?.focus();
	};
	return (
		<Question
			title={t("reply_head", { name: c.author?.name ?? t("guest") })}
			lead={team.value ? t("reply_lead_team", { name: desk.site.team_name }) : t("reply_lead")}
			close={close}
			button={
				<button type="submit" class="btn pri" disabled={busy.value} onClick={send}>
					{t("reply_send")}
				</button>
			}
		>
			{desk.site.team_name && (
				<Segment
					label={t("reply_under")}
					options={[
						["me", desk.meta.user?.name ?? ""],
						["team", desk.site.team_name],
					]}
					value={team.value ? "team" : "me"}
					change={(v) => {
						team.value = v === "team";
					}}
					cls="full"
				/>
			)}
			<div class="field">
				<label for="ask">{t("reply_label")}</label>
				<textarea class="inp" rows={4} maxLength={3000} id="ask" required data-first ref={box} />
				<p class="err" role="alert">
					{wrong.value}
				</p>
			</div>
		</Question>
	);
}
