import { type ReadonlySignal, useSignal } from "@preact/signals";
import { type Answer, numbers, t } from "./desk.ts";

/** Refusal is what a form says where the server said no. */
export interface Refusal {
	wrong: ReadonlySignal<Readonly<Record<string, string>>>; // by the names of the boxes
	rest: ReadonlySignal<string>; // what fits none of them
	say: (name: string, text: string) => void;
	/** take says under each box what is wrong with it and goes to the first. */
	take: (form: Element, r: Answer<unknown>) => void;
}

/** useRefusal holds the refusals of one form. */
export function useRefusal(): Refusal {
	const wrong = useSignal<Readonly<Record<string, string>>>({});
	const rest = useSignal("");
	return {
		wrong,
		rest,
		say: (name, text) => {
			wrong.value = { [name]: text };
		},
		take: (form, r) => {
			const box = (name: string) => form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`);
			const known = r.fields.filter((f) => box(f.field));
			wrong.value = Object.fromEntries(known.map((f) => [f.field, t("it_field", { what: numbers(f.message) })]));
			rest.value = known.length > 0 ? "" : t("not_done", { why: r.detail });
			if (known[0]) box(known[0].field)?.focus();
		},
	};
}
