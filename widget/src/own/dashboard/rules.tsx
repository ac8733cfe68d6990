import { useRef } from "preact/hooks";
import { Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { mounted } from "../ui/mounted.tsx";
import { type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { keysOn } from "./keys.tsx";
import { useFocusKept } from "./parts/beside.tsx";
import { Sections } from "./parts/sections.tsx";
import { Patterns } from "./patterns.tsx";
import type { Policy } from "./shapes.ts";
import { Rules } from "./state/rules.ts";
import { lines } from "./state/wordlist.ts";
import { TrialButton } from "./trial.tsx";

/** rules are the words and patterns of a site, with a trial on the last 1,000 comments. */
export function rules(desk: Desk, _: Params): Screen {
	const state = new Rules(desk);
	const page = mounted(<Page s={state} />);
	return {
		title: t("rules"),
		el: page.el,
		stop: page.stop,
		key: (e) => {
			if (e.key.toLowerCase() !== "n" || !keysOn()) return false;
			page.el.querySelector<HTMLElement>("#rule-add")?.click();
			return true;
		},
		dirty: () => state.dirty,
		hint: (x) => {
			if (x.type === "rules") void state.hint();
		},
	};
}

function Page({ s }: { s: Rules }) {
	const root = useRef<HTMLDivElement>(null);
	useFocusKept(root);
	const p = s.policy.value;
	const dirty = () => {
		s.dirty = true;
	};
	const key = (e: KeyboardEvent) => {
		if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) return;
		e.preventDefault();
		root.current?.focus({ preventScroll: true }); // who saves by keyboard has done with the box: single keys count again
		void s.save();
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: it hears what its boxes hear
		<div class="set rules" tabIndex={-1} ref={root} onInput={dirty} onChange={dirty} onKeyDown={key}>
			{p ? <Blocks key={s.drawn.value} s={s} p={p} /> : s.failed.value && <p class="alert">{s.failed.value}</p>}
		</div>
	);
}

function Blocks({ s, p }: { s: Rules; p: Policy }) {
	return (
		<>
			<Sections list={(["words", "patterns", "classifier"] as const).map((x) => [x, t(`rules_${x}`)] as const)} />
			<div>
				<section class="blk" id="words">
					<h2>{t("rules_words")}</h2>
					<p>{t("words_lead")}</p>
					<Words s={s} p={p} />
					{s.may && <TrialButton label={t("test_words")} run={() => s.tryWords()} />}
					{!s.may && <div class="trial" />}
				</section>
				<section class="blk" id="patterns">
					<h2>{t("rules_patterns")}</h2>
					<p>{t("patterns_lead")}</p>
					<Patterns s={s} />
				</section>
				{s.may && (
					<div class="fx">
						<button type="button" class="btn pri" id="rules-save" onClick={() => void s.save()}>
							{t("save_rules")}
						</button>
						<span class="saved">{p.version > 0 ? t("version", { n: p.version }) : ""}</span>
					</div>
				)}
				<Says s={s} />
				<Classifier c={p.classifier} />
			</div>
		</>
	);
}

/** Words are the two lists of words, one to a line. */
function Words({ s, p }: { s: Rules; p: Policy }) {
	const box = (name: "banned" | "suspect") => (
		<Field
			id={`w-${name}`}
			label={t(`${name}_words`)}
			hint={t(`${name}_hint`)}
			control={(named) => (
				<textarea
					class="inp mono"
					rows={8}
					disabled={!s.may}
					defaultValue={lines(p[name])}
					onInput={(e) => {
						s[name] = e.currentTarget.value;
					}}
					{...named}
				/>
			)}
		/>
	);
	return (
		<div class="two">
			{box("banned")}
			{box("suspect")}
		</div>
	);
}

/** Says is why it was not saved. */
function Says({ s }: { s: Rules }) {
	const says = s.says.value;
	return (
		<p class="alert" role="alert" hidden={!says}>
			{says?.text}{" "}
			{says?.behind && (
				<button type="button" class="lnk" onClick={() => void s.load()}>
					{t("rules_load")}
				</button>
			)}
		</p>
	);
}

const percent = new Intl.NumberFormat(words.lang, { style: "percent" });

/** Classifier tells what was learnt from decisions, and how good it is. */
function Classifier({ c }: { c: Policy["classifier"] }) {
	const figures = [
		[percent.format(c.precision), t("precision")],
		[percent.format(c.recall), t("recall")],
		[words.number(c.held_out), t("held_out")],
		[words.number(c.decisions), t("decisions")],
	];
	return (
		<section class="blk next" id="classifier">
			<h2>{t("rules_classifier")}</h2>
			<p>{t("classifier_lead")}</p>
			<div class={c.ready ? "note ok" : "note"}>
				<Icon name={c.ready ? "check" : "clock"} />
				<span>{!c.on ? t("classifier_off") : c.ready ? t("classifier_ready") : t("classifier_learning", { n: c.decisions })}</span>
			</div>
			{c.held_out > 0 && (
				<div class="st4">
					{figures.map(([n, label]) => (
						<div key={label}>
							<b>{n}</b>
							{label}
						</div>
					))}
				</div>
			)}
			<p class="hint">{t("classifier_how")}</p>
		</section>
	);
}
