/** typed keeps what is typed in a field to itself: a page that listens for single letters sees an element, not a field. */
export function typed(el: HTMLElement): void {
	const stop = (e: KeyboardEvent) => {
		if (!/^(TEXTAREA|INPUT|SELECT)$/.test((e.target as Element).tagName)) return;
		const command = e.metaKey || (e.ctrlKey && !e.getModifierState("AltGraph"));
		if (e.isComposing || e.keyCode === 229 || (e.key.length === 1 && !command)) e.stopPropagation();
	};
	for (const type of ["keydown", "keypress", "keyup"] as const) el.addEventListener(type, stop);
}
