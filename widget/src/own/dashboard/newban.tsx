import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { Field } from "../ui/field.tsx";
import { Segment } from "../ui/segment.tsx";
import { BanFields } from "./ban.tsx";
import { t } from "./desk.ts";
import { Close } from "./parts/beside.tsx";
import { useRefusal } from "./refusal.ts";
import { BanDraft } from "./state/ban.ts";
import type { Bans } from "./state/bans.ts";

const names = { domain: "email_domain", range: "ip_range" } as const;

/** NewBan asks for a domain or a range, how long and why. */
export function NewBan({ s }: { s: Bans }) {
	const kind = useSignal<"domain" | "range">("domain");
	const busy = useSignal(false);
	const no = useRefusal();
	const ban = useMemo(() => new BanDraft(false), []);
	const form = useRef<HTMLFormElement>(null);
	const every = useRef<HTMLInputElement>(null);
	const submit = async (e: Event) => {
		e.preventDefault();
		const name = names[kind.value];
		const box = form.current?.querySelector<HTMLInputElement>(`[name=${name}]`);
		const what = box?.value.trim() ?? "";
		no.say(name, what ? "" : t("must_be_given"));
		if (!what) return box?.focus();
		busy.value = true;
		if (!(await s.sure(name, what))) {
			busy.value = false;
			return;
		}
		const until = ban.end()?.toISOString();
		const r = await s.set({
			[name]: what,
			reason: ban.reason.trim(),
			...(until ? { until } : {}),
			...(every.current?.checked ? { instance: true } : {}),
		});
		busy.value = false;
		if (r.body) return s.taken(what);
		if (!form.current) return;
		no.take(form.current, r);
		ban.wrong.value = no.wrong.value;
	};
	const wrong = no.wrong.value;
	return (
		<>
			<div class="who">
				<h2 class="grow">{t("ban_new")}</h2>
				<Close close={() => s.show(false)} />
			</div>
			<p class="hint">{t("ban_lead")}</p>
			<form class="stack" noValidate ref={form} onSubmit={submit}>
				<Segment
					label={t("ban_what")}
					options={[
						["domain", t("ban_kind_domain")],
						["range", t("ban_kind_range")],
					]}
					value="domain"
					change={(k) => {
						kind.value = k;
					}}
					cls="full"
				/>
				<Field
					label={t("ban_domain")}
					hint={t("ban_domain_hint")}
					hidden={kind.value !== "domain"}
					wrong={wrong["email_domain"] ?? ""}
					control={(named) => (
						<input
							class="inp"
							name="email_domain"
							maxLength={253}
							autocomplete="off"
							spellcheck={false}
							inputMode="url"
							placeholder="spam.example"
							{...named}
						/>
					)}
				/>
				<Field
					label={t("ban_range")}
					hint={t("ban_range_hint")}
					hidden={kind.value !== "range"}
					wrong={wrong["ip_range"] ?? ""}
					control={(named) => (
						<input
							class="inp mono"
							name="ip_range"
							maxLength={64}
							autocomplete="off"
							spellcheck={false}
							placeholder="192.0.2.0/24"
							{...named}
						/>
					)}
				/>
				<BanFields ban={ban} person={false} />
				{s.desk.site.role === "operator" && (
					<label class="ck">
						<input class="chk" type="checkbox" ref={every} />
						<span>
							{t("ban_every_site")}
							<small class="hint">{t("ban_every_site_says")}</small>
						</span>
					</label>
				)}
				<p class="alert" role="alert" hidden={no.rest.value === ""}>
					{no.rest.value}
				</p>
				<button type="submit" class="btn bad full" disabled={busy.value}>
					{ban.verb()}
				</button>
			</form>
		</>
	);
}
