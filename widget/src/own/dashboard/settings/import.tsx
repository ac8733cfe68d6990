import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { type Desk, t, words } from "../desk.ts";
import { useFocusKept } from "../parts/beside.tsx";
import { confirm } from "../question.tsx";
import { type Import, Imports } from "../state/imports.ts";
import { HowFields, named, useHow } from "./import-how.tsx";
import { Past, systemOf } from "./import-past.tsx";
import { ReportOf } from "./import-report.tsx";

const MB = 1 << 20;
const size = new Intl.NumberFormat(words.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });

/** megabytes is a size in words. */
export const megabytes = (bytes: number): string => size.format(Math.max(bytes / MB, 0.1));

/** ImportFile brings in what another system exported: choose, read, look, apply; and takes it back. */
export function ImportFile({ desk }: { desk: Desk }) {
	const made = useRef<Imports | null>(null);
	made.current ??= new Imports(desk);
	const s = made.current;
	const root = useRef<HTMLDivElement>(null);
	useFocusKept(root);
	useEffect(() => s.stop, []);
	const at = s.open.value;
	return (
		<div class="imp" ref={root} tabIndex={-1}>
			<p class="hint">{t("import_lead")}</p>
			{s.loaded.value && (at ? <Open s={s} at={at} /> : <Choose s={s} />)}
			<p class="alert" role="alert" hidden={s.wrong.value === ""}>
				{s.wrong.value}
			</p>
			{s.came.value && <Came x={s.came.value} />}
			{at?.report && <ReportOf key={at.id} s={s} at={at} report={at.report} />}
			{at?.state === "ready" && <Decide s={s} at={at} />}
			<Past s={s} />
		</div>
	);
}

/** Drop is where a file is chosen or dropped. */
function Drop({ take, label, lead, primary = false }: { take: (file: File) => void; label: string; lead: string; primary?: boolean }) {
	const box = useRef<HTMLInputElement>(null);
	const over = useSignal(false);
	const got = (list: FileList | null | undefined) => {
		const file = list?.[0];
		if (file) take(file);
	};
	const place = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const el = place.current; // the button does the same for whoever has no pointer
		el?.addEventListener("dragover", (e) => {
			e.preventDefault();
			over.value = true;
		});
		el?.addEventListener("dragleave", () => {
			over.value = false;
		});
		el?.addEventListener("drop", (e) => {
			e.preventDefault();
			over.value = false;
			got(e.dataTransfer?.files);
		});
	}, []);
	return (
		<div class={over.value ? "drop over" : "drop"} ref={place}>
			<span class="grow t">{lead}</span>
			<button type="button" class={primary ? "btn pri" : "btn sm"} onClick={() => box.current?.click()}>
				{label}
			</button>
			<input
				type="file"
				hidden
				aria-label={label}
				ref={box}
				onChange={(e) => {
					got(e.currentTarget.files);
					e.currentTarget.value = "";
				}}
			/>
		</div>
	);
}

/** Choose is where nothing is under way. */
function Choose({ s }: { s: Imports }) {
	const how = useHow({});
	return (
		<>
			<Drop primary label={t("import_choose")} lead={t("import_drop")} take={(file) => void s.begin(file, how.said())} />
			<HowFields how={how} />
		</>
	);
}

/** Open is the file that is under way, and how far it is. */
function Open({ s, at }: { s: Imports; at: Import }) {
	const parts = [
		at.source ? named(at.source) : "",
		megabytes(at.size),
		at.report ? t("import_n_comments", { n: Object.values(at.report.statuses).reduce((a, b) => a + b, 0) }) : "",
	];
	const again = useRef<HTMLInputElement>(null);
	const incomplete = at.state === "reading" && at.received < at.size;
	return (
		<>
			<div class="rows file">
				<div>
					<span class="pi">
						<Icon name="log" />
					</span>
					<span class="grow">
						<b>{at.name}</b> {at.state === "ready" && <span class="bdg ok">{t("import_read")}</span>}
						<span class="t">{parts.filter(Boolean).join(" · ")}</span>
					</span>
					{at.state === "ready" && (
						<>
							<button type="button" class="btn sm" onClick={() => again.current?.click()}>
								{t("import_another")}
							</button>
							<input
								type="file"
								hidden
								aria-label={t("import_another")}
								ref={again}
								onChange={async (e) => {
									const file = e.currentTarget.files?.[0];
									if (file && (await s.discard())) await s.begin(file, {});
								}}
							/>
						</>
					)}
				</div>
			</div>
			{incomplete && s.sending.value && (
				<Far
					title={t("import_sending", { done: megabytes(at.received), all: megabytes(at.size) })}
					done={at.received}
					all={at.size}
					said={[s.waits.value]}
					hint={t("import_stay")}
					verb={t("import_cancel")}
					act={() => void s.discard()}
				/>
			)}
			{incomplete && !s.sending.value && (
				<>
					<Drop
						label={t("import_choose_again")}
						lead={t("import_resume", { name: at.name, done: megabytes(at.received), all: megabytes(at.size) })}
						take={(file) => void s.resume(file)}
					/>
					<div class="fx">
						<button type="button" class="btn ghost" onClick={() => void s.discard()}>
							{t("import_discard")}
						</button>
					</div>
				</>
			)}
			{at.state === "reading" && !incomplete && (
				<Far
					title={t("import_reading")}
					done={at.progress?.done ?? 0}
					all={at.progress?.total ?? 0}
					said={[]}
					hint={t("import_close")}
					verb={t("import_cancel")}
					act={() => void s.discard()}
				/>
			)}
			{at.state === "applying" && <Applying s={s} at={at} />}
			{at.state === "failed" && <Cut s={s} at={at} />}
		</>
	);
}

interface FarProps {
	title: string;
	done: number;
	all: number;
	said: readonly string[];
	hint: string;
	verb: string;
	act: () => void;
}

/** Far is how far something is. */
function Far({ title, done, all, said, hint, verb, act }: FarProps) {
	const share = all > 0 ? Math.min(100, Math.floor((done * 100) / all)) : 0;
	return (
		<section class="prog" aria-label={title}>
			<div class="ch">
				<h3 class="h3 grow">{title}</h3>
				<button type="button" class="btn sm" onClick={act}>
					{verb}
				</button>
			</div>
			<progress max={Math.max(1, all)} value={all > 0 ? done : undefined} aria-label={title} />
			<p class="pr">
				{all > 0 && <b>{t("import_percent", { n: share })}</b>}
				{said.filter(Boolean).map((x) => (
					<span key={x}>{x}</span>
				))}
			</p>
			<p class="hint">{hint}</p>
		</section>
	);
}

/** left is how long something goes on, in words. */
function left(seconds: number | null | undefined): string {
	if (seconds === null || seconds === undefined) return "";
	return seconds < 90 ? t("import_left_s", { n: seconds }) : t("import_left_m", { n: Math.ceil(seconds / 60) });
}

function Applying({ s, at }: { s: Imports; at: Import }) {
	const p = at.progress;
	return (
		<Far
			title={p && p.total > 0 ? t("import_far", { done: p.done, n: p.total }) : t("import_begins")}
			done={p?.done ?? 0}
			all={p?.total ?? 0}
			said={[p && p.rate > 0 ? t("import_rate", { n: p.rate }) : "", left(p?.seconds_left)]}
			hint={t("import_applying_hint")}
			verb={t("import_stop")}
			act={() => void s.halt()}
		/>
	);
}

/** Cut is one that was stopped, or failed on its way: what came of it stays until somebody says. */
function Cut({ s, at }: { s: Imports; at: Import }) {
	return (
		<>
			<div class="note warn">
				<Icon name="alert" />
				<span>
					{at.why} {t("import_kept", { n: at.added.comments })}
				</span>
			</div>
			<div class="fx">
				<button type="button" class="btn pri" onClick={() => void s.apply()}>
					{t("import_go_on")}
				</button>
			</div>
		</>
	);
}

/** Decide writes it, or throws it away. */
function Decide({ s, at }: { s: Imports; at: Import }) {
	const n = at.report?.comments ?? 0;
	const some = n + (at.report?.threads ?? 0) + (at.report?.people ?? 0) > 0;
	const discard = async () => {
		if (await confirm(t("import_discard_head"), t("import_discard_lead", { name: at.name }), t("import_discard"))) await s.discard();
	};
	return (
		<>
			{at.why && (
				<div class="note warn">
					<Icon name="alert" />
					<span>{at.why}</span>
				</div>
			)}
			<div class="note">
				<Icon name="lock" />
				<span>{t("import_no_accounts")}</span>
			</div>
			<div class="fx">
				<button type="button" class="btn pri" disabled={!some} onClick={() => void s.apply()}>
					{some ? t("import_apply", { n }) : t("import_nothing")}
				</button>
				<button type="button" class="btn ghost" onClick={() => void discard()}>
					{t("import_discard")}
				</button>
			</div>
		</>
	);
}

/** Came is what has just come. */
function Came({ x }: { x: Import }) {
	return (
		<div class="note ok2" role="status">
			<Icon name="check" />
			<span>
				<b>{t("import_done_head", { number: x.id, name: systemOf(x) })}</b>{" "}
				{[
					t("import_n_comments", { n: x.added.comments }),
					t("import_n_people", { n: x.added.people }),
					t("import_n_pages", { n: x.added.threads }),
				].join(" · ")}
				. {t("import_done_says")}
			</span>
		</div>
	);
}
