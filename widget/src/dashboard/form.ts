import { fill, h } from "../view/h.ts";
import { type Answer, t } from "./desk.ts";

/** A field is a control with its label, its hint and what is wrong with it. */
export interface Field {
	el: HTMLElement;
	control: HTMLElement;
	say: (text: string) => void; // "" takes it back
}

let fields = 0;

/** field names a control and keeps a place under it for a refusal. */
export function field(label: string, control: HTMLElement, hint = "", around: HTMLElement = control): Field {
	const id = control.id || `field-${++fields}`;
	control.id = id;
	const wrong = h("p.err", { id: `${id}-wrong`, role: "alert" });
	const help = hint ? h("p.hint", { id: `${id}-hint` }, hint) : null;
	if (help) control.setAttribute("aria-describedby", help.id);
	const el = h("div.field", {}, h("label", { for: id }, label), around, help, wrong);
	const say = (text: string) => {
		wrong.textContent = text;
		if (text) control.setAttribute("aria-invalid", "true");
		else control.removeAttribute("aria-invalid");
		const by = [help?.id, text ? wrong.id : ""].filter(Boolean).join(" ");
		if (by) control.setAttribute("aria-describedby", by);
		else control.removeAttribute("aria-describedby");
	};
	return { el, control, say };
}

/** refuse says under each field what is wrong with it and goes to the first; what fits none goes to rest. */
export function refuse(known: Record<string, Field>, r: Answer<unknown>, rest: (text: string) => void): void {
	for (const f of Object.values(known)) f.say("");
	rest("");
	let first: Field | null = null;
	for (const { field: name, message } of r.fields) {
		const f = known[name];
		if (!f) continue;
		f.say(t("it_field", { what: message }));
		first ??= f;
	}
	if (first) first.control.focus();
	else rest(t("not_done", { why: r.detail }));
}

/** segment is a choice of a few, side by side: one tab stop, arrows move. */
export function segment<T extends string>(
	label: string,
	options: readonly (readonly [T, string])[],
	value: T,
	change: (v: T) => void,
	cls = "",
): HTMLElement {
	const group = h("div", { class: `seg ${cls}`.trim(), role: "radiogroup", "aria-label": label });
	const pick = (v: T, focus: boolean) => {
		for (const b of group.querySelectorAll<HTMLElement>("button")) {
			const on = b.dataset["value"] === v;
			b.setAttribute("aria-checked", String(on));
			b.tabIndex = on ? 0 : -1;
			if (on && focus) b.focus();
		}
		value = v;
	};
	fill(
		group,
		options.map(([v, text]) =>
			h(
				"button",
				{
					type: "button",
					role: "radio",
					"data-value": v,
					onclick: () => {
						pick(v, false);
						change(v);
					},
				},
				text,
			),
		),
	);
	group.addEventListener("keydown", (e) => {
		const back = getComputedStyle(group).direction === "rtl" ? 1 : -1;
		const step = { ArrowRight: -back, ArrowLeft: back, ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (step === undefined) return;
		e.preventDefault();
		const at = options.findIndex(([v]) => v === value);
		const to = options[(at + step + options.length) % options.length];
		if (!to) return;
		pick(to[0], true);
		change(to[0]);
	});
	pick(value, false);
	return group;
}
