import { fill, h } from "../view/h.ts";
import { nodes } from "../view/html.ts";
import { mark } from "./card.ts";
import { call, type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { keysOn } from "./dialogs.ts";
import { keeping, own } from "./focus.ts";
import { icon } from "./icons.ts";
import { jump } from "./table.ts";
import type { Policy, Rule, Trial, Word } from "./shapes.ts";

/** lines writes a word list one to a line; "de: wort" belongs to a language. */
function lines(list: Word[]): string {
	return list.map((w) => (w.lang ? `${w.lang}: ${w.word}` : w.word)).join("\n");
}

function parse(text: string): Word[] {
	return text
		.split("\n")
		.map((l) => l.trim())
		.filter((l) => l !== "")
		.map((l) => {
			const m = /^([a-z]{2,3}(?:-[A-Za-z]{2,4})?):\s*(.+)$/.exec(l);
			return m ? { word: m[2] ?? "", lang: m[1] ?? "" } : { word: l, lang: "" };
		});
}

/** rules are the words and patterns of a site, with a trial on the last 1,000 comments. */
export function rules(desk: Desk, _: Params): Screen {
	const root = h("div.set.rules", { tabindex: "-1" });
	let policy: Policy | null = null;
	let dirty = false; // something is typed that is not saved
	const may = desk.may("rules");
	const ours = own();
	const load = async () => {
		const r = await call<Policy>("GET", desk.api("/moderation/rules"));
		if (!r.body) {
			if (!policy) fill(root, [h("p.alert", {}, `${t("failed")} ${r.detail}`)]);
			else tell(r.detail);
			return;
		}
		const got = r.body;
		policy = got;
		dirty = false;
		keeping(root, () => draw(got), root);
	};
	const tell = (text: string, ...more: Node[]) => {
		say.hidden = text === "";
		fill(say, [text, " ", ...more]);
	};
	/** behind says that somebody else saved, and loads theirs only when it is asked to. */
	const behind = () => tell(t("rules_changed"), h("button.lnk", { type: "button", onclick: () => void load() }, t("rules_load")));
	const say = h("p.alert", { role: "alert", hidden: true });
	const draw = (p: Policy) => {
		const banned = h("textarea.inp.mono", { id: "w-banned", rows: 8, disabled: !may });
		banned.value = lines(p.banned);
		const suspect = h("textarea.inp.mono", { id: "w-suspect", rows: 8, disabled: !may });
		suspect.value = lines(p.suspect);
		tell("");
		const list = h("div.rad");
		const edits: (() => Rule)[] = [];
		const add = (r: Rule, focus: boolean) => {
			const box = ruleBox(desk, r, may, () => {
				edits.splice(edits.indexOf(box.value), 1);
				box.el.remove();
				dirty = true;
				(list.lastElementChild?.querySelector("input") ?? root.querySelector<HTMLElement>("#rule-add"))?.focus();
			});
			edits.push(box.value);
			list.append(box.el);
			if (!focus) return;
			dirty = true;
			box.focus();
		};
		for (const r of p.rules) add(r, false);
		const save = async () => {
			const state = () => JSON.stringify([banned.value, suspect.value, edits.map((e) => e())]);
			const sent = state();
			const r = await ours.send(
				call<Policy>("PUT", desk.api("/moderation/rules"), {
					version: policy?.version ?? 0,
					banned: parse(banned.value),
					suspect: parse(suspect.value),
					rules: edits.map((e) => e()),
				}),
			);
			if (r.body) {
				desk.toast(t("rules_saved"));
				tell("");
				if (state() === sent) return load();
				policy = r.body; // typed on while it was on its way
			} else if (r.status === 409) behind();
			else tell(r.detail);
		};
		fresh = () => may && add({ name: "", pattern: "", action: "hold" }, true);
		store = () => may && void save();
		const wordTrial = h("div.trial");
		const tryWords = async () => {
			fill(wordTrial, [h("p.hint", {}, t("loading"))]);
			const r = await call<Trial>("POST", desk.api("/moderation/rules/test"), {
				banned: parse(banned.value),
				suspect: parse(suspect.value),
			});
			fill(wordTrial, r.body ? trial(r.body) : [h("p.alert", {}, r.detail)]);
		};
		const c = p.classifier;
		const percent = (n: number) => new Intl.NumberFormat(words.lang, { style: "percent" }).format(n);
		fill(root, [
			h(
				"nav.snav",
				{ "aria-label": t("sections") },
				...(["words", "patterns", "classifier"] as const).map((s, i) =>
					h(
						"a",
						{
							href: `#${s}`,
							"aria-current": i === 0 ? "true" : null,
							onclick: (e: MouseEvent) => jump(root, e, s),
						},
						t(`rules_${s}`),
					),
				),
			),
			h(
				"div",
				{},
				h(
					"section.blk",
					{ id: "words" },
					h("h2", {}, t("rules_words")),
					h("p", {}, t("words_lead")),
					h(
						"div.two",
						{},
						h("div.field", {}, h("label", { for: "w-banned" }, t("banned_words")), banned, h("p.hint", {}, t("banned_hint"))),
						h("div.field", {}, h("label", { for: "w-suspect" }, t("suspect_words")), suspect, h("p.hint", {}, t("suspect_hint"))),
					),
					may ? h("div.fx", {}, h("button.btn", { type: "button", onclick: () => void tryWords() }, t("test_words"))) : null,
					wordTrial,
				),
				h(
					"section.blk",
					{ id: "patterns" },
					h("h2", {}, t("rules_patterns")),
					h("p", {}, t("patterns_lead")),
					list,
					may
						? h(
								"div.fx",
								{},
								h(
									"button.btn",
									{ id: "rule-add", type: "button", onclick: () => add({ name: "", pattern: "", action: "hold" }, true) },
									icon("plus"),
									t("add_rule"),
								),
							)
						: null,
				),
				may
					? h(
							"div.fx",
							{},
							h("button.btn.pri", { id: "rules-save", type: "button", onclick: () => void save() }, t("save_rules")),
							h("span.saved", {}, p.version > 0 ? t("version", { n: p.version }) : ""),
						)
					: null,
				say,
				h(
					"section.blk.next",
					{ id: "classifier" },
					h("h2", {}, t("rules_classifier")),
					h("p", {}, t("classifier_lead")),
					h(
						"div.note",
						{ class: c.ready ? "note ok" : "note" },
						icon(c.ready ? "check" : "clock"),
						h(
							"span",
							{},
							!c.on ? t("classifier_off") : c.ready ? t("classifier_ready") : t("classifier_learning", { n: c.decisions }),
						),
					),
					c.held_out > 0
						? h(
								"div.st4",
								{},
								...[
									[percent(c.precision), t("precision")],
									[percent(c.recall), t("recall")],
									[words.number(c.held_out), t("held_out")],
									[words.number(c.decisions), t("decisions")],
								].map(([n, label]) => h("div", {}, h("b", {}, n), label)),
							)
						: null,
					h("p.hint", {}, t("classifier_how")),
				),
			),
		]);
	};
	let fresh = () => {};
	let store = () => {};
	for (const type of ["input", "change"])
		root.addEventListener(type, () => {
			dirty = true;
		});
	root.addEventListener("keydown", (e) => {
		if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
			e.preventDefault();
			root.focus({ preventScroll: true }); // who saves by keyboard has done with the box: single keys count again
			store();
		}
	});
	const hinted = async () => {
		if (await ours.is()) return;
		if (dirty) behind();
		else void load();
	};
	void load();
	return {
		title: t("rules"),
		el: root,
		key: (e) => {
			if (e.key.toLowerCase() !== "n" || !keysOn()) return false;
			fresh();
			return true;
		},
		dirty: () => dirty,
		hint: (x) => {
			if (x.type === "rules" && policy) void hinted();
		},
	};
}

function ruleBox(desk: Desk, r: Rule, may: boolean, gone: () => void): { el: HTMLElement; value: () => Rule; focus: () => void } {
	const name = h("input.inp", {
		value: r.name,
		maxlength: 80,
		"aria-label": t("rule_name"),
		placeholder: t("rule_name"),
		disabled: !may,
	});
	const pattern = h("input.inp.mono", {
		value: r.pattern,
		maxlength: 1000,
		"aria-label": t("rule_pattern"),
		placeholder: t("rule_pattern"),
		spellcheck: "false",
		disabled: !may,
	});
	const action = h(
		"select",
		{ "aria-label": t("rule_action"), disabled: !may },
		...(["hold", "reject", "spam"] as const).map((a) => h("option", { value: a, selected: a === r.action }, t(`does_${a}`))),
	);
	const out = h("div.trial", { role: "status" });
	const test = async () => {
		const a = await call<Trial>("POST", desk.api("/moderation/rules/test"), { pattern: pattern.value, action: action.value });
		pattern.setAttribute("aria-invalid", String(!a.body));
		fill(out, a.body ? trial(a.body) : [h("p.err", {}, icon("alert"), a.detail)]);
	};
	pattern.addEventListener("keydown", (e) => {
		if (may && e.key === "Enter" && !e.ctrlKey && !e.metaKey) void test();
	});
	const el = h(
		"div.rulebox",
		{},
		h(
			"div.g3",
			{},
			h("div.field", {}, h("span.lbl", {}, t("rule_name")), name),
			h("div.field", {}, h("span.lbl", {}, t("rule_pattern")), pattern),
			h("div.field", {}, h("span.lbl", {}, t("rule_action")), h("span.sel.box.full", {}, action, icon("cd", "i s"))),
			h(
				"div.fx",
				{},
				may ? h("button.btn", { type: "button", onclick: () => void test() }, t("test")) : null,
				may ? h("button.ib", { type: "button", "aria-label": t("remove_rule"), onclick: gone }, icon("trash")) : null,
			),
		),
		out,
	);
	return {
		el,
		value: () => ({ name: name.value.trim() || pattern.value.slice(0, 40), pattern: pattern.value, action: action.value }),
		focus: () => name.focus(),
	};
}

/** trial says what the words or the rule would have done. */
function trial(r: Trial): HTMLElement[] {
	const lead =
		r.would_hold === 0
			? t("trial_none", { n: r.looked_at })
			: t("trial_says", {
					n: r.would_hold,
					all: words.number(r.looked_at),
					approved: words.number(r.approved),
					removed: words.number(r.removed),
				});
	return [
		h("p", {}, h("b", {}, lead)),
		h(
			"ul",
			{},
			...r.comments.slice(0, 20).map((c) => {
				const li = h("li", {}, h("span.bdg", {}, t(`status_${c.status}`)), " ", h("b", {}, c.author?.name ?? t("guest")), " ");
				const text = h("span");
				text.append(nodes(c.html.replace(/<\/?(p|h\d|ul|ol|li|blockquote|pre|hr|br)[^>]*>/g, " ")));
				for (const m of c.marks) mark(text, m);
				li.append(text);
				return li;
			}),
		),
	];
}
