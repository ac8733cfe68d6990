import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

interface Props<T extends string> {
	label: string;
	options: readonly (readonly [T, string])[];
	value: T;
	change: (v: T) => void;
	cls?: string;
}

/** Segment is a choice of a few, side by side: one tab stop, arrows move. */
export function Segment<T extends string>({ label, options, value, change, cls = "" }: Props<T>) {
	const chosen = useSignal<T>(value);
	const group = useRef<HTMLDivElement>(null);
	const pick = (v: T) => {
		chosen.value = v;
		change(v);
	};
	const move = (e: KeyboardEvent) => {
		const el = group.current;
		if (!el) return;
		const back = getComputedStyle(el).direction === "rtl" ? 1 : -1;
		const step = { ArrowRight: -back, ArrowLeft: back, ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (step === undefined) return;
		e.preventDefault();
		const at = options.findIndex(([v]) => v === chosen.value);
		const to = (at + step + options.length) % options.length;
		const option = options[to];
		if (!option) return;
		el.querySelectorAll("button")[to]?.focus();
		pick(option[0]);
	};
	return (
		<div class={`seg ${cls}`.trim()} role="radiogroup" aria-label={label} ref={group} onKeyDown={move}>
			{options.map(([v, text]) => (
				<button
					key={v}
					type="button"
					role="radio"
					data-value={v}
					aria-checked={v === chosen.value ? "true" : "false"}
					tabIndex={v === chosen.value ? 0 : -1}
					onClick={() => pick(v)}
				>
					{text}
				</button>
			))}
		</div>
	);
}
