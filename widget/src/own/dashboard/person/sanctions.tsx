import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { BanFields } from "../ban.tsx";
import { type Desk, t, words } from "../desk.ts";
import { proving } from "../prove.tsx";
import { confirm } from "../question.tsx";
import { reasonText } from "../reasons.ts";
import type { PersonDetail } from "../shapes.ts";
import { BanDraft } from "../state/ban.ts";
import { Select } from "../../ui/select.tsx";
import type { Send } from "./notes.tsx";

const roles = ["member", "auditor", "staff", "moderator", "admin"] as const;
const floors = ["new", "member", "regular", "trusted"] as const;

/** Act does something to the person; false: it was refused, and that is said. */
type Act = (name: string, body: object) => Promise<boolean>;

interface Props {
	desk: Desk;
	p: PersonDetail;
	changed: (p: PersonDetail) => void;
	send: Send;
}

/** Sanctions are what can be done to a person. */
export function Sanctions({ desk, p, changed, send }: Props) {
	const wrong = useSignal("");
	const act: Act = async (name, body) => {
		const r = await send(proving<PersonDetail>("POST", desk.api(`/moderation/people/${p.id}/${name}`), body));
		wrong.value = r.body ? "" : r.detail;
		if (!r.body) return false;
		changed(r.body);
		desk.toast(t("saved"));
		return true;
	};
	// Nobody takes their own rights away by a slip of the hand: they could not give them back.
	const sure = async (role: string) =>
		p.name !== desk.meta.user?.name ||
		roles.indexOf(p.role as (typeof roles)[number]) <= roles.indexOf(role as (typeof roles)[number]) ||
		confirm(t("demote_head"), t("demote_lead", { role: t(`role_${role}` as "role_admin") }), t("demote_do"));
	const judged = p.role === "member" || p.role === "staff" || p.role === "auditor";
	return (
		<>
			{desk.may("settings") && !p.guest && (
				<Line label={t("role")}>
					<Select
						label={t("role")}
						value={p.role}
						options={roles.map((r) => [r, t(`role_${r}`)])}
						change={async (role) => (await sure(role)) && act("role", { role })}
					/>
				</Line>
			)}
			{desk.may("settings") && !p.guest && (
				<Line label={t("expert")}>
					<input
						class="sw"
						type="checkbox"
						role="switch"
						aria-label={t("expert")}
						checked={p.badges.includes("expert")}
						onChange={(e) => void act("expert", { on: e.currentTarget.checked })}
					/>
				</Line>
			)}
			{desk.may("sanction") && (
				<>
					{!p.guest && (
						<Line label={t("trust_floor")}>
							<Select
								label={t("trust_floor")}
								value={p.trust}
								options={floors.map((l) => [l, l === "new" ? t("trust_by_record") : t(`level_${l}`)])}
								change={(level) => act("trust", { level })}
							/>
						</Line>
					)}
					{p.ban && <Banned desk={desk} p={p} lift={() => void act("unban", {})} />}
					{!p.ban && judged && <Ban p={p} act={act} />}
					{!p.ban && judged && !p.guest && <Warn act={act} />}
				</>
			)}
			<p class="alert" role="alert" hidden={wrong.value === ""}>
				{wrong.value}
			</p>
		</>
	);
}

function Line({ label, children }: { label: string; children: ComponentChildren }) {
	return (
		<div class="fx">
			<span class="lbl grow">{label}</span>
			{children}
		</div>
	);
}

/** Banned says until when and why a person is kept away, and lifts it. */
function Banned({ desk, p, lift }: { desk: Desk; p: PersonDetail; lift: () => void }) {
	if (!p.ban) return null;
	const { until, instance } = p.ban;
	const reason = reasonText(p.ban.reason);
	return (
		<div class="banbox">
			<b>{t("is_banned", { name: p.name })}</b>
			<p class="hint">
				{until ? t("trust_banned_until", { date: words.full(new Date(until)), reason }) : t("trust_banned", { reason })}
			</p>
			{instance && desk.site.role !== "operator" ? (
				<p class="hint">{t("ban_by_operator")}</p>
			) : (
				<button type="button" class="btn full" onClick={lift}>
					{t("lift")}
				</button>
			)}
		</div>
	);
}

function Ban({ p, act }: { p: PersonDetail; act: Act }) {
	const ban = useMemo(() => new BanDraft(), []);
	const box = useRef<HTMLDetailsElement>(null);
	const send = () => {
		const v = ban.choice();
		if (!v) return box.current?.querySelector<HTMLElement>("[name=reason]")?.focus();
		void act(v.until ? "suspend" : "ban", {
			reason: v.reason,
			hide_recent: v.hide,
			...(v.until ? { until: v.until } : {}),
		});
	};
	return (
		<details class="banbox" open ref={box}>
			<summary>
				<b>{t("ban_head", { name: p.name })}</b>
			</summary>
			<div class="in2">
				<p class="hint">{t("ban_lead")}</p>
				<BanFields ban={ban} />
				<button type="button" class="btn bad full" onClick={send}>
					{ban.verb()}
				</button>
			</div>
		</details>
	);
}

function Warn({ act }: { act: Act }) {
	const box = useRef<HTMLInputElement>(null);
	const send = async () => {
		const el = box.current;
		const text = el?.value.trim() ?? "";
		if (!text) el?.focus();
		else if ((await act("warn", { text })) && el?.value.trim() === text) el.value = "";
	};
	return (
		<details class="banbox calm">
			<summary>
				<b>{t("warn_head")}</b>
			</summary>
			<div class="in2">
				<p class="hint">{t("warn_lead")}</p>
				<input class="inp" maxLength={1000} aria-label={t("warn_text")} placeholder={t("warn_text")} ref={box} />
				<button type="button" class="btn full" onClick={() => void send()}>
					{t("warn_send")}
				</button>
			</div>
		</details>
	);
}
