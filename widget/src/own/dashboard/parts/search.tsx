import { useRef } from "preact/hooks";
import { t } from "../desk.ts";
import { Icon } from "../../ui/icon.tsx";
import { type Mounted, mounted } from "../../ui/mounted.tsx";

interface Props {
	label: string;
	value: string;
	run: (v: string) => void;
}

function Search({ label, value, run }: Props) {
	const box = useRef<HTMLInputElement>(null);
	const submit = (e: Event) => {
		e.preventDefault();
		run(box.current?.value.trim() ?? "");
	};
	return (
		<form class="find" role="search" onSubmit={submit}>
			<Icon name="search" />
			<input class="inp" type="search" ref={box} aria-label={label} placeholder={label} defaultValue={value} maxLength={100} />
			{value === "" && <kbd aria-hidden="true">/</kbd>}
		</form>
	);
}

/** search is the box of a screen's head. */
export function search(label: string, value: string, run: (v: string) => void): Mounted & { focus: () => void } {
	const m = mounted(<Search label={label} value={value} run={run} />);
	return { ...m, focus: () => m.el.querySelector("input")?.focus() };
}

const FIRST_YEAR = 1970;

/**
 * DateBox is a day to filter by, with its name in sight. A date that is typed
 * changes with every digit of its year, and counts once it is left or Enter is
 * pressed; one that is picked counts at once.
 */
export function DateBox({ label, value, run }: Props) {
	const typing = useRef(false);
	const told = useRef(value);
	const box = useRef<HTMLInputElement>(null);
	const done = () => {
		typing.current = false;
		const el = box.current;
		if (!el?.isConnected || el.validity.badInput) return;
		const v = el.value;
		if (v === told.current || (v !== "" && Number(v.split("-")[0]) < FIRST_YEAR)) return;
		told.current = v;
		run(v);
	};
	const key = (e: KeyboardEvent) => {
		if (e.key === "Enter") done();
		else typing.current = true;
	};
	return (
		<label class="dt">
			<span>{label}</span>
			<input
				class="inp"
				type="date"
				name={label}
				ref={box}
				defaultValue={value}
				onKeyDown={key}
				onChange={() => typing.current || done()}
				onBlur={() => setTimeout(done)} // the focus is where it goes by then
			/>
		</label>
	);
}

/** dateBox is the same for a screen that is built by hand. */
export function dateBox(label: string, value: string, run: (v: string) => void): HTMLElement {
	return mounted(<DateBox label={label} value={value} run={run} />).el;
}

/** Off takes one filter away. */
export function Off({ label, run }: { label: string; run: () => void }) {
	return (
		<button type="button" class="btn sm" onClick={run}>
			{label}
			<Icon name="x" cls="i s" />
		</button>
	);
}

/** Arrivals is the line above a list behind which waits what came since. */
export function Arrivals({ n, missed = false, show }: { n: number; missed?: boolean; show: () => void }) {
	return (
		<button type="button" class="arrive" hidden={!missed && n === 0} onClick={show}>
			{missed ? t("something_new") : n > 0 && t("arrived", { n })}
		</button>
	);
}
