import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Field } from "../../ui/field.tsx";
import { type Answer, type Desk, t } from "../desk.ts";
import { proving } from "../prove.tsx";
import { confirm } from "../question.tsx";
import { type Refusal, useRefusal } from "../refusal.ts";
import type { KnownWay, OwnWay } from "../shapes.ts";
import { Copied } from "./copied.tsx";

const OIDC = "oidc-";

interface BoxProps {
	no: Refusal;
	name: string;
	label: string;
	value?: string;
	hint?: string;
	type?: "text" | "url" | "password";
	max?: number;
	placeholder?: string;
	typed?: (v: string) => void;
}

/** Box is one line of a registration. */
function Box({ no, name, label, value = "", hint = "", type = "text", max = 4096, placeholder = "", typed }: BoxProps) {
	return (
		<Field
			label={label}
			hint={hint}
			wrong={no.wrong.value[name] ?? ""}
			control={(named) => (
				<input
					class="inp"
					name={name}
					type={type as "text"}
					defaultValue={value}
					autocomplete="off"
					spellcheck={false}
					maxLength={max}
					placeholder={placeholder}
					onInput={(e) => typed?.(e.currentTarget.value)}
					{...named}
				/>
			)}
		/>
	);
}

interface SenderProps {
	desk: Desk;
	no: Refusal;
	provider: () => string;
	changed: (provider: string) => Promise<void>;
	close: () => void;
	check: boolean; // the issuer is asked whether it is one
	remove: string; // the label of a registration that is there
	children: ComponentChildren;
}

/** Sender is the form around the boxes of a registration. */
function Sender({ desk, no, provider, changed, close, check, remove, children }: SenderProps) {
	const form = useRef<HTMLFormElement>(null);
	const busy = useSignal(false);
	const path = () => desk.api(`/settings/ways/${encodeURIComponent(provider())}`);
	const done = async (r: Answer<unknown>, word: string) => {
		if (r.status !== 204) {
			if (form.current) no.take(form.current, r);
			return;
		}
		desk.toast(word);
		await changed(provider());
	};
	const submit = async (e: Event) => {
		e.preventDefault();
		const data: Record<string, string> = {};
		for (const [k, v] of new FormData(e.currentTarget as HTMLFormElement))
			if (k !== "provider" && typeof v === "string") data[k] = v.trim();
		busy.value = true;
		const r = await proving("PUT", path(), { ...data, check });
		busy.value = false;
		await done(r, t("saved"));
	};
	const drop = async () => {
		if (await confirm(t("way_remove_head", { name: remove }), t("way_remove_lead"), t("way_remove")))
			await done(await proving("DELETE", path()), t("way_removed", { name: remove }));
	};
	return (
		<form class="stack" noValidate ref={form} onSubmit={submit}>
			{children}
			<p class="alert" role="alert" hidden={no.rest.value === ""}>
				{no.rest.value}
			</p>
			<div class="fx">
				<button type="submit" class="btn pri" disabled={busy.value}>
					{t("save")}
				</button>
				<button type="button" class="btn ghost" onClick={close}>
					{t("cancel")}
				</button>
				<span class="grow" />
				{remove && (
					<button type="button" class="btn bad" onClick={() => void drop()}>
						{t("way_remove")}
					</button>
				)}
			</div>
		</form>
	);
}

interface RegistrationProps {
	desk: Desk;
	k: KnownWay;
	own: OwnWay | undefined;
	changed: (provider: string) => Promise<void>;
	close: () => void;
}

/** Registration is what the owner got from the provider, and what the provider wants to know. */
export function Registration({ desk, k, own, changed, close }: RegistrationProps) {
	const no = useRefusal();
	const apple = k.provider === "apple";
	const open = k.provider.startsWith(OIDC);
	return (
		<Sender
			desk={desk}
			no={no}
			provider={() => k.provider}
			changed={changed}
			close={close}
			check={open}
			remove={own ? k.label : ""}
		>
			<Copied label={t("way_callback")} text={k.callback_url} hint={t("way_callback_hint")} />
			{open && (
				<>
					<Box
						no={no}
						name="issuer"
						label={t("way_issuer")}
						value={own?.issuer ?? ""}
						type="url"
						placeholder="https://"
						hint={t("way_issuer_hint")}
					/>
					<Box no={no} name="label" label={t("way_label")} value={own?.label ?? k.label} max={40} hint={t("way_label_hint")} />
				</>
			)}
			<Box no={no} name="client" label={t(apple ? "way_services_id" : "way_client")} value={own?.client ?? ""} />
			{apple ? (
				<>
					<Box no={no} name="team" label={t("way_team")} value={own?.team ?? ""} max={20} />
					<Box no={no} name="key_id" label={t("way_key_id")} value={own?.key_id ?? ""} max={20} />
					<Field
						label={t("way_private_key")}
						hint={t("way_secret_hint")}
						wrong={no.wrong.value["secret"] ?? ""}
						control={(named) => (
							<textarea
								class="inp mono"
								name="secret"
								rows={4}
								autocomplete="off"
								placeholder={own ? t("secret_set") : "-----BEGIN PRIVATE KEY-----"}
								{...named}
							/>
						)}
					/>
				</>
			) : (
				<Box
					no={no}
					name="secret"
					label={t("way_secret")}
					type="password"
					placeholder={own?.secret.set ? t("secret_set") : ""}
					hint={t("way_secret_hint")}
				/>
			)}
		</Sender>
	);
}

/** Issuer takes any OpenID Connect issuer in, by its address. */
export function Issuer({ desk, changed }: { desk: Desk; changed: (provider: string) => Promise<void> }) {
	const no = useRefusal();
	const name = useSignal("");
	const details = useRef<HTMLDetailsElement>(null);
	const close = () => {
		if (!details.current) return;
		details.current.open = false;
		details.current.querySelector("summary")?.focus();
	};
	return (
		<details class="more2" ref={details}>
			<summary>{t("way_add_issuer")}</summary>
			<div class="wayform">
				<Sender
					desk={desk}
					no={no}
					provider={() => `${OIDC}${name.value}`}
					changed={changed}
					close={close}
					check
					remove=""
				>
					<Copied
						label={t("way_callback")}
						text={`${desk.meta.base}/auth/${OIDC}${name.value || "…"}/callback`}
						hint={t("way_callback_hint")}
					/>
					<Box no={no} name="label" label={t("way_label")} max={40} placeholder="Acme" hint={t("way_label_hint")} />
					<Box
						no={no}
						name="provider"
						label={t("way_name")}
						max={31}
						placeholder="acme"
						hint={t("way_name_hint")}
						typed={(v) => {
							name.value = v.trim();
						}}
					/>
					<Box no={no} name="issuer" label={t("way_issuer")} type="url" placeholder="https://" hint={t("way_issuer_hint")} />
					<Box no={no} name="client" label={t("way_client")} />
					<Box no={no} name="secret" label={t("way_secret")} type="password" hint={t("way_secret_hint")} />
				</Sender>
			</div>
		</details>
	);
}
