import { useSignal } from "@preact/signals";
import { type Answer, call } from "../client.ts";
import { type Data, Form, type Sent, Submit, Text } from "../ui/form.tsx";
import { Icon } from "../ui/icon.tsx";
import { originOf, twinOf, whyNot } from "./origin.ts";
import type { Setup, Site } from "./state.ts";
import { t } from "./words.ts";

const presets = ["blog", "newsroom", "other"] as const;

/** nothing was asked: the form knows better. */
const nothing: Answer<unknown> = { status: 422, body: null, code: "invalid", detail: "", fields: [], retry: 0 };

/** keyOf is a short name made of a long one. */
const keyOf = (name: string): string =>
	name
		.normalize("NFKD")
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-+|-+$/g, "")
		.slice(0, 32);

/** SiteStep makes the first site. */
export function SiteStep({ s }: { s: Setup }) {
	const name = useSignal("");
	const origin = useSignal("");
	const key = useSignal<string | null>(null); // null: follows the name
	const both = useSignal(true);
	const turn = useSignal(0);
	const clean = originOf(origin.value);
	const twin = clean ? twinOf(clean) : "";
	const send = async (data: Data): Sent => {
		const bad = whyNot(origin.value, s.meta.base);
		if (!clean || bad) return { refused: { ...nothing, fields: [{ field: "origin", message: t(bad || "origin_like") }] } };
		const preset = data["preset"] ?? "";
		const r = await call<Site>("POST", "/api/v1/sites", {
			name: data["name"] ?? "",
			key: data["key"] ?? "",
			origins: [clean, ...(twin && both.value ? [twin] : [])],
			...(preset === "other" ? {} : { preset }),
		});
		if (r.body) return void (await s.made(r.body.key));
		const f = r.fields[0];
		return { refused: f?.field === "origins" ? { ...r, fields: [{ ...f, field: "origin" }] } : r };
	};
	return (
		<div class="step">
			<h1 tabIndex={-1}>{t("site_title")}</h1>
			<p class="lead">{t("site_lead")}</p>
			<Form id="site" act={send} turn={turn.value}>
				<fieldset>
					<legend class="lbl">{t("preset")}</legend>
					<div class="rad">
						{presets.map((p) => (
							<label key={p}>
								<input class="chk" type="radio" name="preset" value={p} defaultChecked={p === "blog"} />
								<span>
									<b>{t(`preset_${p}`)}</b>
									<span>{t(`preset_${p}_says`)}</span>
								</span>
							</label>
						))}
					</div>
				</fieldset>
				<Text
					name="origin"
					label={t("site_origin")}
					placeholder="https://www.example.com"
					hint={clean ? t("origin_becomes", { origin: clean }) : t("site_origin_hint")}
					typed={(e) => {
						origin.value = (e.currentTarget as HTMLInputElement).value;
						turn.value++; // what was refused is another address by now
					}}
				/>
				{twin && (
					<label class="tick">
						<input
							class="chk"
							type="checkbox"
							checked={both.value}
							onChange={(e) => {
								both.value = e.currentTarget.checked;
							}}
						/>
						<span>{t("twin", { origin: twin })}</span>
					</label>
				)}
				<div class="two">
					<Text
						name="name"
						label={t("site_name")}
						maxLength={100}
						hint={t("site_name_hint", { name: name.value || t("site_name_sample") })}
						typed={(e) => {
							name.value = (e.currentTarget as HTMLInputElement).value;
						}}
					/>
					<Text
						name="key"
						label={t("site_key")}
						cls="inp mono"
						maxLength={64}
						hint={t("site_key_hint")}
						typed={(e) => {
							key.value = (e.currentTarget as HTMLInputElement).value;
						}}
						value={key.value ?? keyOf(name.value)}
					/>
				</div>
				<p class="note">
					<Icon name="info" />
					<span>{t("own_domain")}</span>
				</p>
				<div class="acts">
					<span class="sp" />
					<Submit cls="btn pri">{t("add_site")}</Submit>
				</div>
			</Form>
		</div>
	);
}
