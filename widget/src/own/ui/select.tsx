import { createElement } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** Option is a value and its words. */
export type Option = readonly [value: string | number, label: string];

interface Props {
	options: readonly Option[];
	value: string | number; // what holds
	label?: string; // where no <label> names it
	id?: string;
	disabled?: boolean;
	cls?: string;
	/** change may say that it did not come to pass: then what holds is shown again. */
	change?: (v: string) => unknown;
}

/** Select is a box of choices. What holds is its default, so that "is something typed here" has an answer. */
export function Select({ options, value, label, id, disabled = false, cls = "sel box", change }: Props) {
	const ref = useRef<HTMLSelectElement>(null);
	useLayoutEffect(() => {
		if (ref.current) ref.current.value = String(value);
	}, [value]);
	const changed = async (e: Event) => {
		const box = e.currentTarget as HTMLSelectElement;
		if ((await change?.(box.value)) === false) box.value = String(value);
	};
	return (
		<span class={cls}>
			<select ref={ref} id={id} aria-label={label} disabled={disabled} onChange={changed}>
				{options.map(([v, text]) => createElement("option", { key: v, value: v, defaultSelected: v === value } as object, text))}
			</select>
			<Icon name="cd" cls="i s" />
		</span>
	);
}
