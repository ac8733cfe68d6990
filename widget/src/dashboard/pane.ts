import { h } from "../view/h.ts";
import { type Answer, ago, call, type Desk, t, words } from "./desk.ts";
import { keeping } from "./focus.ts";
import { icon } from "./icons.ts";
import type { Level, PersonDetail } from "./shapes.ts";

const levels: Level[] = ["new", "member", "regular", "trusted"];

/** bars draws a level of trust; the words beside it say the same. */
export function bars(level: Level, role: string, cls: string): HTMLElement {
	const n = role === "member" ? levels.indexOf(level) + 1 : levels.length + 1;
	return h(cls, { "aria-hidden": "true" }, ...[0, 1, 2, 3, 4].map((i) => h(i < n ? "i.on" : "i")));
}

export function levelName(p: { level: Level; role: string; guest: boolean }): string {
	if (p.role !== "member") return t(`role_${p.role}` as "role_admin");
	return p.guest ? t("guest") : t(`level_${p.level}`);
}

export function head(p: PersonDetail, close?: () => void): HTMLElement {
	const joined = t(p.guest ? "guest_since" : "member_since", {
		date: new Intl.DateTimeFormat(words.lang, { day: "numeric", month: "long", year: "numeric" }).format(new Date(p.since)),
	});
	const av = h("img.av", { src: p.avatar_url, alt: "", width: 44, height: 44 });
	av.style.setProperty("--av", "44px");
	return h(
		"div.who",
		{},
		av,
		h(
			"div.grow",
			{},
			h("b", {}, h("bdi", {}, p.name)),
			h("span.t", {}, p.via ? `${t("via", { provider: p.via })} · ${joined}` : joined),
		),
		p.ban ? h("span.bdg.bad", {}, t("banned")) : null,
		close ? h("button.ib", { type: "button", "aria-label": t("close"), onclick: close }, icon("x")) : null,
	);
}

export function trust(p: PersonDetail): HTMLElement {
	const says = p.ban
		? p.ban.until
			? t("trust_banned_until", { date: words.full(new Date(p.ban.until)), reason: p.ban.reason })
			: t("trust_banned", { reason: p.ban.reason })
		: p.demoted
			? t("trust_demoted")
			: p.guest
				? t("trust_guest")
				: p.level === "new"
					? t("trust_new", { n: p.posts_to_member })
					: t(`trust_${p.level}`);
	return h(
		"div.trust",
		{},
		h(
			"div.row2",
			{},
			h("b", {}, t("trust_is", { level: levelName(p) })),
			h("span.muted", {}, t("trust_of", { n: p.role === "member" ? levels.indexOf(p.level) : 4 })),
		),
		bars(p.level, p.role, "div.bars"),
		h("p.hint", {}, says),
	);
}

export function figures(p: PersonDetail): HTMLElement {
	const cell = (n: number, label: string) => h("div", {}, h("b", {}, words.number(n)), label);
	return h(
		"div.st4",
		{},
		cell(p.comments, t("posted")),
		cell(p.published, t("approved")),
		cell(p.rejected, t("rejected_low")),
		cell(p.reports, t("reports_low")),
	);
}

export function history(desk: Desk, p: PersonDetail, n: number): HTMLElement {
	const mark = (status: string) => {
		const bad = status === "rejected" || status === "spam" || status === "deleted";
		const el = icon(status === "pending" ? "clock" : bad ? "x" : "check", `i ${status === "pending" ? "" : bad ? "bad" : "ok"}`);
		return h(
			"span",
			{ title: t(`status_${status}` as "status_spam") },
			el,
			h("span.sr", {}, t(`status_${status}` as "status_spam")),
		);
	};
	return h(
		"div.sect",
		{},
		h(
			"div.cap",
			{},
			h("h3", {}, t("recent")),
			h(
				"a",
				{
					href: "#",
					onclick: (e: Event) => {
						e.preventDefault();
						desk.go({ screen: "comments", author: p.id });
					},
				},
				t("see_all"),
			),
		),
		p.record.length === 0
			? h("p.hint", {}, t("no_comments"))
			: h(
					"ul.hist",
					{},
					...p.record.slice(0, n).map((r) => h("li", {}, mark(r.status), h("p", {}, r.text), h("span.t", {}, ago(r.created_at)))),
				),
	);
}

export function network(desk: Desk, p: PersonDetail): HTMLElement | null {
	if (p.same_network.length === 0) return null;
	return h(
		"div.sect",
		{},
		h("div.cap", {}, h("h3", {}, t("same_network"))),
		h("p.hint", {}, t("same_network_n", { n: p.same_network.length })),
		h(
			"ul.hist",
			{},
			...p.same_network.slice(0, 8).map((o) =>
				h(
					"li",
					{},
					icon("user"),
					h(
						"p",
						{},
						h(
							"a",
							{
								href: "#",
								onclick: (e: Event) => {
									e.preventDefault();
									desk.go({ screen: "people", person: o.id });
								},
							},
							o.name,
						),
						o.banned ? ` · ${t("banned")}` : "",
					),
					h("span.t", {}, ago(o.seen_at)),
				),
			),
		),
	);
}

/** Sent is an act on a person on its way. */
export type Sent = (sent: Promise<Answer<PersonDetail>>) => Promise<Answer<PersonDetail>>;

/** note is one of what moderators wrote. */
function note(n: PersonDetail["notes"][number]): HTMLElement {
	return h(
		"div.note2",
		{},
		n.kind === "warning" ? h("span.bdg.warn", {}, t("warning")) : null,
		n.kind === "warning" ? " " : null,
		n.text,
		h(
			"small",
			{},
			`${n.by} · ${ago(n.created_at)}`,
			n.kind === "warning"
				? ` · ${n.seen_at ? t("warning_seen", { date: words.full(new Date(n.seen_at)) }) : t("warning_unseen")}`
				: "",
		),
	);
}

/**
 * notesBox holds what moderators wrote; log links to the audit log where
 * nothing else does. show puts other notes above the one that is being typed.
 */
export function notesBox(
	desk: Desk,
	p: PersonDetail,
	changed: (p: PersonDetail) => void,
	log = true,
	sent: Sent = (r) => r,
): { el: HTMLElement; show: (p: PersonDetail) => void } {
	const say = h("p.alert", { role: "alert", hidden: true });
	const box = h("textarea.inp", { rows: 2, maxlength: 1000, placeholder: t("note_add"), "aria-label": t("note_add") });
	const send = h(
		"button.btn.sm",
		{
			type: "button",
			hidden: true,
			onclick: async () => {
				const text = box.value.trim();
				const r = await sent(call<PersonDetail>("POST", desk.api(`/moderation/people/${p.id}/note`), { text }));
				say.textContent = r.detail;
				say.hidden = r.body !== null;
				if (!r.body) return;
				if (box.value.trim() === text) box.value = "";
				send.hidden = box.value === "";
				box.focus();
				changed(r.body);
			},
		},
		t("note_save"),
	);
	box.addEventListener("input", () => {
		send.hidden = box.value.trim() === "";
	});
	const cap = h(
		"div.cap",
		{},
		h("h3", {}, t("notes")),
		log
			? h(
					"a",
					{
						href: "#",
						onclick: (e: Event) => {
							e.preventDefault();
							desk.go({ screen: "audit", target: p.id });
						},
					},
					t("audit"),
				)
			: null,
	);
	const may = desk.may("sanction");
	const el = h("div.sect.field", {}, cap, may ? box : null, may ? h("div.fx", {}, send) : null, say);
	const show = (q: PersonDetail) => {
		for (const old of el.querySelectorAll(".note2")) old.remove();
		cap.after(...q.notes.map(note));
	};
	show(p);
	return { el, show };
}

/** pane is the author beside the queue. */
export function pane(desk: Desk, p: PersonDetail): HTMLElement[] {
	const all = h("div", {});
	const draw = (q: PersonDetail) => {
		notes.show(q);
		keeping(all, () => all.replaceChildren(...parts(q)));
	};
	const notes = notesBox(desk, p, draw);
	const parts = (q: PersonDetail): HTMLElement[] => [
		head(q),
		trust(q),
		figures(q),
		history(desk, q, 5),
		...[network(desk, q)].filter((x): x is HTMLElement => x !== null),
		notes.el,
	];
	all.style.display = "grid";
	all.style.gap = "18px";
	draw(p);
	return [all];
}
