import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { call, clock, t } from "./desk.ts";
import { useFocusKept } from "./parts/beside.tsx";
import { ask, Question } from "./question.tsx";
import { useRefusal } from "./refusal.ts";
import type { AlikeRow, CheckedPage, Remapped, ThreadRow } from "./shapes.ts";
import { type Moving, told } from "./state/moving.ts";

const FOUND = 8; // threads that a search for the other one shows
const PLANNED = 8; // rows of what a move would do

/** MovingBar is what can be done to all pages, and what goes on. */
export function MovingBar({ s }: { s: Moving }) {
	const may = s.desk.may("thread");
	const check = s.check.value;
	return (
		<>
			{may && (
				<div class="bar">
					<span class="grow" />
					<button type="button" class="btn sm" onClick={() => void movePages(s)}>
						{t("move_pages")}
					</button>
					<button type="button" class="btn sm" disabled={check?.running ?? false} onClick={() => void s.begin()}>
						{t("check_pages")}
					</button>
				</div>
			)}
			{s.merges.value.length > 0 && (
				<section class="moving" aria-label={t("merges_head")}>
					<h2>{t("merges_head")}</h2>
					<div class="rows">
						{s.merges.value.map((m) => (
							<div key={m.id}>
								<span class="grow">
									<b>{t("merge_of", { from: m.title || m.key, into: m.into_title })}</b>
									<span class="t">{m.undoing ? t("merge_back") : t("merge_far", { n: m.moved, all: m.comments })}</span>
								</span>
								<progress max={Math.max(1, m.comments)} value={m.moved} aria-label={m.title || m.key} />
							</div>
						))}
					</div>
				</section>
			)}
			{check && <Report s={s} />}
		</>
	);
}

/** Report is what the pages of a site have answered. */
function Report({ s }: { s: Moving }) {
	const root = useRef<HTMLElement>(null);
	useFocusKept(root);
	const wrong = useSignal("");
	const c = s.check.value;
	if (!c) return null;
	const far =
		c.running && c.total === 0
			? t("check_begins")
			: c.running
				? t("check_far", { n: c.done, all: c.total })
				: c.rows.length === 0 && !c.stopped
					? t("check_fine", { n: c.done })
					: t("check_ended", { n: c.done, date: clock(c.ended_at ?? c.began_at ?? "") });
	return (
		<section class="moving" aria-label={t("check_head")} ref={root} tabIndex={-1}>
			<div class="head">
				<h2 class="grow">{t("check_head")}</h2>
				{c.running ? (
					<button type="button" class="btn sm" onClick={() => void s.end()}>
						{t("check_stop")}
					</button>
				) : (
					<button type="button" class="ib" aria-label={t("check_hide")} onClick={s.hide}>
						<Icon name="x" />
					</button>
				)}
			</div>
			{c.running && <progress class="wide" max={Math.max(1, c.total)} value={c.done} aria-label={t("check_head")} />}
			<p class="hint">
				{[c.stopped && t("check_stopped"), far, c.unasked > 0 && t("check_unasked", { n: c.unasked }), c.cut && t("check_cut")]
					.filter(Boolean)
					.join(" ")}
			</p>
			{c.rows.length > 0 && (
				<div class="rows">
					{c.rows.map((p) => (
						<Page
							key={p.id}
							s={s}
							p={p}
							say={(text) => {
								wrong.value = text;
							}}
						/>
					))}
				</div>
			)}
			<p class="err" role="alert">
				{wrong.value}
			</p>
		</section>
	);
}

/** Page is one that does not answer as it should, and what can be done about it. */
function Page({ s, p, say }: { s: Moving; p: CheckedPage; say: (text: string) => void }) {
	const busy = useSignal(false);
	const follow = async () => {
		busy.value = true;
		say(await s.follow(p));
		busy.value = false;
	};
	const name = p.title || p.key;
	return (
		<div>
			<span class="grow">
				<b>{name}</b>
				<span class="t">
					<a href={p.page} target="_blank" rel="noopener noreferrer">
						{p.page}
					</a>
				</span>
				<span class="t">
					{answered(p)} · {t("page_comments", { n: p.comment_count })}
				</span>
			</span>
			{p.new_key !== null && s.desk.may("thread") && (
				<button
					type="button"
					class="btn sm"
					disabled={busy.value}
					aria-label={t(p.into ? "page_merge_of" : "page_rename_of", { page: name })}
					onClick={() => void follow()}
				>
					{t(p.into ? "merge" : "page_rename")}
				</button>
			)}
		</div>
	);
}

function answered(p: CheckedPage): string {
	if (p.answer === "gone") return t("page_gone", { status: p.status });
	if (p.answer === "failed") return p.status > 0 ? t("page_error", { status: p.status }) : t("page_failed");
	return t(p.answer === "moved" ? "page_moved" : "page_elsewhere", { to: p.to ?? "" });
}

/** mergeTwo makes one of two threads that look like one page, once that is confirmed. */
export async function mergeTwo(s: Moving, x: AlikeRow): Promise<void> {
	await ask<true>(({ done, close }) => (
		<Sure
			title={t("merge_two")}
			lead={t("merge_two_lead", { a: x.key, b: x.like })}
			close={close}
			run={() => s.merge(x.id, x.like_id, x.like)}
			done={() => done(true)}
		/>
	));
}

interface SureProps {
	title: string;
	lead: string;
	close: () => void;
	run: () => Promise<string>;
	done: () => void;
}

/** Sure asks, does it, and says why not. */
function Sure({ title, lead, close, run, done }: SureProps) {
	const busy = useSignal(false);
	const wrong = useSignal("");
	const go = async () => {
		busy.value = true;
		wrong.value = await run();
		busy.value = false;
		if (!wrong.value) done();
	};
	return (
		<Question
			title={title}
			lead={lead}
			close={close}
			button={
				<button type="submit" class="btn pri" data-first disabled={busy.value} onClick={() => void go()}>
					{t("merge")}
				</button>
			}
		>
			<p class="err" role="alert">
				{wrong.value}
			</p>
		</Question>
	);
}

/** mergeInto asks for the thread that another is merged into, and merges them; null where it was closed. */
export function mergeInto(s: Moving, from: ThreadRow): Promise<true | null> {
	return ask<true>(({ done, close }) => <Into s={s} from={from} close={close} done={() => done(true)} />);
}

function Into({ s, from, close, done }: { s: Moving; from: ThreadRow; close: () => void; done: () => void }) {
	const found = useSignal<readonly ThreadRow[]>([]);
	const none = useSignal(false);
	const into = useSignal<ThreadRow | null>(null);
	const busy = useSignal(false);
	const wrong = useSignal("");
	const timer = useRef(0);
	const turn = useRef(0);
	const look = async (q: string) => {
		const now = ++turn.current;
		const p = new URLSearchParams({ limit: String(FOUND + 1), ...(q ? { q } : {}) });
		const r = await call<{ threads: ThreadRow[] }>("GET", s.desk.api(`/moderation/threads?${p}`));
		if (now !== turn.current) return;
		wrong.value = r.body ? "" : r.detail;
		found.value = (r.body?.threads ?? []).filter((x) => x.id !== from.id).slice(0, FOUND);
		none.value = r.body !== null && found.value.length === 0;
		if (!found.value.some((x) => x.id === into.value?.id)) into.value = null;
	};
	useEffect(() => {
		void look("");
		return () => clearTimeout(timer.current);
	}, []);
	const typed = (q: string) => {
		clearTimeout(timer.current);
		timer.current = setTimeout(() => void look(q.trim()), 250);
	};
	const go = async () => {
		const to = into.value;
		if (!to) {
			wrong.value = t("merge_pick");
			return;
		}
		busy.value = true;
		wrong.value = await s.merge(from.id, to.id, to.title || to.key);
		busy.value = false;
		if (!wrong.value) done();
	};
	return (
		<Question
			title={t("merge_title", { page: from.title || from.key })}
			lead={t("merge_lead")}
			close={close}
			button={
				<button type="submit" class="btn pri" disabled={busy.value} onClick={() => void go()}>
					{t("merge")}
				</button>
			}
		>
			<Field
				label={t("merge_find")}
				control={(named) => (
					<input class="inp" type="search" maxLength={100} data-first onInput={(e) => typed(e.currentTarget.value)} {...named} />
				)}
			/>
			<div class="picks" role="radiogroup" aria-label={t("merge_find")}>
				{found.value.map((x) => (
					<label class="ck" key={x.id}>
						<input
							class="chk"
							type="radio"
							name="into"
							checked={into.value?.id === x.id}
							onChange={() => {
								into.value = x;
								wrong.value = "";
							}}
						/>
						<span>
							{x.title || x.key}
							<small class="hint">{x.key}</small>
						</span>
					</label>
				))}
			</div>
			<p class="hint" role="status">
				{none.value && t("merge_none")}
			</p>
			<p class="err" role="alert">
				{wrong.value}
			</p>
		</Question>
	);
}

/** movePages asks how addresses have changed, shows what that would do, and does it. */
function movePages(s: Moving): Promise<true | null> {
	return ask<true>(({ done, close }) => <Move s={s} close={close} done={() => done(true)} />);
}

function Move({ s, close, done }: { s: Moving; close: () => void; done: () => void }) {
	const form = useRef<HTMLDivElement>(null);
	const plan = useSignal<Remapped | null>(null);
	const busy = useSignal(false);
	const no = useRefusal();
	const said = () => {
		const box = (name: string) => form.current?.querySelector<HTMLInputElement>(`[name=${name}]`);
		return [box("from")?.value.trim() ?? "", box("to")?.value.trim() ?? "", box("merge")?.checked ?? false] as const;
	};
	const changed = () => {
		plan.value = null; // it is of what stood there before
	};
	const go = async () => {
		busy.value = true;
		const first = plan.value === null;
		const r = await (first ? s.plan(...said()) : s.move(...said()));
		busy.value = false;
		if (!form.current) return;
		if (!r.body) return no.take(form.current, r);
		no.say("from", "");
		if (first) plan.value = r.body;
		else done();
	};
	const p = plan.value;
	const fits = p ? p.renamed + p.merged : 0;
	return (
		<Question
			title={t("move_pages")}
			lead={t("move_lead")}
			close={close}
			button={
				<button type="submit" class="btn pri" disabled={busy.value || (p !== null && fits === 0)} onClick={() => void go()}>
					{t(p ? "move_do" : "move_preview")}
				</button>
			}
		>
			<div class="stack" ref={form}>
				<Field
					label={t("move_from")}
					hint={t("move_from_hint")}
					wrong={no.wrong.value["from"] ?? ""}
					control={(named) => (
						<input
							class="inp mono"
							name="from"
							maxLength={2048}
							autocomplete="off"
							spellcheck={false}
							data-first
							onInput={changed}
							{...named}
						/>
					)}
				/>
				<Field
					label={t("move_to")}
					hint={t("move_to_hint")}
					wrong={no.wrong.value["to"] ?? ""}
					control={(named) => (
						<input
							class="inp mono"
							name="to"
							maxLength={2048}
							autocomplete="off"
							spellcheck={false}
							onInput={changed}
							{...named}
						/>
					)}
				/>
				<label class="ck">
					<input class="chk" type="checkbox" name="merge" onChange={changed} />
					<span>
						{t("move_merge")}
						<small class="hint">{t("move_merge_hint")}</small>
					</span>
				</label>
				<p class="alert" role="alert" hidden={no.rest.value === ""}>
					{no.rest.value}
				</p>
				<p role="status" class="hint">
					{p && told(p)}
				</p>
				{p && p.rows.length > 0 && <Plan p={p} />}
			</div>
		</Question>
	);
}

/** Plan is the first of what moves. */
function Plan({ p }: { p: Remapped }) {
	const all = p.renamed + p.merged + p.clashes;
	return (
		<ul class="plan" aria-label={t("move_preview")}>
			{p.rows.slice(0, PLANNED).map((r) => (
				<li key={r.id}>
					<code>{r.from}</code> → <code>{r.to}</code>
					{r.does !== "rename" && (
						<span class={r.does === "merge" ? "bdg" : "bdg warn"}>{t(r.does === "merge" ? "does_merge" : "does_clash")}</span>
					)}
				</li>
			))}
			{all > Math.min(PLANNED, p.rows.length) && <li>{t("move_more")}</li>}
		</ul>
	);
}
