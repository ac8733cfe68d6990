import { useRef } from "preact/hooks";

let made = 0;

/** useId names an element. Preact's own begins anew in each of the pages' roots, so that two labels meant one box. */
export function useId(): string {
	const id = useRef("");
	id.current ||= `i${++made}`;
	return id.current;
}
