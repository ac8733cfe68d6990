import { h } from "../view/h.ts";
import { t, words } from "./desk.ts";
import { type Field, field, segment } from "./form.ts";

/** dialog shows a form; its promise holds the answer, or null if it was closed. */
export function dialog<T>(
	title: string,
	lead: string,
	body: (done: (v: T) => void) => { fields: Node[]; button: HTMLElement; first: HTMLElement },
): Promise<T | null> {
	return new Promise((resolve) => {
		const before = document.activeElement;
		let answer: T | null = null;
		const close = () => d.close();
		const parts = body((v) => {
			answer = v;
			close();
		});
		const form = h(
			"form",
			{ onsubmit: (e: SubmitEvent) => e.preventDefault() },
			...parts.fields,
			h("div.fx", {}, h("button.btn.ghost", { type: "button", onclick: close }, t("cancel")), parts.button),
		);
		const d = h(
			"dialog.dlg",
			{ "aria-labelledby": "dlg-h" },
			h("h2", { id: "dlg-h" }, title),
			lead ? h("p.hint", {}, lead) : null,
			form,
		);
		d.addEventListener("close", () => {
			d.remove();
			if (before instanceof HTMLElement) before.focus({ preventScroll: true });
			resolve(answer);
		});
		document.body.append(d);
		d.showModal();
		parts.first.focus();
	});
}

/** confirm asks before what cannot be taken back. */
export async function confirm(title: string, lead: string, verb: string): Promise<boolean> {
	const yes = await dialog<true>(title, lead, (done) => {
		const button = h("button.btn.bad", { type: "submit", onclick: () => done(true) }, verb);
		return { fields: [], button, first: button };
	});
	return yes === true;
}

export interface BanChoice {
	until: string | null; // null: for good
	reason: string;
	hide: boolean;
}

const HOUR = 3_600_000;
/** terms are how long a ban may last, in hours; 0 is for good. */
export const terms = [1, 24, 7 * 24, 30 * 24, 0] as const;
const WEEK = 7 * 24;

export function term(hours: number): string {
	if (hours === 0) return t("for_good");
	return hours <= 24 ? t("hours", { n: hours }) : t("days", { n: hours / 24 });
}

/** banFields are the choice of how long and why; drawer, dialog and form share them. */
export function banFields(
	change: (hours: number) => void,
	person = true,
): {
	el: HTMLElement[];
	value: () => BanChoice;
	reason: Field;
	until: Field;
} {
	let hours = WEEK;
	const say = () => {
		end.textContent =
			hours === 0 ? t("ban_never_ends") : t("ban_ends", { date: words.full(new Date(Date.now() + hours * HOUR)) });
		change(hours);
	};
	const end = h("p.hint", { role: "status" });
	const group = segment(
		t("ban_term"),
		terms.map((n) => [String(n), term(n)] as const),
		String(WEEK),
		(v) => {
			hours = Number(v);
			say();
		},
		"full",
	);
	say();
	const wrong = h("p.err", { role: "alert" });
	const until: Field = {
		el: h("div.field", {}, group, end, wrong),
		control: group,
		say: (text) => {
			wrong.textContent = text;
		},
	};
	const box = h("input.inp", { id: "ban-reason", maxlength: 200, value: person ? t("ban_default_reason") : "" });
	const chips = h(
		"div.chips",
		{ role: "group", "aria-label": t("ban_reasons") },
		...reasons.map((r) =>
			h(
				"button.chip",
				{
					type: "button",
					onclick: () => {
						box.value = t(r);
						reason.say("");
					},
				},
				t(r),
			),
		),
	);
	const reason = field(t("ban_reason"), box, "", h("div.stack2", {}, chips, box));
	const hide = h("input.chk", { type: "checkbox" });
	return {
		el: [until.el, reason.el, ...(person ? [h("label.ck", {}, hide, h("span", {}, t("ban_hide")))] : [])],
		value: () => ({
			until: hours === 0 ? null : new Date(Date.now() + hours * HOUR).toISOString(),
			reason: box.value.trim(),
			hide: hide.checked,
		}),
		reason,
		until,
	};
}

export function askBan(name: string): Promise<BanChoice | null> {
	return dialog<BanChoice>(t("ban_head", { name }), t("ban_lead"), (done) => {
		const button = h("button.btn.bad", { type: "submit" });
		const f = banFields((hours) => {
			button.textContent = hours === 0 ? t("ban_for_good") : t("ban_for", { term: term(hours) });
		});
		button.addEventListener("click", () => {
			if (f.value().reason !== "") return done(f.value());
			f.reason.say(t("must_be_given"));
			f.reason.control.focus();
		});
		return { fields: f.el, button, first: button };
	});
}

export const reasons = [
	"reason_off_topic",
	"reason_abuse",
	"reason_spam",
	"reason_personal",
	"reason_illegal",
	"reason_quality",
] as const;

/** askReason lets a rejection say why; digits choose, Enter sends. */
export function askReason(): Promise<string | null> {
	return dialog<string>(t("reject_head"), t("reject_lead"), (done) => {
		const other = h("input.inp", { maxlength: 200, "aria-label": t("reason_other"), placeholder: t("reason_other") });
		const opts = h(
			"div.opts",
			{ role: "radiogroup", "aria-label": t("reject_head") },
			...reasons.map((r, i) =>
				h(
					"label",
					{},
					h("input.chk", { type: "radio", name: "reason", value: t(r), checked: i === 0 }),
					h("kbd", { "aria-hidden": "true" }, i + 1),
					t(r),
				),
			),
		);
		const button = h("button.btn.bad", { type: "submit" }, t("reject"));
		const value = () => other.value.trim() || opts.querySelector<HTMLInputElement>("input:checked")?.value || "";
		button.addEventListener("click", () => done(value()));
		opts.addEventListener("keydown", (e) => {
			const r = reasons[Number(e.key) - 1];
			if (r) done(t(r));
		});
		const first = opts.querySelector("input");
		return { fields: [opts, other], button, first: first ?? button };
	});
}

/** menu opens a list of things to do at a button; arrows move, Esc closes. */
export function menu(
	at: HTMLElement,
	items: { label: string; danger?: boolean; current?: boolean; run: () => void }[],
	up = false,
): void {
	const wrap = at.parentElement;
	if (!wrap) return;
	const shown = wrap.querySelector(".menu");
	if (shown) {
		shown.dispatchEvent(new Event("close"));
		return;
	}
	wrap.classList.add("pop");
	if (up) wrap.classList.add("up");
	else wrap.classList.toggle("end", at.getBoundingClientRect().left > innerWidth / 2);
	const el = h("div.menu", { role: "menu" });
	const close = (focus: boolean) => {
		el.remove();
		at.setAttribute("aria-expanded", "false");
		document.removeEventListener("pointerdown", outside, true);
		if (focus) at.focus({ preventScroll: true });
	};
	const outside = (e: Event) => {
		if (!el.contains(e.target as Node) && !at.contains(e.target as Node)) close(false); // its own button closes it by its click
	};
	el.addEventListener("close", () => close(true));
	el.append(
		...items.map((i) =>
			h(
				i.danger ? "button.dng" : "button",
				{
					type: "button",
					role: "menuitem",
					tabindex: "-1",
					"aria-current": i.current ? "true" : null,
					onclick: (e: Event) => {
						e.stopPropagation();
						close(true);
						i.run();
					},
				},
				i.label,
			),
		),
	);
	el.addEventListener("keydown", (e) => {
		const all = [...el.querySelectorAll<HTMLElement>("button")];
		const i = all.indexOf(document.activeElement as HTMLElement);
		const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: all.length - 1 }[e.key];
		if (to !== undefined) all[(to + all.length) % all.length]?.focus();
		else if (e.key === "Escape") close(true);
		else if (e.key === "Tab") close(false);
		else return;
		e.stopPropagation();
		if (e.key !== "Tab") e.preventDefault();
	});
	wrap.append(el);
	at.setAttribute("aria-expanded", "true");
	document.addEventListener("pointerdown", outside, true);
	el.querySelector<HTMLElement>("button")?.focus();
}

const keyList: [string, string[]][] = [
	["approve", ["A"]],
	["reject", ["R"]],
	["reject_because", ["⇧ R"]],
	["spam_act", ["S"]],
	["delete", ["D"]],
	["ban_more", ["B"]],
	["feature", ["F"]],
	["undo", ["U"]],
	["key_next", ["J"]],
	["key_previous", ["K"]],
	["key_select", ["X"]],
	["key_range", ["⇧ X"]],
	["key_alike", ["L"]],
	["key_open", ["O"]],
	["key_reply", ["C"]],
	["search", ["/"]],
	["key_queue", ["G", "Q"]],
	["key_comments", ["G", "C"]],
	["key_people", ["G", "P"]],
	["key_threads", ["G", "T"]],
	["key_rules", ["G", "R"]],
	["key_new", ["N"]],
	["save_rules", ["⌘/Ctrl ↵"]],
	["key_clear", ["esc"]],
	["key_help", ["?"]],
];

const KEYS = "parley-dashboard-keys";

export function keysOn(): boolean {
	try {
		return localStorage.getItem(KEYS) !== "off";
	} catch {
		return true;
	}
}

/** keyHints shows the keys beside what they do, or hides them where they are off; nothing is drawn anew. */
export function keyHints(): void {
	document.body.classList.toggle("keyless", !keysOn());
}

/** help lists the keys, and turns the single ones off for who needs that (WCAG 2.1.4). */
export function help(): void {
	const before = document.activeElement;
	const on = h("input.sw", { type: "checkbox", role: "switch", checked: keysOn() });
	on.addEventListener("change", () => {
		try {
			localStorage.setItem(KEYS, on.checked ? "on" : "off");
		} catch {
			/* a private window: it holds until the page is left */
		}
		keyHints();
	});
	const d = h(
		"dialog.helpd",
		{ "aria-labelledby": "hk" },
		h("h2", { id: "hk" }, t("keyboard")),
		h(
			"ul",
			{},
			...keyList.map(([word, keys]) => h("li", {}, t(word as "undo"), h("span", {}, ...keys.map((k) => h("kbd", {}, k))))),
		),
		h("label.fx", { style: null }, on, h("span", {}, t("keys_on"))),
		h("div.fx", {}, h("span.grow"), h("button.btn", { type: "button", onclick: () => d.close() }, t("close"))),
	);
	d.addEventListener("close", () => {
		d.remove();
		if (before instanceof HTMLElement) before.focus();
	});
	document.body.append(d);
	d.showModal();
}
