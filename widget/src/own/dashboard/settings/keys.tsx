import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { Icon } from "../../ui/icon.tsx";
import { type Answer, call, type Desk, t, words } from "../desk.ts";
import { useFocusKept } from "../parts/beside.tsx";
import { proving } from "../prove.tsx";
import { confirm } from "../question.tsx";
import { Copied } from "./copied.tsx";

type Keys = Answers["GET /api/v1/sites/{site}/settings/sso-keys"];
type Key = Keys["keys"][number];

const KEYS = 2; // that sign at the same time, as the server keeps them

/** SigningKeys are what a site signs its readers' tokens with: made, shown once, revoked. */
export function SigningKeys({ desk }: { desk: Desk }) {
	const keys = useSignal<readonly Key[]>([]);
	const wrong = useSignal("");
	const secret = useSignal("");
	const once = useRef<HTMLDivElement>(null);
	const root = useRef<HTMLDivElement>(null);
	const button = useRef<HTMLButtonElement>(null);
	useFocusKept(root, button);
	const failed = (r: Answer<unknown>) => {
		wrong.value = t("not_done", { why: r.detail });
	};
	const load = async () => {
		const r = await call<Keys>("GET", desk.api("/settings/sso-keys"));
		if (r.body) keys.value = r.body.keys;
		else failed(r);
	};
	useEffect(() => void load(), []);
	const full = keys.value.length >= KEYS;
	const make = async () => {
		if (full && !(await confirm(t("sso_third_head"), t("sso_third_lead"), t("sso_rotate")))) return;
		const r = await proving<{ secret: string }>("POST", desk.api("/settings/sso-keys"));
		if (!r.body) return failed(r);
		wrong.value = "";
		secret.value = r.body.secret;
		setTimeout(() => once.current?.querySelector("input")?.focus());
		await load();
	};
	const revoke = async (k: Key) => {
		if (!(await confirm(t("sso_revoke_head"), t("sso_revoke_lead"), t("sso_revoke")))) return;
		const r = await proving("DELETE", desk.api(`/settings/sso-keys/${k.id}`));
		if (r.status !== 204) return failed(r);
		wrong.value = "";
		desk.toast(t("sso_revoked"));
		await load();
	};
	return (
		<div class="stack" ref={root}>
			<div class="rows" hidden={keys.value.length === 0}>
				{keys.value.map((k, i) => (
					<div key={k.id}>
						<span class="pi">
							<Icon name="key" />
						</span>
						<div class="grow">
							<b>{t(i === 0 ? "sso_newest" : "sso_older")}</b>
							<span class="t">{t("sso_made", { at: words.full(new Date(k.created_at)) })}</span>
						</div>
						<button type="button" class="btn sm" aria-label={t("sso_revoke_of", { n: i + 1 })} onClick={() => void revoke(k)}>
							{t("sso_revoke")}
						</button>
					</div>
				))}
			</div>
			<div aria-live="polite" ref={once}>
				{secret.value && (
					<div class="note ok2">
						<Copied key={secret.value} label={t("sso_secret")} text={secret.value} hint={t("sso_once")} />
					</div>
				)}
			</div>
			<p class="alert" role="alert" hidden={wrong.value === ""}>
				{wrong.value}
			</p>
			<div class="fx">
				<button type="button" class="btn" ref={button} onClick={() => void make()}>
					<Icon name="key" />
					{t(keys.value.length === 0 ? "sso_make" : "sso_rotate")}
				</button>
				<a class="lnk" href="/docs/sso" target="_blank" rel="noopener">
					{t("sso_docs")}
				</a>
			</div>
		</div>
	);
}
