import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Answers } from "../../shared/api/generated.d.ts";
import { act } from "./acts.ts";
import { Act, Card, Row } from "./card.tsx";
import { able, ends, letIn, letOut, look, standing } from "./device.ts";
import { devices, say } from "./state.ts";
import { at, t } from "./words.ts";

type Devices = Answers["GET /api/v1/me/push"];

/** Push is about messages to devices: this one, the others, and when there is quiet. */
export function Push() {
	const list = devices.value;
	useEffect(() => void look(), []);
	if (!list) return null;
	const mine = list.devices.find((d) => d.ends === ends.value);
	const on = standing.value === "on" && mine;
	const turnOn = async () => {
		const why = await letIn();
		await (why ? say(t(why === "denied" ? "push_denied" : "push_failed"), "bad") : say(t("push_is_on")));
	};
	const drop = async (id: string) => {
		if (mine?.id === id) await letOut().catch(() => {});
		await act("DELETE", `/api/v1/me/push/${id}`, undefined, t("push_is_off"));
	};
	return (
		<Card title={t("push")} sub={t("push_lead")}>
			{!able() ? (
				<p class="note">{t(/iP(hone|ad|od)|Macintosh.*Mobile/.test(navigator.userAgent) ? "push_ios" : "push_unable")}</p>
			) : standing.value === "denied" ? (
				<p class="note warn">{t("push_denied")}</p>
			) : (
				!on && (
					<div class="acts">
						<Act kind="pri" act={turnOn}>
							{t("push_on")}
						</Act>
					</div>
				)
			)}
			{list.devices.length > 0 && (
				<ul class="list">
					{list.devices.map((d) => (
						<Row key={d.id} title={d.name || t("push_device")} says={t(d.used_at ? "push_used" : "push_since", { since: at(d.created_at), at: d.used_at ? at(d.used_at) : "" })}>
							{d.id === mine?.id && <span class="tag">{t("this_one")}</span>}
							<Act kind="ghost" act={() => drop(d.id)}>
								{t("push_off")}
							</Act>
						</Row>
					))}
				</ul>
			)}
			<Quiet now={list} />
		</Card>
	);
}

/** Quiet are the hours in which nothing comes, by the clock of where the person is. */
function Quiet({ now }: { now: Devices }) {
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	const from = useSignal(now.quiet_from);
	const until = useSignal(now.quiet_until);
	const save = (more: Partial<Devices> = {}) =>
		act("PUT", "/api/v1/me/push/choices", { quiet_from: from.value, quiet_until: until.value, zone, text: now.text, ...more }, t("saved"));
	return (
		<>
			<label class="check">
				<input type="checkbox" checked={now.text} onChange={(e) => void save({ text: e.currentTarget.checked })} />
				<span>
					{t("push_text")}
					<small>{t("push_text_why")}</small>
				</span>
			</label>
			<fieldset class="plain">
				<legend>{t("quiet")}</legend>
				<div class="two">
					<div class="field">
						<label for="q-from">{t("quiet_from")}</label>
						<input class="inp" id="q-from" type="time" value={from.value} onInput={(e) => (from.value = e.currentTarget.value)} />
					</div>
					<div class="field">
						<label for="q-until">{t("quiet_until")}</label>
						<input class="inp" id="q-until" type="time" value={until.value} onInput={(e) => (until.value = e.currentTarget.value)} />
					</div>
				</div>
				<p class="hint">{t("quiet_zone", { zone: now.quiet_from && now.zone ? now.zone : zone })}</p>
				<div class="acts">
					<Act act={() => save()}>{t("quiet_save")}</Act>
					{now.quiet_from && (
						<Act kind="ghost" act={() => save({ quiet_from: "", quiet_until: "" })}>
							{t("quiet_none")}
						</Act>
					)}
				</div>
			</fieldset>
		</>
	);
}
