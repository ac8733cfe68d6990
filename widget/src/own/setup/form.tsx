import { type Signal, useSignal } from "@preact/signals";
import { createElement, type InputHTMLAttributes } from "preact";
import { useRef } from "preact/hooks";
import { type Answer, call } from "../client.ts";
import { t } from "./words.ts";

interface Box {
	name: string;
	label: string;
	more?: string; // of the label, for who reads it; a refusal does without
	about: string; // the field of an answer that means it
	attrs: InputHTMLAttributes<HTMLInputElement>;
}

const mine: readonly Box[] = [
	{ name: "name", label: t("name"), about: "name", attrs: { autocomplete: "name", minLength: 2, maxLength: 40 } },
	{ name: "email", label: t("email"), about: "email", attrs: { type: "email", autocomplete: "username" } },
	{
		name: "password",
		label: t("password"),
		more: t("password_length"),
		about: "password",
		attrs: { type: "password", autocomplete: "new-password", minLength: 8 },
	},
];

const site: readonly Box[] = [
	{ name: "siteName", label: t("site_name"), more: t("site_name_readers"), about: "site.name", attrs: { maxLength: 100 } },
	{
		name: "siteKey",
		label: t("site_key"),
		more: t("site_key_embed"),
		about: "site.key",
		attrs: { pattern: "[a-z0-9\\-]{1,64}", placeholder: "news" },
	},
	{
		name: "siteOrigin",
		label: t("site_origin"),
		about: "site.origin",
		attrs: { type: "url", placeholder: "https://www.example.com" },
	},
];

interface Props {
	token: string;
	problem: Signal<string>;
	made: (snippet: string) => void;
}

/** Form asks for all that is needed to begin. The browser checks it first; what the server refuses is said above it. */
export function Form({ token, problem, made }: Props) {
	const ref = useRef<HTMLFormElement>(null);
	const wrong = useSignal(""); // the name of the box that was refused
	const send = async (e: Event) => {
		e.preventDefault();
		const form = ref.current;
		if (!form) return;
		const data = new FormData(form);
		const v = (name: string) => String(data.get(name) ?? "");
		problem.value = "";
		const r = await call<{ snippet: string }>("POST", "/setup", {
			token,
			name: v("name"),
			email: v("email"),
			password: v("password"),
			site: { key: v("siteKey"), name: v("siteName"), origin: v("siteOrigin").replace(/\/+$/, "") },
		});
		if (r.status === 201) return made(r.body?.snippet ?? "");
		const box = refused(r);
		wrong.value = box?.name ?? "";
		problem.value = reason(r, box);
		if (box) form.querySelector<HTMLInputElement>(`input[name="${box.name}"]`)?.focus();
	};
	const boxes = (list: readonly Box[]) => list.map((box) => <Labelled key={box.name} box={box} wrong={wrong} />);
	return (
		<form id="setup" ref={ref} onSubmit={send}>
			<h2>{t("you")}</h2>
			{boxes(mine)}
			<h2>{t("your_site")}</h2>
			{boxes(site)}
			<button type="submit">{t("create")}</button>
		</form>
	);
}

function Labelled({ box, wrong }: { box: Box; wrong: Signal<string> }) {
	const is = wrong.value === box.name;
	const typed = () => {
		if (is) wrong.value = "";
	};
	const input = createElement("input", {
		name: box.name,
		required: true,
		"aria-invalid": is ? "true" : undefined,
		onInput: typed,
		...box.attrs,
	});
	// biome-ignore lint/a11y/noLabelWithoutControl: the box stands in it
	return <label>{[box.more ? `${box.label}, ${box.more} ` : `${box.label} `, input]}</label>;
}

/** refused is the box that an answer means, if it means one. */
function refused(r: Answer<unknown>): Box | undefined {
	const field = r.fields[0]?.field;
	return [...mine, ...site].find((b) => b.about === field || (field === "site.origins" && b.about === "site.origin"));
}

/** reason says why there is nothing yet. */
function reason(r: Answer<unknown>, box: Box | undefined): string {
	if (r.status === 0) return t("no_answer");
	if (box) return `${box.label}: ${r.fields[0]?.message ?? ""}.`;
	return r.detail || t("failed");
}
