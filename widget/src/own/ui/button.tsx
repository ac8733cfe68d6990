import { useSignal } from "@preact/signals";
import type { ComponentChildren, Ref } from "preact";

interface Props {
	cls: string;
	act: () => unknown;
	label?: string | undefined; // where the words in it are not enough
	id?: string | undefined;
	hidden?: boolean | undefined;
	of?: Ref<HTMLButtonElement>;
	children: ComponentChildren;
}

/** Button runs act at a click, once at a time. */
export function Button({ cls, act, label, id, hidden, of, children }: Props) {
	const busy = useSignal(false);
	const press = async () => {
		if (busy.value) return;
		busy.value = true;
		await act();
		busy.value = false;
	};
	return (
		<button
			type="button"
			ref={of ?? null}
			id={id}
			class={cls}
			hidden={hidden}
			aria-label={label}
			aria-busy={busy.value ? "true" : undefined}
			onClick={press}
		>
			{children}
		</button>
	);
}
