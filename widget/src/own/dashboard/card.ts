import type { Comment } from "../../shared/api/shapes.ts";
import { fill, h } from "../../shared/dom/h.ts";
import { nodes } from "../../shared/dom/html.ts";
import { ago, isWord, t, words } from "./desk.ts";
import { isVoid, reporters } from "./reporters.ts";
import { reasonText } from "./reasons.ts";
import { icon } from "./icons.ts";
import { type Doing, places, strip } from "./images.ts";
import type { Context, Finding, Image, Level, Notice, Queue, Report } from "./shapes.ts";

const LIKELY = 0.5; // below, a likeness says that it is not one
const LATE_MINUTES = 30; // from which a wait is coloured
const NOTES_SHOWN = 5; // of what readers wrote about a comment, and of notices

export type Action = "approve" | "reject" | "spam" | "delete" | "restore" | "feature" | "unfeature" | "pin" | "unpin";

/** isPick says whether an action is about where a comment stands, and not whether. */
export const isPick = (a: Action): boolean => /^(un)?(feature|pin)$/.test(a);

/** Row is one comment of a list with all that is known of it. */
export interface Row {
	comment: Comment;
	context: Context;
	reports: Report[];
	notices: Notice[];
	thread: { title: string; key: string; url: string } | undefined;
	images: Image[];
}

export function rows(q: Queue): Row[] {
	return q.comments.map((comment) => ({
		comment,
		context:
			q.context[comment.id] ?? ({ findings: [], parent_text: "", author_level: "member", likeness: "" } as unknown as Context),
		reports: q.reports[comment.id] ?? [],
		notices: q.notices[comment.id] ?? [],
		thread: q.threads[comment.thread_id],
		images: q.images?.[comment.id] ?? [], // a server one release back has none
	}));
}

/** isReported says whether readers have asked for a decision: by reports, or by notices of illegal content. */
export function isReported(row: Row): boolean {
	return row.reports.length + row.notices.length > 0;
}

/** actions are what can be done to a comment where it stands. */
export function actions(c: Comment, reported: boolean): Action[] {
	switch (c.status) {
		case "pending":
			return ["approve", "reject", "spam", "delete"];
		case "published":
			return [...(reported ? (["approve"] as const) : []), "reject", "spam", c.featured ? "unfeature" : "feature", ...(c.parent_id ? [] : [c.pinned ? ("unpin" as const) : ("pin" as const)]), "delete"];
		case "spam":
		case "rejected":
			return ["restore", c.status === "spam" ? "reject" : "spam", "delete"];
		default:
			return ["restore"];
	}
}

export const keyOf: Partial<Record<Action, string>> = {
	approve: "A",
	reject: "R",
	spam: "S",
	feature: "F",
	unfeature: "F",
	delete: "D",
	restore: "A",
};

const tones: Record<string, string> = { new: "warn", member: "", regular: "", trusted: "ok" };

export function levelBadge(level: Level, guest: boolean): HTMLElement {
	if (guest) return h("span.bdg", {}, t("guest"));
	const tone = tones[level];
	return h(tone ? `span.bdg.${tone}` : "span.bdg", {}, t(`level_${level}`));
}

function chip(tone: string, symbol: string, text: string, score?: number): HTMLElement {
	const meter =
		score === undefined
			? null
			: h("span.mtr", { role: "img", "aria-label": t("score", { n: Math.round(score * 100) }), "data-v": String(score) });
	meter?.style.setProperty("--v", String(score));
	return h(
		tone ? `span.rc.${tone}` : "span.rc",
		{},
		icon(symbol),
		text,
		meter,
		score === undefined ? null : h("b", { "aria-hidden": "true" }, score.toFixed(2)),
	);
}

function isToday(iso: string): boolean {
	return new Date(iso).toDateString() === new Date().toDateString();
}

/** why turns one finding into a chip: a reason in words, never a bare number. */
export function why(f: Finding, x: Context, written: string): HTMLElement | null {
	const n = f.count;
	const hi = f.wish === "reject" || f.wish === "spam" ? "hi" : f.wish === "hold" ? "mid" : "";
	switch (f.check) {
		case "classifier":
			return f.score < LIKELY ? null : chip(f.score > 0.8 ? "hi" : "", "alert", t("why_classifier"), f.score);
		case "banned":
			return chip("hi", "ban", t("why_banned", { words: f.detail }));
		case "suspect":
			return chip("mid", "rules", t("why_suspect", { words: f.detail }));
		case "rule":
			return chip(hi, "rules", t("why_rule", { name: f.detail }));
		case "links":
			return chip("mid", "link", f.detail === "new" ? t("why_links_new") : t("why_links", { n }));
		case "mode":
			return chip(
				"",
				"lock",
				t(
					f.detail === "all"
						? "why_mode_all"
						: f.detail === "guests"
							? "why_mode_guests"
							: f.detail === "links"
								? "why_mode_links"
								: "why_mode_newcomers",
				),
			);
		case "night":
			return chip("", "clock", t("why_night"));
		case "repeat":
			return chip("hi", "copy", t("why_repeat", { n: n + 1 }));
		case "fresh":
			return chip("", "user", isToday(x.author_since) && isToday(written) ? t("why_fresh_today") : t("why_fresh", { n }));
		case "record":
			return chip("hi", "user", t("why_record", { n: Math.round(f.score * 100) }));
		case "demoted":
			return chip("hi", "user", t("why_demoted"));
		case "burst":
			return chip("mid", "clock", t("why_burst", { n }));
		case "proof":
			return chip("", "check", t("why_proof"));
		case "reports":
			return chip("hi", "flag", t("why_reports", { n }));
		case "image":
			return chip("hi", "copy", t(f.detail === "illegal" ? "why_image_illegal" : "why_image"));
		case "notice":
			return chip("hi", "shield", n > 1 ? t("why_notices", { n }) : t("why_notice", { receipt: f.detail }));
		case "akismet":
		case "scorer":
		case "hook":
			return chip(hi, "globe", t("why_service", { name: f.check, detail: f.detail }), f.score > 0 ? f.score : undefined);
		default:
			return chip(hi, "info", f.check);
	}
}

/** reported is a report's reason: one of the widget's list, or what a program wrote. */
function reported(reason: string): string {
	const key = `report_${reason}`;
	return isWord(key) ? t(key) : reason.replace(/_/g, " ");
}

function reportChips(all: Report[]): HTMLElement[] {
	const reports = all.filter((r) => !isVoid(r));
	const none = all.length - reports.length;
	const nothing = none > 0 ? [chip("", "flag", t("reports_void", { n: none }))] : [];
	if (reports.length === 0) return nothing;
	const by = new Map<string, number>();
	const networks = new Map<number, number>();
	for (const r of reports) {
		by.set(r.reason, (by.get(r.reason) ?? 0) + 1);
		if (r.network) networks.set(r.network, (networks.get(r.network) ?? 0) + 1);
	}
	const brigade = Math.max(0, ...networks.values());
	const list = [...by].map(([reason, n]) => `${reported(reason)} ${words.number(n)}`).join(" · ");
	return [
		chip("hi", "flag", t("reported_by", { n: reports.length })),
		chip("", "flag", list),
		...(brigade > 1 ? [chip("mid", "users", t("why_brigade", { n: brigade }))] : []),
		...nothing,
	];
}

/** marked draws the text with the words that the findings are about. */
function marked(c: Comment, findings: Finding[]): HTMLElement {
	const body = h("div.k-b");
	body.append(nodes(c.html));
	const marks = [...new Set(findings.flatMap((f) => (f.check === "links" ? [] : f.marks)).filter((m) => m.trim() !== ""))].sort(
		(a, b) => b.length - a.length,
	);
	if (findings.some((f) => f.check === "links")) for (const a of body.querySelectorAll("a")) a.classList.add("seen");
	for (const m of marks) mark(body, m);
	return body;
}

export function mark(root: Element, text: string): void {
	const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
	const found: Text[] = [];
	for (let n = walk.nextNode(); n; n = walk.nextNode())
		if (n.nodeValue?.includes(text) && !n.parentElement?.closest("mark")) found.push(n as Text);
	for (const node of found) {
		let rest: Text = node;
		for (let at = rest.data.indexOf(text); at >= 0; at = rest.data.indexOf(text)) {
			const hit = rest.splitText(at);
			rest = hit.splitText(text.length);
			const m = h("mark");
			hit.replaceWith(m);
			m.append(hit);
		}
	}
}

/** place leads to a comment that readers see, else to where it would stand. */
export function place(row: Row): string {
	if (row.comment.status === "published") return `/c/${row.comment.id}`;
	return /^https?:/.test(row.thread?.url ?? "") ? (row.thread?.url ?? "") : "";
}

interface Hands {
	decide: (a: Action) => void;
	discount: () => void;
	ban: () => void;
	more: (at: HTMLElement) => void;
	person: (id: string) => void;
	choose: () => void;
	select: ((on: boolean, range: boolean) => void) | null; // null: nothing to pick cards for
	can: Action[];
	bans: boolean;
	keys: boolean;
	image: Doing | null; // null: may do nothing to images
	fresh: boolean; // not read before by who is here
}

/** card is one comment of a list: why it is here, what it says, what can be done. */
export function card(row: Row, hands: Hands): HTMLLIElement {
	const { comment: c, context: x, reports, images } = row;
	const body = marked(c, x.findings);
	places(body, images);
	const name = c.author?.name ?? t("guest");
	const waits = c.status === "pending" || (c.status === "published" && isReported(row)) || (c.status === "spam" && !x.decided_at);
	const since = x.waiting_since ?? c.created_at;
	const late = Date.now() - new Date(since).getTime() > LATE_MINUTES * 60_000;
	const href = place(row);
	// With single keys X picks; without them the box has to be reached.
	const box = h("input.chk", { type: "checkbox", "aria-label": t("select_one", { name }), tabindex: hands.keys ? "-1" : null });
	box.addEventListener("click", (e) => {
		e.stopPropagation();
		hands.select?.(box.checked, e.shiftKey);
	});
	const kbd = (a: Action) => (hands.keys && keyOf[a] ? h("kbd", { "aria-hidden": "true" }, keyOf[a]) : null);
	const button = (a: Action) => {
		const tone =
			a === "approve" || a === "restore" ? "ok" : isPick(a) || a === "delete" ? "ghost" : "";
		const label = a === "approve" && c.status === "published" ? t("keep") : a === "spam" ? t("spam_act") : t(a);
		return h(
			tone ? `button.btn.sm.${tone}` : "button.btn.sm",
			{ type: "button", "data-act": a, onclick: () => hands.decide(a) },
			label,
			kbd(a),
		);
	};
	const parts = hands.can.filter((a) => a !== "delete" && a !== "pin" && a !== "unpin"); // those are in the menu
	const more = h(
		"button.ib",
		{ type: "button", "aria-haspopup": "menu", "aria-label": t("more_actions"), onclick: () => hands.more(more) },
		icon("more"),
	);
	const status = waits
		? h(
				"span.k-w",
				{ class: late ? "k-w late" : "k-w" },
				icon("clock", "i s"),
				words.ago(new Date(since), new Date()) ? t("waiting", { ago: ago(since) }) : t("just_now"),
			)
		: h(
				"span.k-w",
				{},
				x.decided_by
					? t("decided_by", { status: t(`status_${c.status}`), name: x.decided_by })
					: (c.status === "rejected" || c.status === "spam") && !x.decided_at
						? t("by_itself", { status: t(`status_${c.status}`) })
						: t(`status_${c.status}`),
			);
	const li = h(
		"li.k",
		{
			tabindex: "-1",
			"data-id": c.id,
			"aria-label": t("card", { name, page: row.thread?.title ?? "" }),
			// A press chooses when it is over: nothing may move under the pointer before.
			onfocusin: (e: FocusEvent) => {
				if (e.target instanceof Element && e.target.matches(":focus-visible")) hands.choose();
			},
			onclick: hands.choose,
		},
		hands.select ? h("label.ckl", {}, box) : h("span"),
		h(
			"div",
			{},
			h(
				"div.k-h",
				{},
				c.author ? h("img.av", { src: c.author.avatar_url, alt: "", width: 24, height: 24, loading: "lazy" }) : null,
				c.author && !c.author.guest
					? h("button.nm", { type: "button", onclick: () => hands.person(c.author?.id ?? "") }, h("bdi", {}, name))
					: h("b.nm", {}, h("bdi", {}, name)),
				x.author_banned ? h("span.bdg.bad", {}, t("banned")) : levelBadge(x.author_level, c.author?.guest ?? true),
				c.featured ? h("span.bdg.pick", {}, t("picked")) : null,
				c.pinned ? h("span.bdg", {}, t("pinned")) : null,
				h("time.t", { datetime: c.created_at, title: words.full(new Date(c.created_at)) }, ago(c.created_at)),
				h("span.k-l", { hidden: true }),
				status,
				hands.fresh ? h("span.dot", { role: "img", "aria-label": t("news_dot") }) : null,
			),
			h(
				"div.k-c",
				{},
				h(
					"span",
					{},
					`${t("on")} `,
					href
						? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, row.thread?.title || t("untitled"))
						: row.thread?.title || t("untitled"),
				),
				c.in_reply_to && x.parent_text
					? h(
							"span.pq",
							{},
							icon("reply", "i s flip"),
							" ",
							h("bdi", {}, c.in_reply_to.author_name ?? t("removed")),
							": “",
							h("bdi", {}, x.parent_text.replace(/\s+/g, " ")),
							"”",
						)
					: null,
			),
			body,
			images.length > 0 && hands.image ? strip(body, images, hands.image) : null,
			x.findings.length + reports.length > 0
				? h("div.why", {}, ...reportChips(reports), ...x.findings.map((f) => why(f, x, c.created_at)))
				: null,
			reports.length > 0
				? reporters(reports, {
						reported,
						person: hands.person,
						discount: hands.can.includes("approve") ? hands.discount : null,
					})
				: null,
			...notes(row),
			parts.length > 0 || hands.bans
				? h(
						"div.k-a",
						{},
						...parts.slice(0, 3).map(button),
						hands.bans
							? h(
									"button.btn.sm.bad-o",
									{ type: "button", onclick: hands.ban },
									t("ban_more"),
									hands.keys ? h("kbd", { "aria-hidden": "true" }, "B") : null,
								)
							: null,
						...parts.slice(3).map(button),
						h("span.grow"),
						more,
					)
				: null,
		),
	);
	return li;
}

function notes(row: Row): HTMLElement[] {
	const out = row.reports
		.filter((r) => r.note)
		.slice(0, NOTES_SHOWN)
		.map((r) => h("p", {}, `“${r.note}”`));
	for (const n of row.notices.slice(0, NOTES_SHOWN)) {
		const date = words.full(new Date(n.created_at));
		const head = t(n.good_faith ? "notice_in_good_faith" : "notice_of", { receipt: n.receipt, date, ago: ago(n.created_at) });
		out.push(
			h("p", {}, head, h("q", { dir: "auto" }, n.why)),
			...(n.name !== null && n.email !== null ? [h("p", {}, t("notice_from", { name: n.name, email: n.email }))] : []),
		);
	}
	const more = row.notices.slice(NOTES_SHOWN);
	const latest = more.at(-1);
	if (latest) out.push(h("p", {}, t("notices_more", { n: more.length, ago: ago(latest.created_at) })));
	if (row.context.reason) out.push(h("p", {}, t("reason_was", { reason: reasonText(row.context.reason) })));
	return out.length > 0 ? [h("div.k-n", {}, ...out)] : [];
}

/** showViewers names who else reads the card just now. */
export function showViewers(li: HTMLElement, names: string[]): void {
	const at = li.querySelector<HTMLElement>(".k-l");
	if (!at) return;
	at.hidden = names.length === 0;
	fill(at, names.length > 0 ? [t("looking", { names: new Intl.ListFormat(words.lang).format(names) })] : []);
}

/** gone tells that somebody else decided first, before the card steps aside. */
export function gone(li: HTMLElement, text: string): void {
	li.classList.add("gone");
	const at = li.querySelector(".k-w");
	if (at) fill(at, [text]);
	li.querySelector(".k-a")?.remove();
}
