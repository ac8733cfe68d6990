import en from "../../../static/i18n/en/act.json";
import { Api, problem } from "./api/client.ts";
import type { Comment, Me } from "../shared/api/shapes.ts";
import type { Acting, Banned, Hearing, News } from "./acting.ts";
import type { App } from "./app.ts";
import type { Options } from "./options.ts";
import { Words } from "../shared/i18n/catalogue.ts";
import type { Posting } from "./posting.ts";
import type { Then } from "./view/signin.ts";
import { Landing } from "./landing.ts";
import { refused } from "./refused.ts";
import { Removing } from "./removing.ts";
import { remember } from "./remember.ts";
import { seenKey } from "./seen.ts";
import { choice, choose, SIGNED_IN } from "./state/draft.ts";
import { tally } from "./state/doing.ts";
import { Queue } from "./state/queue.ts";
import { overlay, signedOut, vote } from "./state/following.ts";
import css from "./style/act.css";
import type { Composer } from "./view/composer.ts";
import { canWrite, type Key, type Line } from "./view/context.ts";
import { paths } from "../shared/dom/h.ts";
import { keys, oneStop } from "./view/keys.ts";
import { name } from "./view/names.ts";
import { own } from "./view/own.ts";
import { Outgoing } from "./view/outgoing.ts";
import { drop } from "./view/placing.ts";
import { Toast } from "./view/toast.ts";

const OWN_MS = 15_000; // so long, events wait for the answer to a comment that is being posted

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
Object.assign(paths, {
	link: "M6.6 9.4a2.55 2.55 0 0 0 3.65 0l2.3-2.3a2.58 2.58 0 0 0-3.65-3.65l-.9.9M9.4 6.6a2.55 2.55 0 0 0-3.65 0l-2.3 2.3a2.58 2.58 0 0 0 3.65 3.65l.9-.9",
	alert: "M7.1 2.9 1.9 11.8c-.4.7.1 1.6.9 1.6h10.4c.8 0 1.3-.9.9-1.6L8.9 2.9a1.04 1.04 0 0 0-1.8 0zM8 6.25v3M8 11.3h.1",
});

/** act brings what a reader can do, once it is wanted. */
export async function act(app: App, root: ShadowRoot, hearing: Hearing, news: News): Promise<Acting> {
	app.reader = new Api(app.base, app.o.site, app.signal);
	app.x.words.add(en);
	const [m, ways] = await Promise.all([import("./posting.ts"), import("./ways.ts"), app.x.words.fetch(app.base, "act")]);
	root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheet, ways.sheet])]; // a site may get its first provider later
	return new Actions(
		app,
		root,
		hearing,
		news,
		m.posting(app, root, hearing, new Queue(`${app.o.site}:${app.o.thread}`), (sent, acts) => new Outgoing(app.x, sent, acts)),
	);
}

/** Actions is what the reader does to a discussion that shows. */
class Actions implements Acting {
	readonly toast: Toast;
	/** barredWhy is what stands in the composer's place where this page cannot write at all. */
	barredWhy = "";
	private skip: HTMLElement | null = null;
	private offer: HTMLElement | null = null; // to mark what will be new
	private asking: Promise<boolean> | null = null;
	/** asks is there while it is not known yet whether somebody is signed in. */
	asks: Promise<unknown> | null = null;
	private readonly removing: Removing;
	private readonly landing: Landing;
	private readonly casting = new Set<string>(); // comments whose vote is on its way

	constructor(
		private readonly app: App,
		readonly root: ShadowRoot,
		private readonly hearing: Hearing,
		readonly news: News,
		readonly posting: Posting,
	) {
		this.toast = new Toast(app.x);
		this.removing = new Removing(app, this);
		this.landing = new Landing(app, this);
		app.frame.el.append(this.toast.el);
		const { signal } = app;
		addEventListener("pagehide", () => this.posting.keep(), { signal });
		addEventListener("hashchange", () => this.hash(), { signal });
		addEventListener("storage", (e) => this.elsewhere(e), { signal });
		app.frame.list.addEventListener("pointerup", () => this.selected());
		app.frame.list.addEventListener("keyup", (e) => e.shiftKey && this.selected());
	}

	async start(): Promise<void> {
		this.offer = remember(this.app, this.toast);
		this.reachable();
		this.app.place();
		if (this.posting.returning) {
			const then = await this.posting.resume();
			if (then) await this.resume(then);
		} else if (this.app.o.sso || choice(SIGNED_IN) || this.app.base === location.origin) { // on our own pages the account is known; storage may be shut in a frame
			this.asks = this.who();
			await this.asks;
			this.asks = null;
		}
		this.posting.sending.resend();
		if (!(await this.landing.comeBack())) this.hash();
	}

	/** who finds out whether somebody is signed in. */
	private async who(): Promise<void> {
		const { o, base } = this.app;
		if (!(o.sso && (await this.sso(o.sso))) && (choice(SIGNED_IN) || base === location.origin)) await this.me();
	}

	/** reachable gives the comments their names and their keys. */
	private reachable(): void {
		const { x, list, frame } = this.app;
		x.reach = (v, c) => {
			name(x, v.article, c);
			oneStop(v.article);
		};
		x.own = (v, c) => own(x, v, c);
		list.updateAll();
		this.skip = keys(x, frame.list, frame.foot, { write: () => this.posting.focus(), reply: (id) => this.reply(id), help: (at) => this.tools((t) => t.keysHelp(this.app, at)) });
		this.skip.textContent = x.words.t("skip");
	}

	/** tools brings the menus and dialogs. */
	private tools(use: (t: typeof import("./tools.ts")) => unknown): void {
		import("./tools.ts").then(use).catch((e: unknown) => this.showError(e, () => this.tools(use)));
	}

	/** bell brings the bell, and the ways to follow. */
	private bell(use: (b: typeof import("./bell.ts")) => unknown, failed: (e: unknown) => void = () => {}): void {
		import("./bell.ts").then(use).catch(failed);
	}

	/** reloaded takes over a list that has been drawn anew. */
	async reloaded(): Promise<void> {
		if (this.app.x.d.user) await this.me();
	}

	/** me asks for what is the reader's own, and shows it; null where there is no answer. */
	async me(): Promise<boolean | null> {
		const { x, api, o, list } = this.app;
		const waited = [...x.d.pending];
		let me: Me;
		try {
			me = await api.me(o.thread);
		} catch {
			return null; // they stay who they were
		}
		overlay(x.d, me);
		this.hearing.own();
		choose(SIGNED_IN, x.d.user?.id ?? "");
		if (x.d.user) this.offer?.remove();
		if (x.d.user && !choice(seenKey(this.app))) choose(seenKey(this.app), JSON.stringify({ last: Date.now() }));
		if (x.d.user) this.posting.own(x.d.user.id);
		for (const c of x.d.pending) this.show(c, []);
		const decided = waited.filter((c) => !x.d.pending.some((p) => p.id === c.id) && x.d.known.get(c.id)?.status === "pending");
		await Promise.all(decided.map((c) => this.news.refresh(c.id)));
		const removed = me.removed ?? [];
		if (removed.length || this.app.frame.el.querySelector(".rm")) this.tools((t) => t.removed(this.app, removed));
		this.posting.update();
		list.updateAll();
		this.app.update();
		this.bell((b) => b.bell(this.app, this));
		return x.d.user !== null;
	}

	/** forget drops the session on this side: it has ended on the other. What was written stays in sight, unless its writer has left. */
	forget(left = false): void {
		const { x, api, list, frame } = this.app;
		choose(SIGNED_IN, "");
		api.bearer = "";
		for (const c of [...x.d.pending]) drop(list, c.id);
		for (const note of frame.el.querySelectorAll(".rm")) note.remove();
		signedOut(x.d);
		this.bell((b) => b.bell(this.app, this));
		if (left) this.posting.own("");
		this.posting.update();
		list.updateAll();
		this.app.update();
	}

	/** sso signs in by the page's own token, without a window and without a word. A token that was used before leaves the session that it made. */
	async sso(token: string): Promise<boolean> {
		const { app } = this;
		try {
			const got = await app.api.sso(token);
			await this.me();
			if (!app.x.d.user) {
				app.api.bearer = got.bearer;
				await this.me();
			}
			app.emit("sign-in", { name: got.user.name });
			return true;
		} catch {
			return false;
		}
	}

	/** signOut ends the session, in the whole browser. */
	async signOut(): Promise<void> {
		const { app } = this;
		try {
			await app.api.logout();
		} catch (e) {
			return this.showError(e, () => void this.signOut());
		}
		this.forget(true);
		app.frame.say(app.x.words.t("signed_out"));
		app.emit("sign-out", {});
		this.posting.focus();
	}

	/** elsewhere follows who signs in and out in other tabs of this browser, and what is posted there: that is no draft here any more. */
	private elsewhere(e: StorageEvent): void {
		const now = this.app.x.d.user?.id ?? "";
		if (!e.newValue) this.posting.each((c) => e.key === this.app.x.drafts.key(c.o.name) && e.oldValue === c.area.value && c.load());
		if (e.key !== `parley:${SIGNED_IN}` || (e.newValue ?? "") === now) return;
		if (!e.newValue) this.forget(true);
		void this.me();
	}

	/** adopt takes over what the page has changed in its attributes, and keeps everything that is being written. */
	async adopt(o: Omit<Options, "sort" | "view">): Promise<void> {
		const { app } = this;
		const { x } = app;
		const was = { ...app.o };
		Object.assign(app.o, o);
		x.readOnly = o.readOnly || this.barredWhy !== "";
		x.maxDepth = o.maxDepth || (x.d.site?.max_depth ?? 6);
		if (o.lang !== was.lang) {
			const words = new Words<Key>(x.words.en, o.lang);
			for (const part of ["read", "rest", "news", "act"]) await words.fetch(app.base, part);
			x.words = words;
			app.frame.speak();
			this.hearing.resting.speak();
			this.news.speak();
			if (this.skip) this.skip.textContent = words.t("skip");
			this.posting.speak();
		}
		if (o.live !== was.live) this.hearing.follow(o.live);
		if (o.sso && o.sso !== was.sso) void this.sso(o.sso);
		if (o.pageSize !== was.pageSize) await app.reload();
		else if (o.lang !== was.lang || o.readOnly !== was.readOnly || o.maxDepth !== was.maxDepth) app.draw();
	}

	/** barred finds out, after something got no answer, whether the page's address is not on the site's list. Then nothing here works, and the widget says so to whoever can change it. */
	barred(): Promise<boolean> {
		this.asking ??= this.askOrigin().finally(() => {
			this.asking = null;
		});
		return this.asking;
	}

	private async askOrigin(): Promise<boolean> {
		const { app } = this;
		const { x } = app;
		if (this.barredWhy) return true;
		if (new URL(app.base, location.href).origin === location.origin) return false; // our own document
		const got = await app.api.origin().catch(() => null);
		if (!got || got.allowed || app.signal.aborted) return false;
		this.barredWhy = x.words.t("barred", { origin: got.origin, site: x.d.site?.name ?? "" });
		x.readOnly = true;
		this.posting.stopSignIn();
		this.hearing.follow(false);
		app.draw();
		return true;
	}

	landed(): Promise<unknown> {
		return Promise.race([Promise.allSettled(this.posting.sending.flying), new Promise((go) => setTimeout(go, OWN_MS))]);
	}

	show(c: Comment, ancestors: Comment[]): void {
		this.news.show(c, ancestors);
	}

	search(): Promise<void> {
		return this.news.search();
	}

	showNew(): Promise<void> {
		return this.news.showNew();
	}

	more(): Promise<void> {
		return this.news.more();
	}

	moreReplies(id: string): Promise<void> {
		return this.news.moreReplies(id);
	}

	goTo(id: string): Promise<void> {
		return this.landing.goTo(id);
	}

	hash(): void {
		this.landing.hash();
	}

	remove(id: string): Promise<boolean> {
		return this.removing.remove(id);
	}

	reject(id: string): Promise<boolean> {
		return this.removing.reject(id);
	}

	dropped(id: string): void {
		this.news.dropped(id);
	}

	undo(id: string): void {
		this.removing.undo(id);
	}

	/** showError tells that something did not work, and why; again tries it once more, where that may help. */
	showError(e?: unknown, again?: () => void, what: Key = "failed"): void {
		const { words } = this.app.x;
		const p = problem(e);
		if (p?.status === 0) void this.barred().then((yes) => yes && this.toast.show("alert", this.barredWhy));
		if (p?.code === "banned") {
			this.banned(p.body, (what) => this.toast.show("alert", what)); // as the box says it
			return;
		}
		const helps = !p || p.status === 0 || p.status === 401 || p.status === 429 || p.status >= 500;
		const why = p?.status === 401 ? words.t("signed_out") : p?.detail || (p ? words.t("no_answer") : "");
		this.toast.show("alert", `${words.t(what)} ${why}`.trim(), !!again && helps && { label: words.t("retry"), act: again });
	}

	/** share hands the link to the system's sheet, or copies it. */
	async share(id: string): Promise<void> {
		const { x } = this.app;
		const url = new URL(x.permalink(id), location.href).href;
		if (matchMedia("(pointer: coarse)").matches && navigator.share) {
			await navigator.share({ url }).catch(() => {});
			return;
		}
		try {
			await navigator.clipboard.writeText(url);
			this.toast.show("link", x.words.t("link_copied"));
		} catch {
			x.home.go(id); // there to be copied
			this.toast.show("link", x.words.t("link_shown"));
		}
	}

	/** signedIn makes sure of a session first: the reader chooses a way, and back is where the focus goes then. */
	async signedIn(then: Then, back: () => HTMLElement | null | undefined): Promise<boolean> {
		if (this.app.x.d.user) return true;
		if (this.barredWhy) {
			this.toast.show("alert", this.barredWhy);
			return false;
		}
		try {
			return await (await import("./tools.ts")).signInFirst(this.app, then, back);
		} catch (e) {
			this.showError(e);
			return false;
		}
	}

	/** button is one of a comment's buttons as it is drawn now, or the comment, where it is folded and has none. */
	button(id: string, name: string): HTMLElement | undefined {
		const article = this.app.list.get(id)?.article;
		return article?.querySelector<HTMLElement>(`[data-act="${name}"]`) ?? article;
	}

	vote(id: string, value: number): void {
		if (this.app.x.d.user) void this.cast(id, value);
		else void this.voteFirst(id, value);
	}

	private async voteFirst(id: string, value: number): Promise<void> {
		const { d, words } = this.app.x;
		if (!(await this.signedIn({ act: "vote", id, value }, () => this.button(id, value < 0 ? "down" : "up")))) return;
		if (d.mine.has(id)) return; // nobody votes on their own
		if (d.votes.get(id) === value || (await this.cast(id, value))) this.toast.show("check", words.t("signed_vote"));
	}

	/** resume finishes what the reader had begun before the whole page went away to sign in. */
	private async resume(then: Then): Promise<void> {
		const { id } = then;
		if (id) await this.goTo(id).catch(() => {});
		if (then.act === "vote" && id) {
			await this.voteFirst(id, then.value ?? 1);
			this.button(id, then.value === -1 ? "down" : "up")?.focus();
		} else if (then.act === "react") {
			const { name = "" } = then;
			this.tools((t) => t.react(this.app, this, id ?? "", name));
		} else if (then.act === "follow") void this.followThread(true);
		else if (id) this.button(id, "menu")?.click();
	}

	unreport(id: string): void {
		this.app.api.unreport(id).catch((e: unknown) => this.showError(e, () => this.unreport(id)));
	}

	private async cast(id: string, value: number): Promise<boolean> {
		const { x, api, list } = this.app;
		const before = x.d.votes.get(id) ?? 0;
		if (this.casting.has(id)) return false;
		this.casting.add(id);
		vote(x.d, id, value);
		list.update(id);
		try {
			const got = await api.vote(id, value);
			tally(x.d, id, got.up, got.down);
			this.app.emit("vote", { id, value });
			return true;
		} catch (e) {
			vote(x.d, id, before);
			if (problem(e)?.status === 401) this.forget();
			this.showError(e, () => this.vote(id, value), "vote_failed");
			return false;
		} finally {
			this.casting.delete(id);
			list.update(id);
		}
	}

	reply(id: string, quote = ""): void {
		this.posting.reply(id, quote);
	}

	edit(id: string): void {
		void this.posting.edit(id);
	}

	refuse(box: Composer, e: unknown, guest = ""): void {
		refused(this.app, box, e, guest);
	}

	banned(body: Banned, tell: (what: string) => void): void {
		this.tools((t) => t.banned(this.app, body).then(tell));
	}

	standards(button: HTMLElement): void {
		this.tools((t) => t.standards(this.app, button));
	}

	/** press waits where it depends on who presses; a menu does not open any more where the reader has gone on to write. */
	async press(what: string, id: string, button: HTMLElement, late = false): Promise<void> {
		if (late && /^(menu|history|person)$/.test(what) && this.left) return;
		if (this.asks && /^(up|down|menu|react)$/.test(what)) await this.asks;
		const at = button.isConnected ? button : (this.button(id, what) ?? button); // drawn anew since
		const acts: Record<string, () => unknown> = {
			up: () => this.toggle(id, 1),
			down: () => this.toggle(id, -1),
			reply: () => this.posting.reply(id, "", late),
			edit: () => this.edit(id),
			withdraw: () => this.remove(id),
			undo: () => this.undo(id),
			unreport: () => this.unreport(id),
			share: () => this.share(id),
			menu: () => this.tools((t) => t.commentMenu(this.app, this, id, at)),
			react: () => this.tools((t) => t.react(this.app, this, id, at.dataset["name"] ?? "")),
			reactions: () => this.tools((t) => t.reactionMenu(this.app, this, id, at)),
			person: () => this.tools((t) => t.person(this.app, this, id, at)),
			history: () => this.tools((t) => t.history(this.app, id, at)),
		};
		acts[what]?.();
	}

	/** left tells whether the reader is in a field, or outside of the widget. */
	private get left(): boolean {
		const out = document.activeElement;
		return !!this.root.activeElement?.matches("textarea, input, select") || (out !== this.app.host && out !== document.body);
	}

	/** toggle votes, or takes the same vote back; nobody votes on their own. */
	private toggle(id: string, value: number): void {
		const { d } = this.app.x;
		if (!d.mine.has(id)) this.vote(id, d.votes.get(id) === value ? 0 : value);
	}

	follow(): void {
		void this.news.once(this.app.frame.follow, async () => {
			await this.asks;
			if (this.app.x.d.user && this.app.x.d.following) this.followMenu();
			else await this.followThread();
		});
	}

	/** followMenu is how the reader hears of it. */
	followMenu(): void {
		import("./told.ts").then((m) => m.followMenu(this.app, this.app.frame.follow)).catch((e: unknown) => this.showError(e, () => this.followMenu()));
	}

	/** followThread asks to hear of this thread, or no longer; without want it is the other of what it was. */
	private followThread(want?: boolean): Promise<void> {
		return import("./tools.ts").then(
			(t) => t.followThread(this.app, this, want),
			(e: unknown) => this.showError(e, () => this.follow()),
		);
	}

	changed(c: Comment): void {
		this.news.changed(c);
	}

	retryLive(): void {
		this.hearing.now();
	}

	peek(line: Line): void {
		this.news.peek(line);
	}

	unpeek(line: Line): void {
		this.news.unpeek(line);
	}

	/** selected offers to quote what the reader has marked in a comment. */
	private selected(): void {
		const root = this.root as ShadowRoot & { getSelection?: () => Selection | null };
		const s = root.getSelection?.() ?? document.getSelection();
		if (!s || s.isCollapsed || !canWrite(this.app.x) || !s.toString().trim()) return;
		this.tools((t) => t.quote(this.app, this, s));
	}
}
