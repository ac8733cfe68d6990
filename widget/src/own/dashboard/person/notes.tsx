import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type Answer, ago, call, type Desk, t, words } from "../desk.ts";
import type { PersonDetail } from "../shapes.ts";
import { ToAudit } from "./person.tsx";

/** Send is how an act on a person is sent, so that its own hint is known again. */
export type Send = (sent: Promise<Answer<PersonDetail>>) => Promise<Answer<PersonDetail>>;

interface Props {
	desk: Desk;
	p: PersonDetail;
	changed: (p: PersonDetail) => void;
	log?: boolean; // link to the audit log where nothing else does
	send?: Send;
}

/** Notes are what moderators wrote about a person; the one that is being typed outlives a change of the others. */
export function Notes({ desk, p, changed, log = true, send = (r) => r }: Props) {
	const box = useRef<HTMLTextAreaElement>(null);
	const typed = useSignal(false);
	const wrong = useSignal("");
	const save = async () => {
		const text = box.current?.value.trim() ?? "";
		const r = await send(call<PersonDetail>("POST", desk.api(`/moderation/people/${p.id}/note`), { text }));
		wrong.value = r.body ? "" : r.detail;
		const el = box.current;
		if (!r.body || !el) return;
		if (el.value.trim() === text) el.value = "";
		typed.value = el.value !== "";
		el.focus();
		changed(r.body);
	};
	return (
		<div class="sect field">
			<div class="cap">
				<h3>{t("notes")}</h3>
				{log && <ToAudit desk={desk} person={p.id} />}
			</div>
			{p.notes.map((n) => (
				<Note key={`${n.created_at} ${n.by}`} n={n} />
			))}
			{desk.may("sanction") && (
				<>
					<textarea
						class="inp"
						rows={2}
						maxLength={1000}
						placeholder={t("note_add")}
						aria-label={t("note_add")}
						ref={box}
						onInput={(e) => {
							typed.value = e.currentTarget.value.trim() !== "";
						}}
					/>
					<div class="fx">
						<button type="button" class="btn sm" hidden={!typed.value} onClick={save}>
							{t("note_save")}
						</button>
					</div>
				</>
			)}
			<p class="alert" role="alert" hidden={wrong.value === ""}>
				{wrong.value}
			</p>
		</div>
	);
}

function Note({ n }: { n: PersonDetail["notes"][number] }) {
	const warning = n.kind === "warning";
	const seen = n.seen_at ? t("warning_seen", { date: words.full(new Date(n.seen_at)) }) : t("warning_unseen");
	return (
		<div class="note2">
			{warning && (
				<>
					<span class="bdg warn">{t("warning")}</span>{" "}
				</>
			)}
			{n.text}
			<small>
				{`${n.by} · ${ago(n.created_at)}`}
				{warning && ` · ${seen}`}
			</small>
		</div>
	);
}
