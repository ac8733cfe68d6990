import en from "../../../static/i18n/en/act.json";
import { Api, problem } from "./api/client.ts";
import type { Comment, Me } from "../shared/api/shapes.ts";
import type { Acting, Banned } from "./acting.ts";
import type { App } from "./app.ts";
import { counted } from "./counters.ts";
import type { Options } from "./options.ts";
import type { Following } from "./following.ts";
import { Words } from "../shared/i18n/catalogue.ts";
import type { Posting } from "./posting.ts";
import type { Then } from "./view/signin.ts";
import { fit } from "./fit.ts";
import { behind } from "./scheme-behind.ts";
import { follow } from "./scheme-follow.ts";
import { choice, choose } from "./state/draft.ts";
import { addPage, isShown } from "./state/discussion.ts";
import { mark, replace, restore, tally, unwait, withdraw } from "./state/doing.ts";
import { Queue } from "./state/queue.ts";
import { addReplies, overlay, place, signedOut, vote } from "./state/following.ts";
import css from "./style/act.css";
import { canWrite, type Key, type Line } from "./view/context.ts";
import { fill, paths } from "../shared/dom/h.ts";
import { keys, oneStop, typed } from "./view/keys.ts";
import { name } from "./view/names.ts";
import { Outgoing } from "./view/outgoing.ts";
import { drop, placeAll } from "./view/placing.ts";
import { Status } from "./view/status.ts";
import { Toast } from "./view/toast.ts";

/** dress keeps the widget in the looks and the width that fit the page. */
export function dress(app: App): void {
	if (!app.ground) app.layers = behind;
	follow(
		app.host,
		() => {
			fit(app.host);
			app.paint();
		},
		app.signal,
	);
}

const SIGNED_IN = "signed-in"; // remembered so that a mere reader causes no private call
const FETCH_AT_ONCE = 30; // more new comments than this are shown by loading the page
const PAGE_MAX = 100; // comments in one answer
const UNDO_MS = 10_000;
const OWN_MS = 15_000; // so long, events wait for the answer to a comment that is being posted

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
Object.assign(paths, {
	off: "m2.25 2.25 11.5 11.5M1.75 6.3A9.4 9.4 0 0 1 5 4.25M8 3.5c2.5 0 4.7 1 6.25 2.8M4.1 9a6 6 0 0 1 2.8-1.65M10 7.75c.7.3 1.35.73 1.9 1.25M8 12.1h.1",
	link: "M6.6 9.4a2.55 2.55 0 0 0 3.65 0l2.3-2.3a2.58 2.58 0 0 0-3.65-3.65l-.9.9M9.4 6.6a2.55 2.55 0 0 0-3.65 0l-2.3 2.3a2.58 2.58 0 0 0 3.65 3.65l.9-.9",
	alert: "M7.1 2.9 1.9 11.8c-.4.7.1 1.6.9 1.6h10.4c.8 0 1.3-.9.9-1.6L8.9 2.9a1.04 1.04 0 0 0-1.8 0zM8 6.25v3M8 11.3h.1",
});

/** act brings what a reader can do, once the comments show. */
export async function act(app: App, root: ShadowRoot): Promise<Acting> {
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	app.reader = new Api(app.base, app.o.site, app.signal);
	app.x.words.add(en);
	const [m] = await Promise.all([import("./posting.ts"), app.x.words.fetch(app.base, "act")]);
	return new Actions(
		app,
		root,
		m.posting(app, root, new Queue(`${app.o.site}:${app.o.thread}`), (sent, acts) => new Outgoing(app.x, sent, acts)),
	);
}

/** Actions is what the reader does to a discussion that shows. */
class Actions implements Acting {
	readonly status: Status;
	readonly toast: Toast;
	private following: Following | null = null;
	/** barredWhy is what stands in the composer's place where this page cannot write at all. */
	barredWhy = "";
	private skip: HTMLElement | null = null;
	private asking: Promise<boolean> | null = null;
	private readonly casting = new Set<string>(); // comments whose vote is on its way
	private readonly ends = new Map<string, number>(); // timers that end the offer to undo, by comment
	private readonly decisions = new Map<string, string>(); // what takes a moderator's act of a moment ago back, by comment

	constructor(
		private readonly app: App,
		readonly root: ShadowRoot,
		readonly posting: Posting,
	) {
		this.status = new Status(app.x, app.frame);
		this.toast = new Toast(app.x);
		app.frame.el.append(this.toast.el);
		const { signal } = app;
		addEventListener("online", () => app.update(), { signal });
		addEventListener("offline", () => app.update(), { signal });
		addEventListener("pagehide", () => this.posting.keep(), { signal });
		addEventListener("hashchange", () => this.hash(), { signal });
		addEventListener("click", (e) => this.leave(e), { signal, capture: true });
		addEventListener("storage", (e) => this.elsewhere(e), { signal });
		const count = () => counted(app.o.site, app.o.thread, app.x.d.thread?.comment_count ?? 0);
		app.host.addEventListener("parley:count", count, { signal });
		count();
		typed(app.frame.el);
		app.frame.list.addEventListener("pointerup", () => this.selected());
		app.frame.list.addEventListener("keyup", (e) => e.shiftKey && this.selected());
	}

	async start(): Promise<void> {
		this.reachable();
		if (canWrite(this.app.x)) this.posting.show();
		if (this.posting.returning) {
			const then = await this.posting.resume();
			if (then) await this.resume(then);
		} else if (!(this.app.o.sso && (await this.sso(this.app.o.sso))) && (choice(SIGNED_IN) || this.app.base === location.origin)) await this.me(); // on our own pages the account is known; storage may be shut in a frame
		this.posting.resend();
		if (!(await this.comeBack())) this.hash();
		void this.follow_();
	}

	/** leave notes where in the list a reader stands who follows a link. The page's history keeps it: a mere reader has nothing stored. */
	private leave(e: Event): void {
		const { x, list, o } = this.app;
		if (!(e.composedPath()[0] as Partial<Element>).closest?.("a[href]")) return;
		for (const id of x.d.list) {
			const r = list.get(id)?.el.getBoundingClientRect();
			if (!r || r.bottom < 0) continue;
			if (r.top < innerHeight) history.replaceState({ ...history.state, parley: [o.thread, x.d.list.length, id, r.top] }, "");
			return;
		}
	}

	/** comeBack shows as much as there was when the reader left, at the place where he was. */
	private async comeBack(): Promise<boolean> {
		const { app } = this;
		const { d, flat } = app.x;
		const [thread, shown, id, top] = (history.state?.parley ?? []) as [string?, number?, string?, number?];
		if (thread !== app.o.thread || !shown || !id) return false;
		while (d.next !== null && d.list.length < shown) {
			const page = await app.api
				.page(thread, app.sort, flat ? "flat" : "threads", Math.min(shown - d.list.length, PAGE_MAX), d.next)
				.catch(() => null);
			if (!page) break;
			addPage(d, page);
		}
		app.list.sync();
		app.list.updateAll();
		app.update();
		const at = app.list.get(id)?.el;
		for (let i = 0; at && i < 3; i++) { // what comes into sight takes its real height then
			scrollBy({ top: at.getBoundingClientRect().top - (top ?? 0), behavior: "instant" });
			await new Promise(requestAnimationFrame);
		}
		return !!at;
	}

	/** reachable gives the comments their names and their keys. */
	private reachable(): void {
		const { x, list, frame } = this.app;
		x.reach = (v, c) => {
			name(x, v.article, c);
			oneStop(v.article);
		};
		list.updateAll();
		this.skip = keys(x, frame.list, frame.foot, { write: () => this.posting.focus(), reply: (id) => this.reply(id) });
		this.skip.textContent = x.words.t("skip");
	}

	/** follow_ brings the part that takes in what happens elsewhere. */
	private async follow_(): Promise<void> {
		try {
			const m = await import("./following.ts");
			if (this.app.signal.aborted) return;
			this.following ??= new m.Following(this.app);
			this.following.start();
		} catch {
			addEventListener("online", () => void this.follow_(), { once: true, signal: this.app.signal });
		}
	}

	/** tools brings the menus and dialogs. */
	private tools(use: (t: typeof import("./tools.ts")) => unknown): void {
		import("./tools.ts").then(use).catch((e: unknown) => this.showError(e, () => this.tools(use)));
	}

	/** reloaded takes over a list that has been drawn anew. */
	async reloaded(): Promise<void> {
		if (this.app.x.d.user) await this.me();
		this.following?.at(this.app.x.d.thread?.seq ?? 0);
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
		this.following?.own();
		choose(SIGNED_IN, x.d.user?.id ?? "");
		if (x.d.user) this.posting.own(x.d.user.id);
		for (const c of x.d.pending) this.show(c, []);
		const decided = waited.filter((c) => !x.d.pending.some((p) => p.id === c.id) && x.d.known.get(c.id)?.status === "pending");
		await Promise.all(decided.map((c) => this.following?.refresh(c.id)));
		const removed = me.removed ?? [];
		if (removed.length || this.app.frame.el.querySelector(".rm")) this.tools((t) => t.removed(this.app, removed));
		this.posting.update();
		list.updateAll();
		this.app.update();
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

	/** elsewhere follows who signs in and out in other tabs of this browser. */
	private elsewhere(e: StorageEvent): void {
		const now = this.app.x.d.user?.id ?? "";
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
			for (const part of ["read", "act"]) await words.fetch(app.base, part);
			x.words = words;
			app.frame.speak();
			this.status.speak();
			if (this.skip) this.skip.textContent = words.t("skip");
			this.posting.speak();
		}
		if (o.live !== was.live) this.following?.follow(o.live);
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
		this.following?.follow(false);
		app.draw();
		return true;
	}

	landed(): Promise<unknown> {
		return Promise.race([Promise.allSettled(this.posting.flying), new Promise((go) => setTimeout(go, OWN_MS))]);
	}

	/** show puts a comment on the page with the comments above it. */
	show(c: Comment, ancestors: Comment[]): void {
		const { app } = this;
		const places = place(app.x.d, c, ancestors, app.x.flat ? "flat" : "threads", app.sort);
		if (places.length > 0 && !app.list.el.isConnected) fill(app.frame.list, [app.list.el]);
		placeAll(app.list, places);
		this.posting.rehold();
		if (places.length === 0) this.replies(c.id);
	}

	showNew(): Promise<void> {
		return this.once(this.app.frame.shownew, () => this.fetchNew());
	}

	private async fetchNew(): Promise<void> {
		const { x, api, list } = this.app;
		const ids = [...x.d.waiting];
		if (ids.length > FETCH_AT_ONCE) {
			await this.app.reload();
			this.app.list.get(x.d.list[0] ?? "")?.focus();
			return;
		}
		const got = await Promise.all(
			ids.map((id) => api.comment(id).catch((e: unknown) => (problem(e)?.status === 404 ? "gone" : null))),
		);
		let first = "";
		for (const [i, g] of got.entries()) {
			const id = ids[i] ?? "";
			if (g === null) continue; // it waits for the next try
			unwait(x.d, id);
			if (g === "gone") continue;
			mark(x.d, "fresh", id, true);
			this.show(g.comment, g.ancestors);
			this.unmark(id);
			first ||= id;
		}
		if (got.includes(null)) this.showError(null, () => void this.showNew());
		this.app.update();
		list.get(first)?.focus();
	}

	newLabel(): string {
		return this.status.label();
	}

	/** unmark takes "New" off a comment that has been scrolled past. */
	private unmark(id: string): void {
		const { x, list, signal } = this.app;
		const el = list.get(id)?.article;
		if (!el) return;
		let seen = false;
		const watch = new IntersectionObserver((es) => {
			for (const e of es) {
				if (e.isIntersecting) seen = true;
				else if (seen && e.boundingClientRect.bottom < 0) {
					watch.disconnect();
					mark(x.d, "fresh", id, false);
					list.update(id);
				}
			}
		});
		watch.observe(el);
		signal.addEventListener("abort", () => watch.disconnect());
	}

	more(): Promise<void> {
		return this.once(this.app.frame.moreButton, () => this.fetchMore());
	}

	private async fetchMore(): Promise<void> {
		const { x, api, o, list, sort } = this.app;
		const cursor = x.d.next;
		if (cursor === null) return;
		try {
			const page = await api.page(o.thread, sort, x.flat ? "flat" : "threads", o.pageSize, cursor);
			const added = addPage(x.d, page);
			list.sync();
			for (const c of page.comments) this.replies(c.id);
			list.get(added[0] ?? "")?.focus();
		} catch (e) {
			this.showError(e, () => void this.more());
		}
		this.app.update();
	}

	moreReplies(id: string): Promise<void> {
		const button = this.app.list.get(id)?.el.querySelector(":scope > .c-more > .more");
		return this.once(button, () => this.fetchReplies(id));
	}

	private async fetchReplies(id: string): Promise<void> {
		const { x, api, list } = this.app;
		try {
			const page = await api.replies(id, x.d.more.get(id) ?? "");
			const added = addReplies(x.d, id, page);
			for (const c of page.comments) this.replies(c.id);
			this.replies(id);
			list.get(added[0] ?? "")?.focus();
		} catch (e) {
			this.showError(e, () => void this.moreReplies(id));
		}
		this.app.update();
	}

	/** replies shows what has been learnt of the replies of a comment that may have stood there before. */
	private replies(id: string): void {
		const { x, list } = this.app;
		if (!x.flat) list.sync(id);
		for (const k of x.flat ? [] : (x.d.kids.get(id) ?? [])) this.replies(k);
		list.update(id);
	}

	/** once runs what a button has begun; while it runs, the button shows it and takes no second press. */
	private async once(button: Element | null | undefined, run: () => Promise<void>): Promise<void> {
		if (button?.hasAttribute("aria-busy")) return;
		button?.setAttribute("aria-busy", "true");
		try {
			await run();
		} finally {
			button?.removeAttribute("aria-busy");
		}
	}

	/** showError tells that something did not work, and why; again tries it once more, where that may help. */
	showError(e?: unknown, again?: () => void, what: Key = "failed"): void {
		const { words } = this.app.x;
		const p = problem(e);
		if (p?.status === 0) void this.barred().then((yes) => yes && this.toast.show("alert", this.barredWhy));
		const helps = !p || p.status === 0 || p.status === 401 || p.status === 429 || p.status >= 500;
		const why = p?.status === 401 ? words.t("signed_out") : p?.detail || (p ? words.t("no_answer") : "");
		this.toast.show("alert", `${words.t(what)} ${why}`.trim(), !!again && helps && { label: words.t("retry"), act: again });
	}

	/** goTo shows a comment in its context; it rejects if there is none. */
	async goTo(id: string): Promise<void> {
		const { app } = this;
		if (!app.list.get(id)) {
			const { comment, ancestors } = await app.api.comment(id);
			if (!isShown(app.x.d, id)) this.show(comment, ancestors);
			app.update();
		}
		mark(app.x.d, "opened", id, true);
		for (let at = app.x.d.known.get(id)?.parent_id; at; at = app.x.d.known.get(at)?.parent_id) {
			if (app.x.folded.delete(at)) app.list.update(at);
		}
		app.x.folded.delete(id);
		app.list.update(id);
		for (const was of app.list.el.querySelectorAll(".target")) was.classList.remove("target");
		app.list.get(id)?.focus(true);
	}

	/** hash goes to the comment that the page's address names. */
	hash(): void {
		const id = /^#parley-([0-9a-z]+)$/.exec(this.app.x.home.hash())?.[1];
		if (!id) return;
		this.goTo(id).catch((e: unknown) => {
			if (problem(e)?.status === 404) this.toast.show("alert", this.app.x.words.t("no_comment"));
			else this.showError(e, () => this.hash(), "peek_failed");
		});
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

	banned(body: Banned, tell: (what: string) => void): void {
		this.tools((t) => t.banned(this.app, body).then(tell));
	}

	menu(id: string, button: HTMLElement): void {
		this.tools((t) => t.commentMenu(this.app, this, id, button));
	}

	history(id: string, button: HTMLElement): void {
		this.tools((t) => t.history(this.app, id, button));
	}

	standards(button: HTMLElement): void {
		this.tools((t) => t.standards(this.app, button));
	}

	folded(): void {
		choose(this.app.foldKey, [...this.app.x.folded].join());
	}

	follow(): void {
		void this.once(this.app.frame.follow, () => this.followThread());
	}

	/** followThread asks to hear of this thread, or no longer; without want it is the other of what it was. */
	private followThread(want?: boolean): Promise<void> {
		return import("./tools.ts").then(
			(t) => t.followThread(this.app, this, want),
			(e: unknown) => this.showError(e, () => this.follow()),
		);
	}

	/** remove takes an own comment away: at once, and back again for ten seconds. */
	async remove(id: string): Promise<boolean> {
		const { x, api, frame } = this.app;
		const was = x.d.known.get(id);
		if (!was) return false;
		mark(x.d, "undo", id, true);
		try {
			await api.remove(id);
		} catch (e) {
			mark(x.d, "undo", id, false);
			this.showError(e, () => void this.remove(id));
			return false;
		}
		withdraw(x.d, id);
		this.leaving({ ...was, author: null, html: "", status: "deleted" });
		frame.say(x.words.t("removed_done"));
		return true;
	}

	/** leaving shows a comment that has been taken away, with the way back beside it for ten seconds. */
	private leaving(c: Comment): void {
		const { x, list } = this.app;
		this.changed(c);
		list.get(c.id)?.article.focus();
		clearTimeout(this.ends.get(c.id)); // of an earlier removal, taken back since
		const end = setTimeout(() => {
			this.ends.delete(c.id);
			this.decisions.delete(c.id);
			if (!mark(x.d, "undo", c.id, false) || this.app.signal.aborted) return;
			if ((x.d.kids.get(c.id)?.length ?? 0) > 0) list.update(c.id);
			else this.dropped(c.id);
		}, UNDO_MS);
		this.ends.set(c.id, end);
	}

	/** reject takes another's comment away as a moderator, in the frame; it can be taken back like one's own. */
	async reject(id: string): Promise<boolean> {
		const { x, api } = this.app;
		const was = x.d.known.get(id);
		if (!was) return false;
		mark(x.d, "undo", id, true); // before the answer: the event may come first
		const got = await api.decide(was, "reject").catch(() => null);
		if (!got?.results[0]?.ok || !got.undo) {
			mark(x.d, "undo", id, false);
			return false;
		}
		this.decisions.set(id, got.undo);
		this.leaving({ ...was, author: null, html: "", status: "rejected" });
		return true;
	}

	/** dropped takes a comment off the page, and says so if it was the last. */
	dropped(id: string): void {
		if (this.posting.holds(id)) {
			this.app.list.update(id); // somebody is writing under it
			return;
		}
		drop(this.app.list, id);
		if (this.app.x.d.list.length > 0) return;
		this.app.draw();
		this.app.frame.focus();
	}

	undo(id: string): void {
		void this.restore(id);
	}

	private async restore(id: string): Promise<void> {
		const { x, api, list, frame } = this.app;
		const decision = this.decisions.get(id);
		try {
			if (decision) await api.takeBack(decision);
			this.decisions.delete(id);
			const { comment } = await (decision ? api.comment(id) : api.restore(id));
			restore(x.d, comment);
			this.changed(comment);
			list.get(id)?.article.focus();
			frame.say(x.words.t("restored"));
		} catch (e) {
			if (problem(e)?.status === 409) this.toast.show("alert", x.words.t("too_late"));
			else this.showError(e, () => this.undo(id));
		}
	}

	/** changed puts a newer form of a known comment in place. */
	changed(c: Comment): void {
		const { x, list } = this.app;
		replace(x.d, c);
		list.update(c.id);
		if (c.parent_id) list.update(c.parent_id);
		this.following?.tell(c);
		this.posting.parentChanged(c);
		this.app.emit(c.author ? "comment-updated" : "comment-removed", { id: c.id });
	}

	retryLive(): void {
		this.following?.now();
	}

	peek(line: Line): void {
		void this.open(line);
	}

	private async open(line: Line): Promise<void> {
		const { x, api } = this.app;
		const peek = await import("./following.ts").catch(() => null);
		try {
			const c = x.d.known.get(line.to.id) ?? (await api.comment(line.to.id)).comment;
			if (line.isOpen) peek?.show(line, c);
		} catch (e) {
			if (line.isOpen) peek?.showError(line, x.words.t(problem(e)?.status === 404 ? "peek_gone" : "peek_failed"));
		}
	}

	unpeek(line: Line): void {
		line.box.hidden = true;
		line.shown = line.inner = null;
		fill(line.box, []);
	}

	/** selected offers to quote what the reader has marked in a comment. */
	private selected(): void {
		const root = this.root as ShadowRoot & { getSelection?: () => Selection | null };
		const s = root.getSelection?.() ?? document.getSelection();
		if (!s || s.isCollapsed || !canWrite(this.app.x) || !s.toString().trim()) return;
		this.tools((t) => t.quote(this.app, this, s));
	}
}
