import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Field } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { clock, t } from "../desk.ts";
import { ask, Question } from "../question.tsx";
import type { SiteSettings } from "../state/settings.ts";
import { Row } from "./controls.tsx";

/** SiteLife archives the site and deletes it, a day after that was asked for. */
export function SiteLife({ s }: { s: SiteSettings }) {
	const wrong = useSignal("");
	const box = useRef<HTMLInputElement>(null);
	const now = s.now.value;
	if (!now) return null;
	const act = async (what: "archive" | "reopen" | "keep" | "delete", confirm = "") => {
		const r = await s.act(what, confirm);
		wrong.value = r.body ? "" : r.detail;
		if (box.current) box.current.checked = s.now.value?.archived_at !== null;
	};
	const remove = async () => {
		const key = await ask<string>((ends) => <Confirm name={now.name} siteKey={now.key} {...ends} />);
		if (key) await act("delete", key);
	};
	return (
		<>
			<div class="rows">
				<Row
					name={t("archive")}
					hint={now.archived_at ? t("archived_since", { date: clock(now.archived_at) }) : t("archive_says")}
					wrong=""
				>
					<input
						class="sw"
						type="checkbox"
						role="switch"
						aria-label={t("archive")}
						checked={now.archived_at !== null}
						ref={box}
						onChange={(e) => void act(e.currentTarget.checked ? "archive" : "reopen")}
					/>
				</Row>
				<Row name={t("site_delete")} hint={now.deletes_at ? t("site_deletes", { date: clock(now.deletes_at) }) : t("site_delete_says")} wrong="">
					{now.deletes_at ? (
						<button type="button" class="btn" onClick={() => void act("keep")}>
							<Icon name="undo" />
							{t("site_keep")}
						</button>
					) : (
						<button type="button" class="btn bad-o" onClick={() => void remove()}>
							{t("site_delete_do")}
						</button>
					)}
				</Row>
			</div>
			<p class="err" role="alert">
				{wrong.value}
			</p>
		</>
	);
}

interface ConfirmProps {
	name: string;
	siteKey: string;
	done: (key: string) => void;
	close: () => void;
}

/** Confirm has the site's key typed before it is deleted. */
function Confirm({ name, siteKey, done, close }: ConfirmProps) {
	const box = useRef<HTMLInputElement>(null);
	const wrong = useSignal("");
	const send = () => {
		const typed = box.current?.value.trim() ?? "";
		if (typed === siteKey) return done(typed);
		wrong.value = t("site_delete_key", { key: siteKey });
		box.current?.focus();
	};
	return (
		<Question
			title={t("site_delete_head", { name })}
			lead={t("site_delete_lead")}
			close={close}
			button={
				<button type="submit" class="btn bad" onClick={send}>
					{t("site_delete_go")}
				</button>
			}
		>
			<Field
				label={t("site_delete_key", { key: siteKey })}
				wrong={wrong.value}
				control={(named) => <input class="inp mono" autocomplete="off" spellcheck={false} data-first ref={box} {...named} />}
			/>
		</Question>
	);
}
