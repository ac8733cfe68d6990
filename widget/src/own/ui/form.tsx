import { type Signal, useSignal } from "@preact/signals";
import { type ComponentChildren, createContext, createElement, type InputHTMLAttributes, type JSX } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { type Answer, why } from "../client.ts";
import { Field } from "./field.tsx";

/** Data are a form's values by the names of its boxes. */
export type Data = Record<string, string>;

/** Refusal is an answer that says no, and the box that is meant where the answer names none. */
export interface Refusal {
	refused: Answer<unknown>;
	at?: string;
}

/** Sent is what became of what was sent: nothing more to say, or a refusal. */
// biome-ignore lint/suspicious/noConfusingVoidType: an act that has nothing to say need not say so
export type Sent = Promise<Refusal | void>;

interface Wrong {
	name: string; // of a box, or "" for the whole form
	message: string; // of the server about the box; "" where it said none
	why: string;
}

const Refused = createContext<Signal<Wrong | null> | null>(null);
const Busy = createContext(false);

interface FormProps {
	id?: string;
	act: (data: Data, form: HTMLFormElement) => Sent;
	refused?: Signal<Refusal | null>; // of what is asked for beside the form, with what stands in it
	turn?: number; // a new one takes back what was refused
	hidden?: boolean;
	children: ComponentChildren;
}

/** Form runs act with its values, once at a time, and says a refusal under the box that is wrong, or at its foot. */
export function Form({ id, act, refused, turn, hidden = false, children }: FormProps) {
	const wrong = useSignal<Wrong | null>(null);
	const busy = useSignal(false);
	const ref = useRef<HTMLFormElement>(null);
	useLayoutEffect(() => {
		wrong.value = null;
	}, [turn]);
	const beside = refused?.value;
	useEffect(() => {
		if (beside && ref.current) refuse(ref.current, beside, wrong);
	}, [beside]);
	const submit = async (e: Event) => {
		e.preventDefault();
		const form = ref.current;
		if (!form || busy.value) return;
		busy.value = true;
		wrong.value = null;
		const no = await act(values(form), form);
		busy.value = false;
		if (no) refuse(form, no, wrong);
	};
	return (
		<form id={id} ref={ref} hidden={hidden} noValidate aria-busy={busy.value ? "true" : undefined} onSubmit={submit}>
			<Refused.Provider value={wrong}>
				<Busy.Provider value={busy.value}>{children}</Busy.Provider>
			</Refused.Provider>
			{wrong.value?.name === "" && (
				<p class="err" role="alert">
					{wrong.value.why}
				</p>
			)}
		</form>
	);
}

/** values are what stands in a form's boxes, but for files. */
function values(form: HTMLFormElement): Data {
	const data: Data = {};
	for (const [name, value] of new FormData(form)) if (typeof value === "string") data[name] = value;
	return data;
}

/** refuse puts a refusal where it belongs and the cursor into the box that is meant. */
function refuse(form: HTMLFormElement, no: Refusal, wrong: Signal<Wrong | null>): void {
	const f = no.refused.fields[0];
	const name = f?.field ?? no.at ?? "";
	const box = name ? form.querySelector<HTMLInputElement>(`input[name="${CSS.escape(name)}"]:not([hidden])`) : null;
	wrong.value = { name: box ? name : "", message: f?.message ?? "", why: why(no.refused) };
	box?.focus();
	if (box?.type === "password") box.select();
}

/** Submit is the button of a form. */
export function Submit({ cls, children }: { cls: string; children: ComponentChildren }) {
	return (
		<button type="submit" class={cls} aria-busy={useContext(Busy) ? "true" : undefined}>
			{children}
		</button>
	);
}

/** Box is what a box may be told. */
interface Box {
	type?: "text" | "email" | "password";
	autocomplete?: string;
	inputMode?: "numeric" | "email";
	required?: boolean;
	defaultValue?: string;
	value?: string;
	minLength?: number;
	maxLength?: number;
	placeholder?: string;
}

interface TextProps extends Box {
	name: string;
	label: string;
	id?: string;
	hint?: string;
	cls?: string;
	labelCls?: string;
	beside?: JSX.Element | false;
	typed?: (e: Event) => void; // at every change
	around?: (box: JSX.Element) => JSX.Element; // what else stands on its line
}

/** Text is a box of a form with its label. */
export function Text({
	name,
	label,
	id = `f-${name}`,
	hint,
	cls = "inp",
	labelCls,
	beside,
	typed,
	around = (box) => box,
	...box
}: TextProps) {
	const wrong = useContext(Refused)?.value;
	const says = wrong?.name === name ? (wrong.message ? `${label} ${wrong.message}.` : wrong.why) : "";
	return (
		<Field
			label={label}
			id={id}
			wrong={says}
			{...(hint ? { hint } : {})}
			{...(beside ? { beside } : {})}
			{...(labelCls ? { labelCls } : {})}
			control={(named) =>
				around(
					createElement("input", { class: cls, name, onInput: typed, ...box, ...named } as InputHTMLAttributes<HTMLInputElement>),
				)
			}
		/>
	);
}
