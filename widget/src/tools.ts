import en from "../../static/i18n/en/tools.json";
import type { Acting } from "./act.ts";
import { problem } from "./api/reader.ts";
import type { Way } from "./api/shapes.ts";
import type { App } from "./app.ts";
import { Words } from "./i18n/catalogue.ts";
import css from "./style/tools.css";
import type { Composer } from "./view/composer.ts";
import { canWrite, editLeft } from "./view/context.ts";
import { openDialog, question } from "./view/dialog.ts";
import { fill, h, icon, paths } from "./view/h.ts";
import { nodes } from "./view/html.ts";
import { type Item, openMenu } from "./view/menu.ts";
import { makeToolbar } from "./view/toolbar.ts";
import type { Then } from "./view/signin.ts";
import { wayIcon, wayName, waysOf } from "./view/ways.ts";

// Menus, dialogs and the writer's tools: all that comes only when it is asked for.

export { solve } from "./api/proof.ts";
export type ToolKey = keyof typeof en;

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
Object.assign(paths, {
	flag: "M3.75 14V2.5M3.75 3h7.9c.3 0 .5.35.33.6L10.5 6l1.48 2.4c.16.26-.03.6-.33.6h-7.9",
	mute: "M2.5 6.4v3.2h2.4l3.35 2.65v-8.5L4.9 6.4zM10.75 6.5l3 3M13.75 6.5l-3 3",
	edit: "m10.6 3.1 2.3 2.3-7.1 7.1-3 .7.7-3zM9.1 4.6l2.3 2.3",
	out: "M9.5 2.5h4v11h-4M2.5 8h7M6.5 4.5 9.9 8l-3.4 3.5",
	user: "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM2.9 13.5c.25-2.75 2.3-4.4 5.1-4.4s4.85 1.65 5.1 4.4",
});

const spoken = new WeakMap<App, { lang: string; words: Words<ToolKey> }>();
const dressed = new WeakSet<ShadowRoot>();

/** wordsOf are this part's texts in the widget's language; the style comes with them. */
async function wordsOf(app: App): Promise<Words<ToolKey>> {
	const root = app.frame.el.getRootNode();
	if (root instanceof ShadowRoot && !dressed.has(root)) {
		dressed.add(root);
		root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	}
	const { lang } = app.x.words;
	const had = spoken.get(app);
	if (had?.lang === lang) return had.words;
	const words = new Words<ToolKey>(en, lang);
	await words.fetch(app.base, "tools");
	spoken.set(app, { lang, words });
	return words;
}

/** commentMenu is the menu of a comment: one's own, or another's. */
export async function commentMenu(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const { x } = app;
	const c = x.d.known.get(id);
	if (!c?.author) return;
	const { author } = c;
	const left = editLeft(x, c);
	const mine = x.d.mine.has(id);
	const muted = x.d.mutes.has(author.id);
	const follows = x.d.follows.has(id);
	const minutes = Number.isFinite(left) ? t.t("left", { n: Math.max(1, Math.ceil(left / 60)) }) : "";
	const items: Item[] = mine
		? [
				...(left > 0 ? [{ icon: "edit", label: t.t("edit"), side: minutes, act: () => acting.edit(id) }] : []),
				{ icon: "trash", label: t.t("delete"), danger: true, act: () => void remove(app, acting, id, button) },
			]
		: [
				{ icon: "flag", label: t.t("report"), act: () => void report(app, acting, id, button) },
				{
					icon: "mute",
					label: t.t(muted ? "unmute" : "mute", { name: author.name }),
					act: () => void mute(app, acting, id, author.id, author.name, !muted),
				},
			];
	items.push(
		"-",
		{ icon: "link", label: t.t("copy_link"), act: () => void acting.share(id) },
		{ icon: "bell", label: t.t(follows ? "stop_replies" : "replies"), act: () => void followReplies(app, acting, id, !follows) },
	);
	if (x.d.roles.includes("moderator")) {
		items.push(
			"-",
			{
				icon: "star",
				label: t.t(c.featured ? "unpick" : "pick"),
				act: () => void decide(app, id, c.featured ? "unfeature" : "feature"),
			},
			{ icon: "shield", label: t.t("mod_remove"), danger: true, act: () => void removeAsModerator(app, acting, id, button) },
		);
	}
	if (x.d.desk !== "") {
		const at = `${x.d.desk}&screen=comments&comment=${encodeURIComponent(id)}`;
		items.push(...(x.d.roles.includes("moderator") ? [] : ["-" as const]), {
			icon: "share",
			label: t.t("mod_desk"),
			act: () => void open(at, "_blank", "noopener"),
		});
	}
	openMenu(app.frame.el, button, items);
}

async function decide(app: App, id: string, action: "feature" | "unfeature"): Promise<void> {
	const t = await wordsOf(app);
	try {
		const c = app.x.d.known.get(id);
		const got = c && (await app.api.decide(c, action));
		if (!c || !got?.results[0]?.ok) throw got;
		app.acting?.changed({ ...c, featured: action === "feature" });
		app.acting?.toast.show("check", t.t("decided"));
	} catch (e) {
		app.acting?.sorry(e, () => void decide(app, id, action));
	}
}

async function removeAsModerator(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	if (
		await question(app.frame.el, button, {
			title: t.t("mod_head"),
			text: t.t("mod_text"),
			yes: t.t("mod_yes"),
			no: t.t("cancel"),
			close: t.t("close"),
		})
	) {
		if (await acting.reject(id)) app.frame.say(t.t("mod_done"));
		else acting.sorry();
	}
}

async function remove(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	if (
		await question(app.frame.el, button, {
			title: t.t("delete_head"),
			text: t.t("delete_text"),
			yes: t.t("delete_yes"),
			no: t.t("cancel"),
			close: t.t("close"),
		})
	)
		void acting.remove(id);
}

/** allOf draws every comment of one author anew. */
function allOf(app: App, author: string): void {
	for (const c of app.x.d.known.values()) if (c.author?.id === author) app.list.update(c.id);
}

async function mute(app: App, acting: Acting, id: string, author: string, name: string, yes: boolean): Promise<void> {
	const t = await wordsOf(app);
	const { d } = app.x;
	if (!(await acting.signedIn({ act: "mute", id }, () => acting.button(id, "menu")))) return;
	const set = (on: boolean) => {
		if (on) d.mutes.add(author);
		else d.mutes.delete(author);
		allOf(app, author);
	};
	set(yes);
	try {
		await app.api.mute(author, yes);
		acting.toast.show("mute", t.t(yes ? "muted" : "unmuted", { name }), {
			label: t.t("undo"),
			act: () => void mute(app, acting, id, author, name, !yes),
		});
	} catch (e) {
		set(!yes);
		acting.sorry(e, () => void mute(app, acting, id, author, name, yes));
	}
}

async function followReplies(app: App, acting: Acting, id: string, yes: boolean): Promise<void> {
	const t = await wordsOf(app);
	if (!(await acting.signedIn({ act: "replies", id }, () => acting.button(id, "menu")))) return;
	try {
		await app.api.follow(app.o.thread, id, yes, { url: app.o.url, title: app.o.title });
		if (yes) app.x.d.follows.add(id);
		else app.x.d.follows.delete(id);
		acting.toast.show("bell", t.t(yes ? "replies_on" : "replies_off"));
	} catch (e) {
		acting.sorry(e, () => void followReplies(app, acting, id, yes));
	}
}

/**
 * signInFirst lets the reader choose by which way to sign in before an act
 * that needs it. Nothing opens by itself, the page stays where it is, and the
 * focus goes back to what was pressed.
 */
export async function signInFirst(app: App, then: Then, back: () => HTMLElement | null | undefined): Promise<boolean> {
	const t = await wordsOf(app);
	const { words, d } = app.x;
	const posting = app.acting?.posting;
	const all = waysOf(d.site);
	return new Promise((done) => {
		let ok = false;
		const dialog = openDialog(app.frame.el, back, { title: t.t(`to_${then.act}`), hint: t.t("to_hint"), close: t.t("close") });
		const said = h("p", { role: "status", hidden: true });
		const say = (text: string) => {
			said.textContent = text;
			said.hidden = text === "";
		};
		const panel = h("div");
		const way = async (w: Way) => {
			const inside = w.kind === "site" && app.panel !== null;
			say(inside ? "" : words.t("waiting_window"));
			choices.hidden = inside;
			ok = (await posting?.signIn(w.id, { then, slot: panel, say })) ?? false;
			if (ok) return dialog.close();
			if (inside) say("");
			choices.hidden = false;
			choices.querySelector("button")?.focus();
		};
		const choices = h(
			"div.ways",
			{},
			...all
				.filter((w) => w.kind !== "guest")
				.map((w) =>
					h(
						"button.btn.full",
						{ type: "button", onclick: () => void way(w) },
						wayIcon(w),
						words.t("continue", { name: wayName(app.x, w) }),
					),
				),
			then.act === "vote" && all.some((w) => w.kind === "guest") && h("p.hint", {}, t.t("guests_vote")),
		);
		fill(dialog.body, [choices, panel, said]);
		dialog.body.closest("dialog")?.addEventListener("close", () => {
			if (!ok) posting?.stopSignIn();
			done(ok);
		});
		choices.querySelector("button")?.focus();
	});
}

const reasons = ["harassment", "spam", "private", "false", "off_topic", "other"] as const;
const explained = new Set<string>(["harassment", "private", "false"]);

/** report asks why, tells the moderators, and hides the comment for its reader. */
async function report(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const c = app.x.d.known.get(id);
	const back = () => acting.button(id, "menu") ?? button;
	if (!c?.author || !(await acting.signedIn({ act: "report", id }, back))) return;
	const dialog = openDialog(app.frame.el, back, {
		title: t.t("report_head"),
		hint: t.t("report_hint", { name: c.author.name }),
		close: t.t("close"),
	});
	const note = h("textarea.inp", { rows: 3, maxlength: 1000, dir: "auto" });
	const problemLine = h("p.err", { role: "alert", hidden: true });
	const option = (key: (typeof reasons)[number]) =>
		h(
			"label",
			{},
			h("input.chk", { type: "radio", name: "reason", value: key, required: true }),
			h("span", {}, t.t(`reason_${key}`), explained.has(key) && h("small", {}, t.t(`reason_${key}_more` as ToolKey))),
		);
	const send = h("button.btn.pri", { type: "submit" }, t.t("report_send"));
	const form = h(
		"form",
		{
			onsubmit: async (e: Event) => {
				e.preventDefault();
				if (send.hasAttribute("aria-disabled")) return; // on its way
				const reason = String(new FormData(form).get("reason") ?? "");
				send.setAttribute("aria-disabled", "true");
				try {
					await app.api.report(id, reason, note.value);
				} catch (e) {
					send.removeAttribute("aria-disabled");
					problemLine.textContent = problem(e)?.detail || t.t("failed");
					problemLine.hidden = false;
					return;
				}
				app.x.d.reported.add(id);
				app.x.d.opened.delete(id);
				app.list.update(id);
				fill(dialog.body, [
					h("p", { role: "status" }, t.t("report_thanks")),
					h(
						"div.acts",
						{},
						h("button.btn.ghost", { type: "button", onclick: () => dialog.close(() => unreport(app, id)) }, t.t("undo")),
						h("button.btn.pri", { type: "button", onclick: () => dialog.close() }, t.t("close")),
					),
				]);
				dialog.body.querySelector<HTMLElement>(".pri")?.focus();
			},
		},
		h("fieldset", {}, h("legend.sr", {}, t.t("reason")), h("div.opts", {}, ...reasons.map(option))),
		h("label.field", {}, h("span", {}, h("b", {}, t.t("note")), " ", h("span.muted", {}, t.t("optional"))), note),
		problemLine,
		h("div.acts", {}, h("button.btn.ghost", { type: "button", onclick: () => dialog.close() }, t.t("cancel")), send),
	);
	fill(dialog.body, [form]);
	form.querySelector<HTMLElement>("input")?.focus();
}

function unreport(app: App, id: string): void {
	app.x.d.reported.delete(id);
	app.x.d.opened.add(id);
	app.list.update(id);
}

/** standards shows the site's rules beside what is being read. */
export async function standards(app: App, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const dialog = openDialog(app.frame.el, button, { title: t.t("standards"), close: t.t("close") });
	fill(dialog.body, [h("p.muted", { role: "status" }, t.t("loading"))]);
	try {
		const s = await app.api.standards(app.x.words.lang);
		fill(dialog.body, [
			h("div.c-b.text", { dir: "auto", tabindex: 0 }, nodes(s.html)),
			s.updated_at && h("p.hint", {}, t.t("updated", { date: app.x.words.full(new Date(s.updated_at)) })),
			s.url && h("p", {}, h("a", { href: s.url, target: "_blank", rel: "noopener" }, t.t("standards_page"))),
		]);
	} catch {
		fill(dialog.body, [h("p", { role: "alert" }, t.t("failed"))]);
	}
}

/** history shows the texts that a comment had before. */
export async function history(app: App, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const dialog = openDialog(app.frame.el, button, { title: t.t("history"), close: t.t("close") });
	fill(dialog.body, [h("p.muted", { role: "status" }, t.t("loading"))]);
	try {
		const all = await app.api.revisions(id);
		const now = app.x.d.known.get(id);
		const when = (at: string) => h("time", { datetime: at }, app.x.words.full(new Date(at)));
		fill(dialog.body, [
			h(
				"ol.past",
				{ tabindex: 0, "aria-label": t.t("history") },
				now && h("li", {}, h("p.hint", {}, t.t("now_reads")), h("div.c-b", { dir: "auto" }, nodes(now.html))),
				...all.map((r) =>
					h(
						"li",
						{},
						h("p.hint", {}, t.t("until"), " ", when(r.replaced_at), r.public === false ? ` · ${t.t("not_public")}` : null),
						h("div.c-b", { dir: "auto" }, nodes(r.html)),
					),
				),
			),
		]);
	} catch {
		fill(dialog.body, [h("p", { role: "alert" }, t.t("failed"))]);
	}
}

/** account is the menu of who is signed in. */
export async function account(app: App, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	openMenu(app.frame.el, button, [
		{ icon: "user", label: t.t("account"), act: () => void open(`${app.base}/account`, "_blank", "noopener") },
		{ icon: "out", label: t.t("sign_out"), act: () => void app.acting?.signOut() },
	]);
}

/** others is the menu of the ways in that have no tab. */
export async function others(app: App, button: HTMLElement, ways: Way[], choose: (w: Way) => void): Promise<void> {
	await wordsOf(app);
	openMenu(
		app.frame.el,
		button,
		ways.map((w) => ({ node: wayIcon(w), label: wayName(app.x, w), act: () => choose(w) })),
	);
}

/** toolbar puts the formatting tools into el. */
export async function toolbar(app: App, box: Composer, el: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	makeToolbar(box, el, t);
}

/** preview shows a text as the server renders it. */
export async function preview(app: App, text: string, into: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	if (text.trim() === "") return fill(into, [h("p.muted", {}, t.t("nothing"))]);
	fill(into, [h("p.muted", { role: "status" }, t.t("loading"))]);
	try {
		fill(into, [nodes(await app.api.preview(text))]);
	} catch (e) {
		fill(into, [h("p.err", { role: "alert" }, problem(e)?.detail || t.t("failed"))]);
	}
}

/** warnings shows what a moderator asks of the writer, in his box: he goes on once he has said that he has read it. */
export async function warnings(app: App, box: Composer, into: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const { d } = app.x;
	const shown = [...d.warnings];
	const id = `w-${shown[0]?.id ?? ""}-${box.o.name}`;
	const why = h("p.err", { role: "alert", hidden: true });
	const yes = h("button.btn.pri", { type: "button" }, t.t("warned_yes"));
	const had = into.contains((into.getRootNode() as ShadowRoot).activeElement); // one more has come while they are read
	yes.addEventListener("click", async () => {
		try {
			for (const w of shown) await app.api.seen(w.id);
		} catch (e) {
			why.textContent = problem(e)?.detail || t.t("failed");
			why.hidden = false;
			return;
		}
		d.warnings = d.warnings.filter((w) => !shown.some((s) => s.id === w.id));
		app.acting?.posting.update();
		app.frame.say(t.t("warned_done"));
		box.focus();
	});
	fill(into, [
		h(
			"section",
			{ "aria-labelledby": id },
			h("h3", { id }, icon("alert", "s"), t.t("warned_head", { site: d.site?.name ?? "" })),
			...shown.map((w) => h("p.c-b", { dir: "auto" }, w.text)),
			h("p.hint", {}, t.t("warned_hint")),
			why,
			yes,
		),
	]);
	app.frame.say(t.t("warned_head", { site: d.site?.name ?? "" }));
	if (box.refused || had) yes.focus();
	box.refused = false;
}

/** quote offers to answer with what is selected in a comment. */
export async function quote(app: App, acting: Acting, s: Selection): Promise<void> {
	const t = await wordsOf(app);
	const body = s.anchorNode && element(s.anchorNode)?.closest(".c-b");
	const article = body?.closest("article.c");
	if (!body || !article || !s.focusNode || !body.contains(s.focusNode) || !canWrite(app.x)) return;
	const text = s.toString();
	const at = s.rangeCount > 0 ? s.getRangeAt(0).getBoundingClientRect() : body.getBoundingClientRect();
	const home = app.frame.el.getBoundingClientRect();
	for (const was of app.frame.el.querySelectorAll(".qr")) was.remove();
	const button = h(
		"button.btn.sm.qr",
		{
			type: "button",
			onpointerdown: (e: Event) => e.preventDefault(), // the selection stays
			onclick: () => {
				button.remove();
				acting.reply(article.id.replace(/^parley-/, ""), text);
			},
		},
		icon("reply", "flip"),
		t.t("quote_reply"),
	);
	button.style.insetBlockStart = `${at.bottom - home.top + 6}px`;
	app.frame.el.append(button);
	button.style.left = `max(0px, min(${at.left - home.left}px, 100% - ${button.offsetWidth}px))`;
	const gone = new AbortController();
	document.addEventListener(
		"selectionchange",
		() => {
			if (s.toString() === text) return;
			gone.abort();
			button.remove();
		},
		{ signal: gone.signal },
	);
}

const element = (n: Node): Element | null => (n instanceof Element ? n : n.parentElement);
