import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Field } from "../../ui/field.tsx";
import { type Option, Select } from "../../ui/select.tsx";
import { t } from "../desk.ts";
import type { Name, SiteSettings } from "../state/settings.ts";

interface Props {
	s: SiteSettings;
	name: Name;
	label: string;
	hint?: string;
}

interface RowProps {
	name: string;
	hint: string;
	wrong: string;
	hidden?: boolean;
	children: ComponentChildren;
}

/** Row is a setting on one line: its name, what it does, and why it could not be changed. */
export function Row({ name, hint, wrong, hidden = false, children }: RowProps) {
	return (
		<div hidden={hidden}>
			{/* biome-ignore lint/a11y/noLabelWithoutControl: the control stands beside it and has a name of its own */}
			<label class="grow">
				<b>{name}</b>
				{hint && <span class="t">{hint}</span>}
				<span class="err" role="alert">
					{wrong}
				</span>
			</label>
			{children}
		</div>
	);
}

/** useChange changes one setting at once; wrong says why not. */
export function useChange(s: SiteSettings) {
	const wrong = useSignal("");
	const change = async (body: Partial<Record<Name | "add_origins" | "remove_origins", unknown>>): Promise<boolean> => {
		const r = await s.patch(body);
		wrong.value = r.body ? "" : r.detail;
		return r.body !== null;
	};
	return { wrong, change };
}

/** Switch is a setting that is on or off. */
export function Switch({ s, name, label, hint = "" }: Props) {
	const { wrong, change } = useChange(s);
	const flip = async (e: Event) => {
		const box = e.currentTarget as HTMLInputElement;
		if (!(await change({ [name]: box.checked }))) box.checked = !box.checked;
	};
	return (
		<Row name={label} hint={hint} wrong={wrong.value}>
			<input
				class="sw"
				type="checkbox"
				role="switch"
				defaultChecked={Boolean(s.now.value?.[name])}
				aria-label={label}
				onChange={flip}
			/>
		</Row>
	);
}

/** Num is a setting that is a number. */
export function Num({ s, name, label, hint = "", step = "1" }: Props & { step?: string }) {
	const { wrong, change } = useChange(s);
	const invalid = useSignal<"true" | "false" | undefined>(undefined);
	const set = async (e: Event) => {
		const box = e.currentTarget as HTMLInputElement;
		if (box.value === "") {
			box.value = String(s.now.value?.[name] ?? ""); // emptied, or no number: nothing was said
			return;
		}
		invalid.value = (await change({ [name]: Number(box.value) })) ? "false" : "true";
	};
	return (
		<Row name={label} hint={hint} wrong={wrong.value}>
			<input
				class="inp num"
				type="number"
				step={step}
				defaultValue={String(s.now.value?.[name] ?? "")}
				aria-label={label}
				aria-invalid={invalid.value}
				onChange={set}
			/>
		</Row>
	);
}

/** Pick is a setting that is one of a few. */
export function Pick({ s, name, label, hint = "", options }: Props & { options: readonly Option[] }) {
	const { wrong, change } = useChange(s);
	const value = s.now.value?.[name] as string | number;
	return (
		<Row name={label} hint={hint} wrong={wrong.value}>
			<Select
				label={label}
				value={value}
				options={options}
				change={(v) => change({ [name]: typeof value === "number" ? Number(v) : v })}
			/>
		</Row>
	);
}

/** Line is a setting that is a line of text. */
export function Line({ s, name, label, hint = "" }: Props) {
	const { wrong, change } = useChange(s);
	const set = (e: Event) => change({ [name]: (e.currentTarget as HTMLInputElement).value.trim() });
	return (
		<Field
			id={`set-${name}`}
			label={label}
			hint={hint}
			wrong={wrong.value}
			control={(named) => (
				<input
					class="inp"
					type="text"
					autocomplete="off"
					defaultValue={String(s.now.value?.[name] ?? "")}
					onChange={set}
					{...named}
				/>
			)}
		/>
	);
}

/** SecretLine is a setting that the server keeps to itself: it is set anew or taken away, never shown. */
export function SecretLine({ s, name, label, hint = "" }: Props) {
	const { wrong, change } = useChange(s);
	const box = useRef<HTMLInputElement>(null);
	const isSet = (s.now.value?.[name] as { set: boolean } | undefined)?.set ?? false;
	const set = async () => {
		const el = box.current;
		if (!el || el.value.trim() === "") return; // emptied after a refusal; what is set is taken away by its own button
		if (await change({ [name]: el.value.trim() })) el.value = "";
	};
	const remove = async () => {
		if (await change({ [name]: "" })) box.current?.focus();
	};
	return (
		<Field
			id={`set-${name}`}
			label={label}
			hint={hint}
			wrong={wrong.value}
			control={(named) => (
				<div class="fx nowrap">
					<span class="grow">
						<input
							class="inp"
							type="password"
							autocomplete="off"
							placeholder={isSet ? t("secret_set") : ""}
							ref={box}
							onChange={set}
							{...named}
						/>
					</span>
					<button type="button" class="btn" aria-label={t("secret_remove", { name: label })} hidden={!isSet} onClick={remove}>
						{t("way_remove")}
					</button>
				</div>
			)}
		/>
	);
}
