import { problem } from "./api/reader.ts";
import type { Comment, User } from "../shared/api/shapes.ts";
import type { Aside, Banned, Hearing } from "./acting.ts";
import type { App } from "./app.ts";
import { type Boxes, Sending, type Shows } from "./sending.ts";
import type { Queue } from "./state/queue.ts";
import css from "./style/composer.css";
import { Composer, type ComposerOptions, type Written } from "./view/composer.ts";
import { fill, h } from "../shared/dom/h.ts";
import { resume, returning, signIn, type Then } from "./view/signin.ts";
import type { Resting } from "./view/resting.ts";
import { methodsOf } from "./view/sign-in-methods.ts";

const ROOT = "root";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** posting brings the composer and everything that is sent. */
export function posting(app: App, root: ShadowRoot, { resting, boxes }: Hearing, queue: Queue, shows: Shows): Posting {
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	return new Posting(app, resting, boxes, queue, shows);
}

/** Posting is everything the reader writes: new comments, answers, edits. */
export class Posting implements Boxes {
	private root: Composer | null = null;
	private readonly open = new Map<string, Composer>(); // answers and edits, by comment
	private told = false; // of a ban
	readonly sending: Sending;
	/** held are boxes whose comments are not on the page. */
	private readonly held = h("div.held");
	private signingIn: AbortController | null = null;
	private shut = false; // the boxes that are open say that nothing can be sent

	constructor(
		private readonly app: App,
		private readonly resting: Resting,
		private readonly boxes: Map<string, Resting>,
		queue: Queue,
		shows: Shows,
	) {
		this.sending = new Sending(app, queue, shows, this);
		app.signal.addEventListener("abort", () => this.each((c) => c.end()));
	}

	/** show puts the composer where it belongs, once. */
	show(): void {
		if (!this.root) this.root = this.composer({ name: ROOT, kind: "root", rest: this.resting });
		if (!this.root.el.isConnected) fill(this.app.frame.composer, [this.root.el]);
		this.root.tell("");
		if (this.shut) {
			this.shut = false;
			this.each((c) => c.tell(""));
			for (const id of this.open.keys()) {
				const c = this.app.x.d.known.get(id);
				if (c?.author === null) this.parentChanged(c);
			}
		}
		this.update();
	}

	/** closed takes the composer away, and says why; what is written stays, and is not sent. */
	closed(): void {
		const { frame, x, acting } = this.app;
		const { root } = this;
		const why = acting?.barredWhy || x.words.t(x.readOnly ? "read_only_kept" : "closed_now");
		this.shut = true;
		this.each((c) => c.tell(why, true));
		if (root && !root.isEmpty) {
			if (!root.el.isConnected) fill(frame.composer, [root.el]);
		} else if (acting?.barredWhy) fill(frame.composer, [h("p.closed", { role: "status" }, acting.barredWhy)]);
		else frame.closed();
	}

	private composer(o: Partial<ComposerOptions> & Pick<ComposerOptions, "name" | "kind">): Composer {
		const { app } = this;
		const tools = () => import("./tools.ts");
		const lost = (e: unknown) => app.acting?.showError(e);
		const c = new Composer(app.x, {
			to: "",
			text: "",
			send: (w) => this.send(c, null, w),
			cancel: () => {},
			signIn: (way) => void this.signInToPost(c, way),
			asks: () => app.acting?.asks ?? null,
			stopSignIn: () => this.stopSignIn(),
			outside: (box, el) => void tools().then((t) => t.outside(app, box, el), lost),
			account: (b) => void tools().then((t) => t.account(app, b), lost),
			others: (b, ways, choose) => void tools().then((t) => t.others(app, b, ways, choose), lost),
			tools: (box, el) =>
				void import("./typing.ts").then(
					(t) => t.toolbar(app, box, el),
					() => {},
				),
			typing: () => import("./typing.ts").then((t) => {
					t.begin(app, c);
					return t;
				}),
			preview: (text, into) => void tools().then((t) => t.preview(app, text, into), lost),
			standards: (b) => app.acting?.standards(b),
			warn: (box, el) => void tools().then((t) => t.warnings(app, box, el), lost),
			...o,
		});
		if (app.x.d.ban) this.tellBan(c, app.x.d.ban);
		return c;
	}

	/** each does something with every box. */
	each(f: (c: Composer) => void): void {
		if (this.root) f(this.root);
		for (const c of this.open.values()) f(c);
	}

	update(): void {
		this.each((c) => c.update());
		const { ban } = this.app.x.d;
		if (ban) this.each((c) => this.tellBan(c, ban));
		else if (this.told) this.each((c) => c.tell(""));
		this.told = ban !== null;
	}

	/** tellBan says why nothing can be written here before somebody has written it. */
	private tellBan(box: Composer, ban: Banned): void {
		this.app.acting?.banned(ban, (what) => box.tell(what, true));
	}

	keep(): void {
		this.each((c) => c.keep());
	}

	/** showHeldReason follows the hour. */
	showHeldReason(): void {
		this.each((c) => c.showHeldReason());
	}

	say(text: string): void {
		(this.last() ?? this.root)?.say(text);
	}

	private last(): Composer | undefined {
		return [...this.open.values()].at(-1);
	}

	focus(): void {
		(this.last() ?? this.root)?.focus();
	}

	/** signIn opens the window of a way in; without one, of the first. It must be called in a click. */
	signIn(way?: string, o: Aside = {}): Promise<boolean> {
		const { app } = this;
		const ways = methodsOf(app.x.d.site);
		const w = ways.find((x) => x.id === way) ?? ways.find((x) => x.kind !== "guest");
		void app.acting?.barred(); // while the window opens: it cannot say so itself
		return this.session(
			(signal) =>
				app.panel && w?.kind === "site"
					? app.panel(signal, o.slot)
					: signIn(app.api, w?.id ?? "site", signal, {
							kept: this.written,
							next: o.next,
							closed: o.closed ?? ((sure) => this.each((c) => c.waitForWindow(sure ? "closed" : "perhaps"))),
						}),
			o,
		);
	}

	/** signInToPost signs in, and posts what is in the box: pressing once is enough. */
	private async signInToPost(box: Composer, way: string): Promise<void> {
		const text = box.area.value;
		if (!box.ready) return void this.signIn(way);
		if (await this.signIn(way, { next: { act: "post", id: box.o.name } })) this.postAfter(box, text);
	}

	/** postAfter posts a text whose writer has just signed in, unless it has become another one by that: an earlier draft of theirs came to it. */
	private postAfter(box: Composer, text: string): void {
		if (box.ready && box.area.value === text) box.submit();
	}

	/** written says whether there is a text in any box. */
	private get written(): boolean {
		return [this.root, ...this.open.values()].some((c) => c && !c.isEmpty);
	}

	/** stopSignIn no longer waits for the window. */
	stopSignIn(): void {
		this.signingIn?.abort();
	}

	/** returning says whether the page has come back from a sign-in that resume ends. */
	get returning(): boolean {
		return returning();
	}

	/** resume ends such a sign-in; it gives what the reader had begun before. */
	async resume(): Promise<Then | null> {
		let then: Then | null = null;
		let box: Composer | undefined;
		let text = "";
		const ok = await this.session((signal) =>
			resume(this.app.api, signal, (t) => {
				if (t.act !== "post") {
					then = t;
					return;
				}
				if (t.id !== ROOT) this.reply(t.id);
				box = t.id === ROOT ? (this.root ?? undefined) : this.open.get(t.id);
				text = box?.area.value ?? "";
			}),
		);
		if (ok && box) this.postAfter(box, text);
		return ok ? then : null;
	}

	private async session(get: (signal: AbortSignal) => Promise<User | null>, o: Aside = {}): Promise<boolean> {
		const { app } = this;
		const { words } = app.x;
		this.signingIn?.abort();
		const run = new AbortController();
		this.signingIn = run;
		app.signal.addEventListener("abort", () => run.abort(), { signal: run.signal });
		this.each((c) => c.waitForWindow("open"));
		try {
			// A claim that hangs at the server is not waited for once the reader has cancelled.
			const stopped = new Promise<null>((stop) => run.signal.addEventListener("abort", () => stop(null)));
			const user = await Promise.race([get(run.signal), stopped]);
			if (!user) return false;
			await app.acting?.me();
			app.frame.say(words.t("signed_in", { name: user.name }) + (app.api.bearer ? `. ${words.t("signin_cookie")}` : ""));
			app.emit("sign-in", { name: user.name });
			if (!o.say) this.focus();
			return true;
		} catch (e) {
			if (!run.signal.aborted)
				(o.say ?? this.say.bind(this))(words.t(problem(e)?.code === "popup_blocked" ? "popup_blocked" : "signin_failed"));
			return false;
		} finally {
			if (this.signingIn === run) {
				this.signingIn = null;
				this.each((c) => c.waitForWindow(""));
			}
		}
	}

	/** reply opens a box right under the comment it answers, with a quotation if there is one. late: one stands there at rest, and the reader may be elsewhere by now. */
	reply(id: string, quote = "", late = false): void {
		const view = this.app.list.get(id);
		const c = this.app.x.d.known.get(id);
		let box = this.open.get(id);
		if (!box && (!view || !c)) return;
		const rest = this.boxes.get(id);
		if (box?.o.kind !== "reply") {
			this.boxes.delete(id);
			const made = this.composer({
				name: id,
				kind: "reply",
				to: c?.author?.name ?? "",
				...(rest ? { rest } : {}),
				send: (w) => this.send(made, id, w),
				cancel: (kept) => this.close(id, "reply", kept),
			});
			box = made;
			this.put(id, box);
		}
		if (quote) box.put(`${quote.trim().replace(/^/gm, "> ")}\n\n`);
		if (!late) box.focus();
	}

	/** edit opens a comment's source in its place. */
	async edit(id: string): Promise<void> {
		const { app } = this;
		const view = app.list.get(id);
		if (!view) return;
		let text: string;
		try {
			text = app.x.d.known.get(id)?.body ?? (await app.api.source(id));
		} catch (e) {
			return app.acting?.showError(e, () => void this.edit(id));
		}
		if (this.open.get(id)?.o.kind === "edit") return this.open.get(id)?.focus();
		const box = this.composer({
			name: `edit-${id}`,
			kind: "edit",
			text,
			send: (w) => void this.save(box, id, w),
			cancel: (kept) => this.close(id, "menu", kept),
		});
		this.put(id, box);
		box.focus();
	}

	/** put opens a box under a comment. Another one that stands there gives way; its text is kept. */
	private put(id: string, box: Composer): void {
		const was = this.open.get(id);
		was?.keep();
		was?.end();
		was?.el.remove();
		this.open.set(id, box);
		this.rehold();
	}

	private async save(box: Composer, id: string, w: Written): Promise<void> {
		const { app } = this;
		try {
			await (await import("./tools.ts")).save(app, box, id, w, () => this.open.get(id), () => this.close(id, "menu"));
		} catch (e) {
			app.acting?.refuse(box, e);
		}
	}

	private close(id: string, back: string, kept = false): void {
		const box = this.open.get(id);
		box?.end();
		box?.el.remove();
		this.open.delete(id);
		this.rehold();
		if (kept) this.app.acting?.toast.show("check", this.app.x.words.t("draft"));
		const view = this.app.list.get(id);
		if (!view) {
			this.app.frame.focus();
			return;
		}
		const { d } = this.app.x;
		if (d.known.get(id)?.author === null && !d.kids.get(id)?.length) {
			this.app.acting?.dropped(id); // it stayed for the text alone
			this.app.frame.focus();
			return;
		}
		(view.article.querySelector<HTMLElement>(`[data-act="${back}"]`) ?? view.article).focus();
	}

	/** holds tells whether there is text in a box under a comment. */
	holds(id: string): boolean {
		return this.open.get(id)?.isEmpty === false;
	}

	/** parentChanged warns who is writing an answer to a comment that changed or went. */
	parentChanged(c: Comment): void {
		const box = this.open.get(c.id);
		if (box?.o.kind !== "reply") return;
		const { words } = this.app.x;
		if (c.author === null) box.tell(words.t("parent_gone"), true);
		else box.tell(words.t("parent_edited", { name: c.author.name }));
	}

	/** send hands a text on, unless the page keeps it. */
	private send(box: Composer, parent: string | null, w: Written): void {
		const { app } = this;
		if (!app.emit("before-submit", { body: w.body, parent_id: parent }, true)) return;
		this.sending.send(parent, w);
		box.clear();
		if (parent) this.close(parent, "reply");
	}

	/**
	 * own gives the boxes to who is signed in now, "" for nobody. What was
	 * written before signing in goes with them; another's words are kept for
	 * that other and leave the page.
	 */
	own(user: string): void {
		const { drafts } = this.app.x;
		if (drafts.owner !== user) {
			const before = drafts.owner === "";
			for (const [id, c] of [...this.open]) {
				if (before) continue;
				c.keep();
				c.end();
				c.el.remove();
				this.open.delete(id);
			}
			this.each((c) => {
				const text = before ? c.area.value : "";
				c.keep();
				if (text) drafts.set(c.o.name, ""); // it goes with them; an empty box takes away nothing that another tab keeps
				drafts.owner = user;
				c.load();
				if (text && text !== c.o.text) c.put(text);
				drafts.owner = before ? "" : drafts.owner;
			});
			drafts.owner = user;
			this.rehold();
		}
		this.sending.own(user);
	}

	/** focused remembers where in a box the cursor is; what it gives puts it back there. */
	focused(): () => void {
		const at = this.app.acting?.root.activeElement;
		if (!(at instanceof HTMLElement) || ![this.root, ...this.open.values()].some((c) => c?.el.contains(at))) return () => {};
		const { selectionStart: from = 0, selectionEnd: to = 0 } = at instanceof HTMLTextAreaElement ? at : {};
		return () => {
			if (!at.isConnected || this.app.acting?.root.activeElement === at) return;
			at.focus({ preventScroll: true });
			if (at instanceof HTMLTextAreaElement) at.setSelectionRange(from, to);
		};
	}

	/** rehold puts what is on its way and every open box where it belongs now: under its comment, or above the list if that is not there. */
	rehold(): void {
		const { app } = this;
		const { frame } = app;
		this.sending.rehold();
		const back = this.focused();
		for (const [id, box] of this.open) {
			const view = app.list.el.isConnected ? app.list.get(id) : undefined;
			if (view ? box.el.parentNode === view.slot : box.el.parentElement?.dataset["of"] === id) continue;
			if (view) fill(view.slot, [box.el]);
			else {
				const go = h("button.lk", { type: "button", onclick: () => void app.acting?.goTo(id) }, app.x.words.t("go_to"));
				this.held.append(h("div", { "data-of": id }, go, box.el));
			}
		}
		for (const el of [...this.held.children]) if (!el.querySelector("form")) el.remove();
		if (!this.held.isConnected) frame.list.before(this.held);
		back();
	}

	/** speak says everything anew, in another language. */
	speak(): void {
		this.each((c) => c.speak());
	}

	/** back is the box that a text goes back to. */
	back(parent: string | null): Composer | null {
		if (!parent) return this.root;
		this.reply(parent);
		return this.open.get(parent) ?? this.root;
	}
}
