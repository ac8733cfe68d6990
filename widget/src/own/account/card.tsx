import type { ComponentChildren } from "preact";
import { Button } from "../ui/button.tsx";
import { useId } from "../ui/id.ts";

/** Card is one subject of the page. */
export function Card({ title, sub, children }: { title: string; sub?: string; children: ComponentChildren }) {
	const id = useId();
	return (
		<section class="card" aria-labelledby={id}>
			<h2 id={id}>{title}</h2>
			{sub && <p class="sub">{sub}</p>}
			{children}
		</section>
	);
}

interface ActProps {
	kind?: "" | "pri" | "ghost" | "full" | "bad";
	act: () => unknown;
	children: ComponentChildren;
}

/** Act is a button of a card. */
export function Act({ kind = "", act, children }: ActProps) {
	return (
		<Button cls={`btn sm ${kind}`.trim()} act={act}>
			{children}
		</Button>
	);
}

interface RowProps {
	title: ComponentChildren;
	says: string;
	children: ComponentChildren; // what can be done to it
}

/** Row is one thing of a card's list: what it is, and what can be done to it. */
export function Row({ title, says, children }: RowProps) {
	return (
		<li>
			<span class="what">
				<b>{title}</b>
				<small>{says}</small>
			</span>
			{children}
		</li>
	);
}
