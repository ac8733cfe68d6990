import type { ComponentChildren, VNode } from "preact";
import { useId } from "./id.ts";

/** Named are the attributes that tie a control to its label, its hint and what is wrong with it. */
export interface Named {
	id: string;
	"aria-describedby"?: string | undefined;
	"aria-invalid"?: "true" | undefined;
}

interface Props {
	label: ComponentChildren;
	labelCls?: string;
	hint?: ComponentChildren;
	wrong?: string; // "" takes it back; without it nothing can be wrong
	id?: string;
	hidden?: boolean;
	beside?: VNode | false; // stands on the label's line
	control: (named: Named) => ComponentChildren;
}

/** Field is a control with its label, its hint and what is wrong with it. */
export function Field({ label, labelCls, hint, wrong, id, hidden = false, beside, control }: Props) {
	const made = useId();
	const own = id ?? made;
	const described = [hint && `${own}-hint`, wrong && `${own}-wrong`].filter(Boolean).join(" ");
	const name = (
		<label class={labelCls} for={own}>
			{label}
		</label>
	);
	return (
		<div class="field" hidden={hidden}>
			{beside ? (
				<div class="row">
					{name}
					{beside}
				</div>
			) : (
				name
			)}
			{control({ id: own, "aria-describedby": described || undefined, "aria-invalid": wrong ? "true" : undefined })}
			{hint && (
				<p class="hint" id={`${own}-hint`}>
					{hint}
				</p>
			)}
			{wrong !== undefined && (
				<p class="err" id={`${own}-wrong`} role="alert">
					{wrong}
				</p>
			)}
		</div>
	);
}
