import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { call } from "../client.ts";
import { type Data, Form, type Sent, Submit, Text } from "../ui/form.tsx";
import { act, answered } from "./acts.ts";
import { Act, Card } from "./card.tsx";
import { Crop } from "./crop.tsx";
import { type Cut, opened, taken } from "./picture.ts";
import { type Account, say } from "./state.ts";
import { t } from "./words.ts";

/** Profile is how readers see the person: a name and a picture. */
export function Profile({ me }: { me: Account }) {
	const file = useRef<HTMLInputElement>(null);
	const cutting = useSignal<ImageBitmap | null>(null);
	const kind = useRef("");
	const own = me.avatar_url.includes("/pictures/");
	const rename = async (data: Data): Sent =>
		answered(
			await call("PATCH", "/api/v1/me", { name: data["name"] }),
			"name",
			() => say(t("your_name_is_saved")),
			() => rename(data),
		);
	const chosen = async () => {
		const picture = file.current?.files?.[0];
		if (!picture) return;
		const m = await opened(picture);
		if (!m) return say(t("that_file_is_not_a"), "bad");
		kind.current = picture.type;
		cutting.value = m;
	};
	const done = () => {
		cutting.value = null;
		if (file.current) file.current.value = ""; // the same file can be chosen again
	};
	const save = async (cut: Cut) => {
		const m = cutting.value;
		const blob = m && (await taken(m, cut, kind.current));
		if (!blob) return say(t("that_file_is_not_a"), "bad");
		await act("PUT", "/api/v1/me/picture", blob, t("your_picture_is_saved"));
		done();
	};
	return (
		<Card title={t("profile")} sub={t("how_readers_see_you_beside")}>
			<Form act={rename}>
				<Text name="name" label={t("display_name")} defaultValue={me.name} maxLength={40} autocomplete="nickname" />
				<div class="acts">
					<Submit cls="btn sm pri">{t("save_name")}</Submit>
				</div>
			</Form>
			<div class="acts">
				<input
					class="sr"
					type="file"
					accept="image/png,image/jpeg,image/gif,image/webp"
					id="picture"
					tabIndex={-1}
					aria-label={t("a_picture")}
					ref={file}
					onChange={chosen}
				/>
				<Act act={() => file.current?.click()}>{own ? t("change_picture") : t("add_a_picture")}</Act>
				{own && (
					<Act kind="ghost" act={() => act("DELETE", "/api/v1/me/picture", undefined, t("your_picture_is_removed"))}>
						{t("remove_picture")}
					</Act>
				)}
			</div>
			{cutting.value && <Crop picture={cutting.value} save={save} cancel={done} />}
		</Card>
	);
}

const often = [
	["now", "at_once"],
	["hourly", "once_an_hour"],
	["daily", "once_a_day"],
	["off", "never"],
] as const satisfies [Account["mail_replies"], string][];

const languages = "en de fr es pt-BR it nl sv nb da fi pl cs ru uk tr ar he ja zh".split(" ");

const named = (lang: string): string => new Intl.DisplayNames([lang], { type: "language" }).of(lang) ?? lang;

/** Choices are the language of the pages and mails, and how often mail comes. */
export function Choices({ me }: { me: Account }) {
	const set = (name: string) => (e: Event) =>
		act("PATCH", "/api/v1/me", { [name]: (e.currentTarget as HTMLSelectElement).value }, t("saved"));
	return (
		<Card title={t("language_and_mail")}>
			<div class="field">
				<label for="f-lang">{t("language")}</label>
				<select class="inp" id="f-lang" onChange={set("lang")}>
					{["", ...languages].map((l) => (
						<option key={l} value={l} selected={l === me.lang}>
							{l ? named(l) : t("as_my_browser_says")}
						</option>
					))}
				</select>
			</div>
			<div class="field">
				<label for="f-replies">{t("email_me_when_someone_replies")}</label>
				<select class="inp" id="f-replies" disabled={!me.email} onChange={set("mail_replies")}>
					{often.map(([value, label]) => (
						<option key={value} value={value} selected={value === me.mail_replies}>
							{t(label)}
						</option>
					))}
				</select>
				{!me.email && <p class="hint">{t("add_an_address_first")}</p>}
			</div>
			{me.audit_mail !== null && (
				<div class="field">
					<label for="f-audit">{t("audit_mail")}</label>
					<select
						class="inp"
						id="f-audit"
						onChange={(e) => act("PATCH", "/api/v1/me", { audit_mail: e.currentTarget.value === "daily" }, t("saved"))}
					>
						<option value="off" selected={!me.audit_mail}>
							{t("never")}
						</option>
						<option value="daily" selected={me.audit_mail}>
							{t("once_a_day")}
						</option>
					</select>
					<p class="hint">{t("audit_mail_why")}</p>
				</div>
			)}
		</Card>
	);
}
