import { useSignal } from "@preact/signals";
import { nodes } from "../../shared/dom/html.ts";
import { mark } from "./card.ts";
import { type Answer, t, words } from "./desk.ts";
import type { Trial } from "./shapes.ts";

const LISTED = 20; // comments of a trial that are shown
const blocks = /<\/?(p|h\d|ul|ol|li|blockquote|pre|hr|br)[^>]*>/g;

/** Found says what the words or the rule would have done. */
export function Found({ trial: r }: { trial: Trial }) {
	const lead =
		r.would_hold === 0
			? t("trial_none", { n: r.looked_at })
			: t("trial_says", {
					rejected: words.number(r.would_reject),
					held: words.number(r.would_hold - r.would_reject),
					all: words.number(r.looked_at),
					approved: words.number(r.approved),
					removed: words.number(r.removed),
				});
	return (
		<>
			<p>
				<b>{lead}</b>
			</p>
			<ul>
				{r.comments.slice(0, LISTED).map((c) => (
					<li key={c.id}>
						<span class="bdg">{t(`would_${c.would}`)}</span> <span class="bdg">{t(`status_${c.status}`)}</span> <b>{c.author?.name ?? t("guest")}</b>{" "}
						<Line html={c.html} marks={c.marks} />
					</li>
				))}
			</ul>
		</>
	);
}

/** Line is a comment on one line, with what was found in it marked. */
function Line({ html, marks }: { html: string; marks: readonly string[] }) {
	const draw = (el: HTMLElement | null) => {
		if (!el) return;
		el.replaceChildren(nodes(html.replace(blocks, " ")));
		for (const m of marks) mark(el, m);
	};
	return <span ref={draw} />;
}

/** TrialButton tries something out and says below what it would have done. */
export function TrialButton({ label, run }: { label: string; run: () => Promise<Answer<Trial>> }) {
	const busy = useSignal(false);
	const told = useSignal<Answer<Trial> | null>(null);
	const test = async () => {
		busy.value = true;
		told.value = await run();
		busy.value = false;
	};
	return (
		<>
			<div class="fx">
				<button type="button" class="btn" onClick={() => void test()}>
					{label}
				</button>
			</div>
			<div class="trial">
				{busy.value ? (
					<p class="hint">{t("loading")}</p>
				) : (
					told.value && (told.value.body ? <Found trial={told.value.body} /> : <p class="alert">{told.value.detail}</p>)
				)}
			</div>
		</>
	);
}
