import { problem } from "./api/client.ts";
import type { Comment } from "./api/shapes.ts";
import type { App } from "./app.ts";
import { Following } from "./following.ts";
import en from "../../static/i18n/en/act.json";
import * as peek from "./peek.ts";
import { Posting } from "./posting.ts";
import { addPage, isShown } from "./state/discussion.ts";
import { addReplies, overlay, place, signedOut, vote } from "./state/following.ts";
import { choice, choose } from "./state/draft.ts";
import { type Acts, canWrite } from "./view/context.ts";
import { fill } from "./view/h.ts";
import type { ReplyLine } from "./view/reply-line.ts";
import { returning } from "./view/signin.ts";
import css from "./style/act.css";

const SIGNED_IN = "signed-in"; // remembered so that a mere reader causes no private call
const FETCH_AT_ONCE = 30; // more new comments than this are shown by loading the page

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** act brings what a reader can do, once the comments show. */
export async function act(app: App, root: ShadowRoot): Promise<Acting> {
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	app.x.words.add(en);
	await app.x.words.fetch(app.base, "act");
	return new Acting(app);
}

/** Acting is what the reader does to a discussion that shows. */
export class Acting implements Acts {
	readonly posting: Posting;
	private readonly following: Following;

	constructor(private readonly app: App) {
		this.posting = new Posting(app);
		this.following = new Following(app);
		const { signal } = app;
		addEventListener("online", () => app.update(), { signal });
		addEventListener("offline", () => app.update(), { signal });
		addEventListener("pagehide", () => this.posting.keep(), { signal });
		addEventListener("hashchange", () => this.hash(), { signal });
	}

	async start(): Promise<void> {
		if (canWrite(this.app.x)) this.posting.show();
		if (returning()) await this.posting.resume();
		else if (choice(SIGNED_IN)) await this.me();
		this.following.start();
		this.hash();
	}

	/** reloaded takes over a list that has been drawn anew. */
	async reloaded(): Promise<void> {
		if (this.app.x.d.user) await this.me();
		this.following.at(this.app.x.d.thread?.seq ?? 0);
	}

	/** me asks for what is the reader's own, and shows it. */
	async me(): Promise<boolean> {
		const { x, api, o, list } = this.app;
		try {
			overlay(x.d, await api.me(o.thread));
		} catch {
			return false; // a reader he stays
		}
		if (x.d.user) choose(SIGNED_IN, "1");
		for (const c of x.d.pending) this.show(c, []);
		this.posting.update();
		list.updateAll();
		return x.d.user !== null;
	}

	/** forget drops the session on this side: it has ended on the other. */
	forget(): void {
		const { x, api, list } = this.app;
		choose(SIGNED_IN, "");
		api.bearer = "";
		for (const c of x.d.pending) list.drop(c.id);
		signedOut(x.d);
		this.posting.update();
		list.updateAll();
	}

	/** show puts a comment on the page with the comments above it. */
	show(c: Comment, ancestors: Comment[]): void {
		const { app } = this;
		const places = place(app.x.d, c, ancestors, app.x.flat ? "flat" : "threads", app.sort);
		if (places.length > 0 && !app.list.el.isConnected) fill(app.frame.list, [app.list.el]);
		app.list.place(places);
		if (places.length === 0) app.list.update(c.id);
	}

	async showNew(): Promise<void> {
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
			x.d.waiting = x.d.waiting.filter((w) => w !== id);
			if (g === "gone") continue;
			x.d.fresh.add(id);
			this.show(g.comment, g.ancestors);
			first ||= id;
		}
		this.app.update();
		list.get(first)?.focus();
	}

	async more(): Promise<void> {
		const { x, api, o, list, sort } = this.app;
		const cursor = x.d.next;
		if (cursor === null) return;
		try {
			const added = addPage(x.d, await api.page(o.thread, sort, x.flat ? "flat" : "threads", o.pageSize, cursor));
			list.append(added);
			list.get(added[0] ?? "")?.focus();
		} catch {
			this.sorry();
		}
		this.app.update();
	}

	async moreReplies(id: string): Promise<void> {
		const { x, api, list } = this.app;
		try {
			const added = addReplies(x.d, id, await api.replies(id, x.d.more.get(id) ?? ""));
			list.append(added, id);
			list.get(added[0] ?? "")?.focus();
		} catch {
			this.sorry();
		}
		this.app.update();
	}

	private sorry(): void {
		this.app.frame.say(this.app.x.words.t("failed"));
	}

	/** goTo shows a comment in its context; it rejects if there is none. */
	async goTo(id: string): Promise<void> {
		const { app } = this;
		if (!app.list.get(id)) {
			const { comment, ancestors } = await app.api.comment(id);
			if (!isShown(app.x.d, id)) this.show(comment, ancestors);
			app.update();
		}
		for (const was of app.list.el.querySelectorAll(".target")) was.classList.remove("target");
		app.list.get(id)?.focus(true);
	}

	private hash(): void {
		const id = /^#parley-([0-9a-z]+)$/.exec(location.hash)?.[1];
		if (id) this.goTo(id).catch(() => this.app.frame.say(this.app.x.words.t("peek_failed")));
	}

	async share(id: string): Promise<boolean> {
		const { x, frame } = this.app;
		try {
			await navigator.clipboard.writeText(new URL(x.permalink(id), location.href).href);
			frame.say(x.words.t("link_copied"));
			return true;
		} catch {
			location.hash = `parley-${id}`; // there to be copied
			return false;
		}
	}

	vote(id: string, value: number): void {
		if (this.app.x.d.user) void this.cast(id, value);
		else void this.posting.signIn();
	}

	private async cast(id: string, value: number): Promise<void> {
		const { x, api, list, frame } = this.app;
		const before = x.d.votes.get(id) ?? 0;
		vote(x.d, id, value);
		list.update(id);
		try {
			const got = await api.vote(id, value);
			const c = x.d.known.get(id);
			if (c) Object.assign(c, { up: got.up, down: got.down });
			this.app.emit("vote", { id, value });
		} catch (e) {
			vote(x.d, id, before);
			if (problem(e)?.status === 401) this.forget();
			frame.say(x.words.t("vote_failed"));
		}
		list.update(id);
	}

	reply(id: string): void {
		this.posting.reply(id);
	}

	edit(id: string): void {
		void this.posting.edit(id);
	}

	async remove(id: string): Promise<boolean> {
		if (!(await this.posting.remove(id))) return false;
		await this.following.refresh(id);
		return true;
	}

	/** changed puts a newer form of a known comment in place. */
	changed(c: Comment): void {
		this.following.changed(c);
	}

	retryLive(): void {
		this.following.now();
	}

	peek(line: ReplyLine): void {
		void this.open(line);
	}

	private async open(line: ReplyLine): Promise<void> {
		const { x, api } = this.app;
		try {
			const c = x.d.known.get(line.to.id) ?? (await api.comment(line.to.id)).comment;
			if (line.isOpen) peek.show(line, c);
		} catch (e) {
			if (line.isOpen) peek.sorry(line, x.words.t(problem(e)?.status === 404 ? "peek_gone" : "peek_failed"));
		}
	}

	unpeek(line: ReplyLine): void {
		peek.close(line);
	}
}
