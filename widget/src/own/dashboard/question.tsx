import type { ComponentChildren, VNode } from "preact";
import { dialog, type Ends, HEADING } from "../ui/dialog.tsx";
import { t } from "./desk.ts";

interface Props {
	title: string;
	lead: string;
	close: () => void;
	button: VNode;
	children?: ComponentChildren;
}

/** Question is what a dialog of the dashboard shows: a heading, a form, a way out. */
export function Question({ title, lead, close, button, children }: Props) {
	return (
		<>
			<h2 id={HEADING}>{title}</h2>
			{lead && <p class="hint">{lead}</p>}
			<form onSubmit={(e) => e.preventDefault()}>
				{children}
				<div class="fx">
					<button type="button" class="btn ghost" onClick={close}>
						{t("cancel")}
					</button>
					{button}
				</div>
			</form>
		</>
	);
}

/** ask shows a question; its promise holds the answer, or null if it was closed. */
export function ask<T>(body: (ends: Ends<T>) => VNode): Promise<T | null> {
	return dialog<T>("dlg", body);
}

/** confirm asks before what cannot be taken back. */
export async function confirm(title: string, lead: string, verb: string): Promise<boolean> {
	const yes = await ask<true>(({ done, close }) => (
		<Question
			title={title}
			lead={lead}
			close={close}
			button={
				<button type="submit" class="btn bad" data-first onClick={() => done(true)}>
					{verb}
				</button>
			}
		/>
	));
	return yes === true;
}
