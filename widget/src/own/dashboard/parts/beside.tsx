import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../desk.ts";
import { isBox, isDirty, same } from "../focus.ts";
import { Icon } from "../../ui/icon.tsx";

interface Props {
	label: string;
	open: boolean;
	waits?: boolean; // what it showed is of another row
	close: () => void;
	drawer: RefObject<HTMLElement | null>;
	list: ComponentChildren;
	children: ComponentChildren;
}

/** Beside is a list with a drawer at its side. */
export function Beside({ label, open, waits = false, close, drawer, list, children }: Props) {
	/** Esc closes the drawer, also from its boxes, as long as nothing is typed in them. */
	const esc = (e: KeyboardEvent) => {
		if (e.key !== "Escape" || !isBox(e.target) || !drawer.current) return;
		e.stopPropagation();
		if (!isDirty(drawer.current)) close();
	};
	return (
		<div class={open ? "pp open" : "pp"}>
			<div>{list}</div>
			<aside
				class="drw side"
				ref={drawer}
				aria-label={label}
				hidden={!open}
				tabIndex={-1}
				aria-busy={waits ? "true" : "false"}
				onKeyDown={esc}
			>
				<div class="in">
					{waits ? (
						<p class="hint" role="status">
							{t("loading")}
						</p>
					) : (
						children
					)}
				</div>
			</aside>
		</div>
	);
}

/** useFocusKept leaves the focus in root where drawing has taken away what had it: on what took its place, or on rest. */
export function useFocusKept(root: RefObject<HTMLElement | null>, rest: RefObject<HTMLElement | null> = root): void {
	const had = useRef<HTMLElement | null>(null);
	const now = document.activeElement;
	had.current = now instanceof HTMLElement && root.current?.contains(now) ? now : null;
	useLayoutEffect(() => {
		if (!had.current || !root.current || document.activeElement !== document.body) return;
		(same(root.current, had.current) ?? rest.current)?.focus({ preventScroll: true });
	});
}

/** Close is the button of a drawer's head. */
export function Close({ close }: { close: () => void }) {
	return (
		<button type="button" class="ib" aria-label={t("close")} onClick={close}>
			<Icon name="x" />
		</button>
	);
}
