import { useMemo, useRef } from "preact/hooks";
import type { Ends } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Segment } from "../ui/segment.tsx";
import { t, words } from "./desk.ts";
import { ask, Question } from "./question.tsx";
import { reasons, reasonText } from "./reasons.ts";
import { type BanChoice, BanDraft, term, terms } from "./state/ban.ts";

/** BanFields are the choice of how long and why; drawer, dialog and form share them. */
export function BanFields({ ban, person = true }: { ban: BanDraft; person?: boolean }) {
	const box = useRef<HTMLInputElement>(null);
	const end = ban.end();
	const wrong = ban.wrong.value;
	const take = (reason: string) => {
		ban.reason = reason;
		if (box.current) box.current.value = reason;
		ban.wrong.value = { ...wrong, reason: "" };
	};
	return (
		<>
			<div class="field">
				<Segment
					label={t("ban_term")}
					options={terms.map((n) => [String(n), term(n)] as const)}
					value={String(ban.hours.peek())}
					change={(v) => {
						ban.hours.value = Number(v);
					}}
					cls="full"
				/>
				<p class="hint" role="status">
					{end ? t("ban_ends", { date: words.full(end) }) : t("ban_never_ends")}
				</p>
				<p class="err" role="alert">
					{wrong["until"] ?? ""}
				</p>
			</div>
			<Field
				label={t("ban_reason")}
				id="ban-reason"
				wrong={wrong["reason"] ?? ""}
				control={(named) => (
					<div class="stack2">
						<div class="chips" role="group" aria-label={t("ban_reasons")}>
							{reasons.map((r) => (
								<button key={r} type="button" class="chip" onClick={() => take(reasonText(r))}>
									{t(`reason_${r}`)}
								</button>
							))}
						</div>
						<input
							class="inp"
							name="reason"
							maxLength={200}
							defaultValue={ban.reason}
							ref={box}
							onInput={(e) => {
								ban.reason = e.currentTarget.value;
							}}
							{...named}
						/>
					</div>
				)}
			/>
			{person && (
				<label class="ck">
					<input
						class="chk"
						type="checkbox"
						onChange={(e) => {
							ban.hide = e.currentTarget.checked;
						}}
					/>
					<span>{t("ban_hide")}</span>
				</label>
			)}
		</>
	);
}

/** askBan asks how long and why somebody is to be kept away. */
export function askBan(name: string): Promise<BanChoice | null> {
	return ask<BanChoice>((ends) => <Ban name={name} {...ends} />);
}

function Ban({ name, done, close }: { name: string } & Ends<BanChoice>) {
	const ban = useMemo(() => new BanDraft(), []);
	const send = () => {
		const choice = ban.choice();
		if (choice) done(choice);
		else document.getElementById("ban-reason")?.focus();
	};
	return (
		<Question
			title={t("ban_head", { name })}
			lead={t("ban_lead")}
			close={close}
			button={
				<button type="submit" class="btn bad" data-first onClick={send}>
					{ban.verb()}
				</button>
			}
		>
			<BanFields ban={ban} />
		</Question>
	);
}
