import type { ComponentChildren } from "preact";

interface Props {
	cls?: string;
	columns: readonly (readonly [label: string, cls?: string])[];
	children: ComponentChildren;
}

/** Table is a table with a head. */
export function Table({ cls = "", columns, children }: Props) {
	return (
		<div class="tblw">
			<table class={`tbl ${cls}`.trim()}>
				<thead>
					<tr>
						{columns.map(([label, c]) => (
							<th key={label} scope="col" class={c}>
								{label}
							</th>
						))}
					</tr>
				</thead>
				<tbody>{children}</tbody>
			</table>
		</div>
	);
}

interface RowProps {
	id: string;
	open: boolean; // the drawer is about it
	show: (id: string) => void;
	children: ComponentChildren;
}

/** Row is one line of a table; its button is for the keyboard, all of it for the pointer. */
export function Row({ id, open, show, children }: RowProps) {
	return (
		<tr data-id={id} aria-selected={open ? "true" : "false"} onClick={() => show(id)}>
			{children}
		</tr>
	);
}

/** goTo focuses the row that a drawer was about; false if it is not in the list. */
export function goTo(root: Element, id: string): boolean {
	const b = root.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"] button`);
	b?.focus();
	return b !== null;
}
