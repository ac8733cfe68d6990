import { type Desk, type Params, t } from "../desk.ts";

export interface Tab {
	label: string;
	current: boolean;
	go: Params;
}

/** Tabs are the lists of a screen; each is an address of its own. */
export function Tabs({ desk, list }: { desk: Desk; list: readonly Tab[] }) {
	return (
		<nav class="ftabs" aria-label={t("lists")}>
			{list.map((x) => (
				<button
					key={x.label}
					type="button"
					class={x.current ? "on" : undefined}
					aria-current={x.current ? "page" : undefined}
					onClick={() => desk.go(x.go)}
				>
					{x.label}
				</button>
			))}
		</nav>
	);
}
