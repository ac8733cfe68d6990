import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/icon.tsx";
import { Select } from "../ui/select.tsx";
import { type Answer, t } from "./desk.ts";
import type { Trial } from "./shapes.ts";
import type { Draft, Rules } from "./state/rules.ts";
import { Found } from "./trial.tsx";

/** Patterns are the rules of a site, and the button for one more. */
export function Patterns({ s }: { s: Rules }) {
	const list = useRef<HTMLDivElement>(null);
	const fresh = useRef(0); // the draft that waits for the cursor
	useLayoutEffect(() => {
		if (fresh.current) list.current?.lastElementChild?.querySelector("input")?.focus();
		fresh.current = 0;
	});
	const drop = (d: Draft) => {
		s.drop(d.n);
		setTimeout(() =>
			(list.current?.lastElementChild?.querySelector("input") ?? document.getElementById("rule-add"))?.focus(),
		);
	};
	return (
		<>
			<div class="rad" ref={list}>
				{s.drafts.value.map((d) => (
					<Pattern key={d.n} s={s} d={d} drop={() => drop(d)} />
				))}
			</div>
			{s.may && (
				<div class="fx">
					<button
						type="button"
						class="btn"
						id="rule-add"
						onClick={() => {
							fresh.current = s.add();
						}}
					>
						<Icon name="plus" />
						{t("add_rule")}
					</button>
				</div>
			)}
		</>
	);
}

const does = ["hold", "reject", "spam"] as const;

/** Pattern is one rule: its name, what it meets, what it does. */
function Pattern({ s, d, drop }: { s: Rules; d: Draft; drop: () => void }) {
	const told = useSignal<Answer<Trial> | null>(null);
	const invalid = told.value ? (told.value.body ? "false" : "true") : undefined;
	const test = async () => {
		told.value = await s.tryRule(d);
	};
	const key = (e: KeyboardEvent) => {
		if (s.may && e.key === "Enter" && !e.ctrlKey && !e.metaKey) void test();
	};
	return (
		<div class="rulebox">
			<div class="g3">
				<div class="field">
					<span class="lbl">{t("rule_name")}</span>
					<input
						class="inp"
						defaultValue={d.name}
						maxLength={80}
						aria-label={t("rule_name")}
						placeholder={t("rule_name")}
						disabled={!s.may}
						onInput={(e) => {
							d.name = e.currentTarget.value;
						}}
					/>
				</div>
				<div class="field">
					<span class="lbl">{t("rule_pattern")}</span>
					<input
						class="inp mono"
						defaultValue={d.pattern}
						maxLength={1000}
						aria-label={t("rule_pattern")}
						aria-invalid={invalid}
						placeholder={t("rule_pattern")}
						spellcheck={false}
						disabled={!s.may}
						onKeyDown={key}
						onInput={(e) => {
							d.pattern = e.currentTarget.value;
						}}
					/>
				</div>
				<div class="field">
					<span class="lbl">{t("rule_action")}</span>
					<Select
						label={t("rule_action")}
						cls="sel box full"
						disabled={!s.may}
						value={d.action}
						options={does.map((a) => [a, t(`does_${a}`)])}
						change={(a) => {
							d.action = a;
						}}
					/>
				</div>
				<div class="fx">
					{s.may && (
						<>
							<button type="button" class="btn" onClick={() => void test()}>
								{t("test")}
							</button>
							<button type="button" class="ib" aria-label={t("remove_rule")} onClick={drop}>
								<Icon name="trash" />
							</button>
						</>
					)}
				</div>
			</div>
			<div class="trial" role="status">
				{told.value?.body && <Found trial={told.value.body} />}
				{told.value && !told.value.body && (
					<p class="err">
						<Icon name="alert" />
						{told.value.detail}
					</p>
				)}
			</div>
		</div>
	);
}
