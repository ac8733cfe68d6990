import { useSignal } from "@preact/signals";
import { type Answer, t, words } from "../desk.ts";
import { ask, Question } from "../question.tsx";
import type { Import, Imports, Undone } from "../state/imports.ts";
import { named } from "./import-how.tsx";

const STAYS = 8; // that are named before an undo

const day = new Intl.DateTimeFormat(words.lang, { dateStyle: "long" });
const date = (iso: string): string => day.format(new Date(iso));

/** systemOf is what an import is called: its file, or its number where that is forgotten. */
export const systemOf = (x: Import): string => x.name || t("import_number", { number: x.id });

/** Past are the imports there were, each with its way back. */
export function Past({ s }: { s: Imports }) {
	const stopped = s.open.value?.state === "failed" ? [s.open.value] : []; // it can be taken back as it is
	const list = [...stopped, ...s.past.value];
	if (list.length === 0) return null;
	return (
		<section class="past" aria-labelledby="past-imports">
			<h3 class="h2" id="past-imports">
				{t("import_past")}
			</h3>
			<p class="hint">{t("import_past_says")}</p>
			<div class="rows">
				{list.map((x) => (
					<Row key={x.id} s={s} x={x} />
				))}
			</div>
			{s.next.value && (
				<button type="button" class="btn sm" onClick={() => void s.more()}>
					{t("more")}
				</button>
			)}
		</section>
	);
}

function Row({ s, x }: { s: Imports; x: Import }) {
	const brought = x.added.comments + x.added.people + x.added.threads > 0;
	const failed = x.state === "failed";
	const facts = [
		x.source && named(x.source),
		failed && x.why ? x.why + (brought ? "" : ` ${t("import_nothing_written")}`) : t("import_n_comments", { n: x.added.comments }),
		`${date(x.created_at)}, ${x.by || t("import_on_server")}`,
	];
	const p = x.progress;
	return (
		<div>
			<span class="grow">
				<b>{systemOf(x)}</b>
				<span class="t">
					{t("import_number", { number: x.id })} · {facts.filter(Boolean).join(" · ")}
				</span>
				{x.undoing && p && p.total > 0 && <progress max={p.total} value={p.done} aria-label={t("import_undoing")} />}
				{x.state === "done" && !x.undoing && x.why && <span class="err">{x.why}</span>}
			</span>
			<Badge x={x} />
			{(x.state === "done" || (failed && brought)) && !x.undoing && (
				<button type="button" class="btn sm" aria-label={t("import_undo_of", { name: systemOf(x) })} onClick={() => void undo(s, x)}>
					{t("import_undo")}
				</button>
			)}
		</div>
	);
}

function Badge({ x }: { x: Import }) {
	if (x.undoing) return <span class="bdg warn">{t("import_undoing")}</span>;
	if (x.state === "undone") return <span class="bdg">{t("import_undone", { date: date(x.undone_at ?? x.created_at) })}</span>;
	if (x.state === "failed") return <span class="bdg bad">{t(x.file ? "import_stopped" : "import_failed")}</span>;
	if (x.state === "applying") return <span class="bdg">{t("import_by_command")}</span>;
	return <span class="bdg ok">{t("import_done")}</span>;
}

/** undo says what goes and what stays and why, and takes an import back. */
async function undo(s: Imports, x: Import): Promise<void> {
	const plan = await s.plan(x.id);
	await ask<true>(({ done, close }) => <Undo s={s} x={x} plan={plan} close={close} done={() => done(true)} />);
}

interface UndoProps {
	s: Imports;
	x: Import;
	plan: Answer<Undone>;
	close: () => void;
	done: () => void;
}

function Undo({ s, x, plan, close, done }: UndoProps) {
	const busy = useSignal(false);
	const wrong = useSignal(plan.body ? "" : plan.detail);
	const p = plan.body;
	const go = async () => {
		busy.value = true;
		wrong.value = await s.undo(x.id);
		busy.value = false;
		if (!wrong.value) done();
	};
	const stay = p ? p.stays.length + p.more : 0;
	return (
		<Question
			title={t("import_undo_head", { name: systemOf(x) })}
			lead={
				p
					? t("import_undo_lead", {
							comments: t("import_n_comments", { n: p.comments }),
							people: t("import_n_people", { n: p.people }),
							pages: t("import_n_pages", { n: p.threads }),
						})
					: ""
			}
			close={close}
			button={
				<button type="submit" class="btn bad" data-first disabled={busy.value || !p} onClick={() => void go()}>
					{t("import_undo_do")}
				</button>
			}
		>
			{p && stay > 0 && (
				<>
					<p>{t("import_stays", { n: stay })}</p>
					<ul class="stays">
						{p.stays.slice(0, STAYS).map((y) => (
							<li key={`${y.what} ${y.id}`}>
								<b>{t(`stay_${y.what}` as "stay_comment")}</b> <code>{y.id}</code>: {y.why}
							</li>
						))}
						{stay > STAYS && <li>{t("import_more_stay", { n: stay - STAYS })}</li>}
					</ul>
				</>
			)}
			<p class="err" role="alert">
				{wrong.value}
			</p>
		</Question>
	);
}
