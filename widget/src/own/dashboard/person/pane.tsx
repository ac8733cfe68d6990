import { useSignal } from "@preact/signals";
import { mounted } from "../../ui/mounted.tsx";
import type { Desk } from "../desk.ts";
import type { PersonDetail } from "../shapes.ts";
import { Notes } from "./notes.tsx";
import { Figures, Head, History, Network, Trust } from "./person.tsx";

const SHOWN = 5; // comments of the author

function Pane({ desk, person }: { desk: Desk; person: PersonDetail }) {
	const p = useSignal(person);
	return (
		<div style={{ display: "grid", gap: "18px" }}>
			<Head p={p.value} />
			<Trust p={p.value} />
			<Figures p={p.value} />
			<History desk={desk} p={p.value} n={SHOWN} />
			<Network desk={desk} p={p.value} />
			<Notes
				desk={desk}
				p={p.value}
				changed={(q) => {
					p.value = q;
				}}
			/>
		</div>
	);
}

/** pane is the author beside the queue. */
export function pane(desk: Desk, p: PersonDetail): HTMLElement[] {
	return [mounted(<Pane desk={desk} person={p} />).el];
}
