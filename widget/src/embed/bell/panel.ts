import reasonsEn from "../../../../static/i18n/en/reasons.json";
import type { Author, Comment } from "../../shared/api/shapes.ts";
import { fill, h, icon } from "../../shared/dom/h.ts";
import { nodes } from "../../shared/dom/html.ts";
import { Words } from "../../shared/i18n/catalogue.ts";
import type { Acting } from "../acting.ts";
import type { App } from "../app.ts";
import { read } from "../state/bell.ts";
import { wordsOf } from "../tools/words.ts";
import { avatar } from "../view/reply-line.ts";
import { openPanel } from "./open.ts";
import { type BellKey, bellWords } from "./words.ts";

/** Notification is one thing that somebody is told. */
interface Notification {
	id: string;
	kind: "reply" | "mention" | "thread" | "reactions" | "published" | "refused" | "removed" | "picked";
	comment: Comment;
	actor: Author | null;
	count: number;
	at: string;
	read: boolean;
	title: string;
	url: string;
}

interface Page {
	notifications: Notification[];
	unread: number;
	next_cursor: string | null;
}

const QUOTE = 140; // characters of a comment that are shown
const SIGNS: Partial<Record<Notification["kind"], string>> = { reactions: "up", published: "check", refused: "shield", removed: "shield", picked: "star" };

/** notifications shows what the reader is told on this site. What was shown counts as read once it is closed. */
export async function notifications(app: App, acting: Acting, button: HTMLElement): Promise<void> {
	const [t] = await Promise.all([bellWords(app), wordsOf(app)]); // the looks of dialogs
	const why = new Words<keyof typeof reasonsEn>(reasonsEn, app.x.words.lang);
	const mark = h("button.btn.ghost.sm", { type: "button", hidden: true, onclick: () => void seen() }, t.t("mark_all"));
	const panel = openPanel(app.frame.el, button, { title: t.t("notifications"), close: t.t("close"), beside: mark, closed: () => void seen() });
	const list = h("ul.nts");
	const more = h("button.btn.full", { type: "button", hidden: true, onclick: () => void load() }, t.t("earlier"));
	const status = h("p.hint.pad", { role: "status" }, t.t("loading"));
	const { base, o } = app;
	fill(panel.body, [
		status,
		list,
		more,
		h(
			"div.pf",
			{},
			h("a", { href: `${base}/account#notifications`, target: "_blank", rel: "noopener" }, t.t("see_all")),
			h("a", { href: `${base}/account#told`, target: "_blank", rel: "noopener" }, icon("sliders", "s"), t.t("settings")),
		),
	]);
	let cursor = "";
	let newest = "";
	let unread = 0;

	async function seen(): Promise<void> {
		if (!newest || !unread) return;
		try {
			await app.api.call("PUT", `/api/v1/me/notifications/read?${new URLSearchParams({ site: o.site })}`, { until: newest });
			unread = 0;
			read(app.x.d);
			mark.hidden = true;
			for (const li of list.querySelectorAll(".un")) {
				li.classList.remove("un");
				li.querySelector(".sr")?.remove();
			}
			await acting.me();
		} catch (e) {
			acting.showError(e);
		}
	}

	async function load(): Promise<void> {
		more.hidden = true;
		try {
			const [page] = await Promise.all([
				app.api.call<Page>("GET", `/api/v1/me/notifications?${new URLSearchParams({ site: o.site, cursor })}`),
				why.fetch(base, "reasons"),
			]);
			newest ||= page.notifications[0]?.id ?? "";
			unread = page.unread;
			cursor = page.next_cursor ?? "";
			list.append(...page.notifications.map(item));
			more.hidden = !cursor;
			mark.hidden = unread === 0;
			status.hidden = list.childElementCount > 0;
			if (!status.hidden) fill(status, [h("b", {}, t.t("none")), " ", t.t("none_text")]);
		} catch {
			status.hidden = false;
			fill(status, [t.t("failed"), " ", h("button.lnk", { type: "button", onclick: () => void load() }, t.t("again"))]);
		}
	}

	function item(n: Notification): HTMLElement {
		const sign = SIGNS[n.kind];
		const bad = n.kind === "removed" || n.kind === "refused";
		const here = n.comment.thread_id === app.x.d.thread?.id && !bad;
		const go = (e: MouseEvent) => {
			if (!here || e.metaKey || e.ctrlKey || e.shiftKey || e.button) return;
			e.preventDefault();
			panel.close(() => acting.goTo(n.comment.id).catch((e: unknown) => acting.showError(e)));
		};
		const { removal } = n.comment;
		const reason = removal?.reason ?? "";
		const said = [h("span", {}, ...sentence(n)), ...quote(n.comment)];
		const at = new Date(n.at);
		return h(
			n.read ? "li" : "li.un",
			{},
			n.actor ? avatar(n.actor.avatar_url, 32) : h(bad ? "span.ic.bad" : "span.ic", {}, icon(sign ?? "bell")),
			h(
				"div",
				{},
				!n.read && h("span.sr", {}, t.t("unread"), " "),
				bad ? h("div", {}, ...said) : h("a.hit", { href: n.url, ...(here ? {} : { target: "_blank", rel: "noopener" }), onclick: go }, ...said),
				bad && reason !== "" && h("p", {}, why.t("reason_is", { reason: `reason_${reason}` in reasonsEn ? why.t(`reason_${reason}` as keyof typeof reasonsEn) : reason })),
				h("span.tm", {}, h("time", { datetime: n.at, title: app.x.words.full(at) }, app.x.words.ago(at, app.x.now()) || app.x.words.t("now")), " · ", h("bdi", {}, n.title)),
			),
		);
	}

	/** sentence says what happened, with the name in it as it is drawn everywhere. */
	function sentence(n: Notification): (Node | string)[] {
		if (!n.actor) return [t.t(`told_${n.kind}` as BellKey, { n: n.count })];
		const [before = "", after = ""] = t.t(`told_${n.kind}` as BellKey, { name: "\u0000" }).split("\u0000");
		return [before, h("b", {}, h("bdi", {}, n.actor.name)), after];
	}

	function quote(c: Comment): Node[] {
		const text = (nodes(c.html).textContent ?? "").replace(/\s+/g, " ").trim();
		if (!text) return [];
		const cut = [...text];
		return [h("q", { dir: "auto" }, cut.length > QUOTE ? `${cut.slice(0, QUOTE).join("")}…` : text)];
	}

	await load();
}
