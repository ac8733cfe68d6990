import { type ComponentChildren, render } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** What a dialog is named by: the id of its heading. */
export const HEADING = "dlg-h";

/** Ends are the two ways out of a dialog. */
export interface Ends<T> {
	done: (answer: T) => void;
	close: () => void;
}

interface Props<T> {
	cls: string;
	closed: (answer: T | null) => void;
	body: (ends: Ends<T>) => ComponentChildren;
}

function Modal<T>({ cls, closed, body }: Props<T>) {
	const ref = useRef<HTMLDialogElement>(null);
	const answer = useRef<T | null>(null);
	useLayoutEffect(() => {
		ref.current?.showModal();
		ref.current?.querySelector<HTMLElement>("[data-first]")?.focus();
	}, []);
	const close = () => ref.current?.close();
	const done = (a: T) => {
		answer.current = a;
		close();
	};
	return (
		<dialog class={cls} ref={ref} aria-labelledby={HEADING} onClose={() => closed(answer.current)}>
			{body({ done, close })}
		</dialog>
	);
}

/**
 * dialog shows a native modal dialog: the browser keeps the focus inside and
 * the rest out of reach. Its promise holds the answer, or null if it was
 * closed; the focus goes to what is marked data-first, and back in the end.
 */
export function dialog<T>(cls: string, body: (ends: Ends<T>) => ComponentChildren): Promise<T | null> {
	return new Promise((resolve) => {
		const before = document.activeElement;
		const home = document.createElement("div");
		document.body.append(home);
		const closed = (answer: T | null) => {
			render(null, home);
			home.remove();
			if (before instanceof HTMLElement) before.focus({ preventScroll: true });
			resolve(answer);
		};
		render(<Modal cls={cls} closed={closed} body={body} />, home);
	});
}
