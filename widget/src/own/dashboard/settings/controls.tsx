import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Field } from "../../ui/field.tsx";
import { type Option, Select } from "../../ui/select.tsx";
import { t } from "../desk.ts";
import type { Name, SiteSettings } from "../state/settings.ts";
import { useChange } from "./change.ts";
import { By, Clash } from "./clash.tsx";

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
	by?: ComponentChildren;
	clash?: ComponentChildren;
	children: ComponentChildren;
}

/** Row is a setting on one line: its name, what it does, who changed it last, and why it could not be changed. */
export function Row({ name, hint, wrong, hidden = false, by, clash, children }: RowProps) {
	return (
		<div hidden={hidden}>
			{/* biome-ignore lint/a11y/noLabelWithoutControl: the control stands beside it and has a name of its own */}
			<label class="grow">
				<b>{name}</b>
				{hint && <span class="t">{hint}</span>}
				{by}
				<span class="err" role="alert">
					{wrong}
				</span>
			</label>
			{children}
			{clash}
		</div>
	);
}

/** useFollow shows in a control what holds, whoever has set it; what somebody is typing there stays. */
export function useFollow<E extends HTMLElement>(s: SiteSettings, name: Name, put: (el: E, v: unknown) => void): RefObject<E | null> {
	const ref = useRef<E>(null);
	const v = s.now.value?.[name];
	const flat = JSON.stringify(v);
	useLayoutEffect(() => {
		const el = ref.current;
		if (!el || (el === document.activeElement && el.matches(":is(input:not([type=checkbox]), textarea)"))) return;
		put(el, v);
		s.saw(name, v);
	}, [flat]);
	return ref;
}

/** Switch is a setting that is on or off. */
export function Switch({ s, name, label, hint = "" }: Props) {
	const c = useChange(s);
	const box = useFollow<HTMLInputElement>(s, name, (el, v) => {
		el.checked = Boolean(v);
	});
	const flip = async () => {
		const el = box.current;
		if (el && !(await c.change({ [name]: el.checked }))) el.checked = Boolean(s.now.value?.[name]);
	};
	return (
		<Row
			name={label}
			hint={hint}
			wrong={c.wrong.value}
			by={<By s={s} name={name} />}
			clash={<Clash s={s} c={c} name={name} say={(v) => t(v ? "is_on" : "off")} />}
		>
			<input
				class="sw"
				type="checkbox"
				role="switch"
				defaultChecked={Boolean(s.now.value?.[name])}
				aria-label={label}
				ref={box}
				onChange={flip}
			/>
		</Row>
	);
}

/** Num is a setting that is a number. */
export function Num({ s, name, label, hint = "", step = "1" }: Props & { step?: string }) {
	const c = useChange(s);
	const invalid = useSignal<"true" | "false" | undefined>(undefined);
	const box = useFollow<HTMLInputElement>(s, name, (el, v) => {
		if (invalid.peek() !== "true") el.value = String(v ?? "");
	});
	const set = async () => {
		const el = box.current;
		if (!el) return;
		if (el.value === "") {
			el.value = String(s.now.value?.[name] ?? ""); // emptied, or no number: nothing was said
			return;
		}
		const done = await c.change({ [name]: Number(el.value) });
		if (c.clash.value) el.value = String(s.now.value?.[name] ?? "");
		invalid.value = done || c.clash.value ? "false" : "true";
	};
	return (
		<Row
			name={label}
			hint={hint}
			wrong={c.wrong.value}
			by={<By s={s} name={name} />}
			clash={<Clash s={s} c={c} name={name} />}
		>
			<input
				class="inp num"
				type="number"
				step={step}
				defaultValue={String(s.now.value?.[name] ?? "")}
				aria-label={label}
				aria-invalid={invalid.value}
				ref={box}
				onChange={set}
			/>
		</Row>
	);
}

/** Pick is a setting that is one of a few. */
export function Pick({ s, name, label, hint = "", options }: Props & { options: readonly Option[] }) {
	const c = useChange(s);
	const value = s.now.value?.[name] as string | number;
	const box = useFollow<HTMLSpanElement>(s, name, () => {}); // the box of choices follows by itself
	return (
		<Row
			name={label}
			hint={hint}
			wrong={c.wrong.value}
			by={<By s={s} name={name} />}
			clash={<Clash s={s} c={c} name={name} say={(v) => options.find(([o]) => o === v)?.[1] ?? String(v)} />}
		>
			<span ref={box}>
				<Select
					label={label}
					value={value}
					options={options}
					change={(v) => c.change({ [name]: typeof value === "number" ? Number(v) : v })}
				/>
			</span>
		</Row>
	);
}

/** Line is a setting that is a line of text. */
export function Line({ s, name, label, hint = "" }: Props) {
	const c = useChange(s);
	const box = useFollow<HTMLInputElement>(s, name, (el, v) => {
		if (!c.wrong.peek()) el.value = String(v ?? "");
	});
	const set = async () => {
		const el = box.current;
		if (!el) return;
		await c.change({ [name]: el.value.trim() });
		if (c.clash.value) el.value = String(s.now.value?.[name] ?? "");
	};
	return (
		<div>
			<Field
				id={`set-${name}`}
				label={label}
				hint={hint}
				wrong={c.wrong.value}
				control={(named) => (
					<input
						class="inp"
						type="text"
						autocomplete="off"
						defaultValue={String(s.now.value?.[name] ?? "")}
						ref={box}
						onChange={set}
						{...named}
					/>
				)}
			/>
			<By s={s} name={name} />
			<Clash s={s} c={c} name={name} />
		</div>
	);
}

const asLines = (v: unknown): string => (Array.isArray(v) ? v.join("\n") : "");

/** Lines is a setting that is a list, a line for each. */
export function Lines({ s, name, label, hint = "" }: Props) {
	const c = useChange(s);
	const box = useFollow<HTMLTextAreaElement>(s, name, (el, v) => {
		if (!c.wrong.peek()) el.value = asLines(v);
	});
	const set = async () => {
		const el = box.current;
		if (!el) return;
		const list = el.value.split("\n").map((x) => x.trim());
		await c.change({ [name]: list.filter(Boolean) });
		if (c.clash.value) el.value = asLines(s.now.value?.[name]);
	};
	return (
		<div>
			<Field
				id={`set-${name}`}
				label={label}
				hint={hint}
				wrong={c.wrong.value}
				control={(named) => (
					<textarea
						class="inp mono"
						rows={3}
						spellcheck={false}
						defaultValue={asLines(s.now.value?.[name])}
						ref={box}
						onChange={set}
						{...named}
					/>
				)}
			/>
			<By s={s} name={name} />
			<Clash s={s} c={c} name={name} say={(v) => (Array.isArray(v) && v.length > 0 ? v.join(", ") : t("none"))} />
		</div>
	);
}

/** spelt is who may write, as it is typed: a word, or tiers with commas between. */
const spelt = (v: unknown): string => (Array.isArray(v) ? v.join(", ") : String(v ?? ""));

/** Writers is who may write: everyone, members, or the tiers that the site's tokens say. */
export function Writers({ s, name, label, hint = "" }: Props) {
	const c = useChange(s);
	const box = useFollow<HTMLInputElement>(s, name, (el, v) => {
		if (!c.wrong.peek()) el.value = spelt(v);
	});
	const set = async () => {
		const el = box.current;
		if (!el) return;
		const typed = el.value.trim();
		const word = typed === "" || typed === "everyone" || typed === "members";
		await c.change({ [name]: word ? typed || "everyone" : typed.split(",").map((x) => x.trim()).filter(Boolean) });
		if (c.clash.value) el.value = spelt(s.now.value?.[name]);
	};
	return (
		<div>
			<Field
				id={`set-${name}`}
				label={label}
				hint={hint}
				wrong={c.wrong.value}
				control={(named) => <input class="inp" spellcheck={false} defaultValue={spelt(s.now.value?.[name])} ref={box} onChange={set} {...named} />}
			/>
			<By s={s} name={name} />
			<Clash s={s} c={c} name={name} say={spelt} />
		</div>
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
		<div>
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
			<By s={s} name={name} />
		</div>
	);
}
