import { problem } from "./api/client.ts";
import type { Comment, User } from "./api/shapes.ts";
import type { App } from "./app.ts";
import { Composer, type ComposerOptions, type Written } from "./view/composer.ts";
import { fill } from "./view/h.ts";
import { Outgoing, type Sent } from "./view/outgoing.ts";
import { resume, signIn } from "./view/signin.ts";

const ROOT = "root";

/** Posting is everything the reader writes: new comments, answers, edits. */
export class Posting {
	private root: Composer | null = null;
	private readonly open = new Map<string, Composer>(); // answers and edits, by comment
	private signingIn: AbortController | null = null;

	constructor(private readonly app: App) {}

	/** show puts the composer where it belongs, once. */
	show(): void {
		if (!this.root) this.root = this.composer({ name: ROOT, kind: "root" });
		if (!this.root.el.isConnected) fill(this.app.frame.composer, [this.root.el]);
		this.root.update();
	}

	private composer(o: Partial<ComposerOptions> & Pick<ComposerOptions, "name" | "kind">): Composer {
		const c = new Composer(this.app.x, {
			to: "",
			text: "",
			send: (w) => this.send(c, null, w, ROOT),
			cancel: () => {},
			signIn: () => void this.signIn(),
			signOut: () => void this.signOut(),
			...o,
		});
		return c;
	}

	private each(f: (c: Composer) => void): void {
		if (this.root) f(this.root);
		for (const c of this.open.values()) f(c);
	}

	update(): void {
		this.each((c) => c.update());
	}

	keep(): void {
		this.each((c) => c.keep());
	}

	waitForWindow(yes: boolean): void {
		this.each((c) => c.waitForWindow(yes));
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

	signIn(way = "site"): Promise<void> {
		return this.session((signal) => signIn(this.app.api, way, signal));
	}

	/** resume ends a sign-in for which the whole page went away. */
	resume(): Promise<void> {
		return this.session((signal) => resume(this.app.api, signal));
	}

	private async session(get: (signal: AbortSignal) => Promise<User | null>): Promise<void> {
		const { app } = this;
		const { words } = app.x;
		this.signingIn?.abort();
		const run = new AbortController();
		this.signingIn = run;
		app.signal.addEventListener("abort", () => run.abort(), { signal: run.signal });
		this.waitForWindow(true);
		try {
			const user = await get(run.signal);
			if (!user) return;
			await app.acting?.me();
			app.frame.say(words.t("signed_in", { name: user.name }) + (app.api.bearer ? `. ${words.t("signin_cookie")}` : ""));
			app.emit("sign-in", { name: user.name });
			this.focus();
		} catch {
			if (!run.signal.aborted) this.say(words.t("signin_failed"));
		} finally {
			if (this.signingIn === run) {
				this.signingIn = null;
				this.waitForWindow(false);
			}
		}
	}

	async signOut(): Promise<void> {
		const { app } = this;
		try {
			await app.api.logout();
		} catch {
			return app.frame.say(app.x.words.t("failed"));
		}
		app.acting?.forget();
		app.frame.say(app.x.words.t("signed_out"));
		app.emit("sign-out", {});
	}

	/** reply opens a box right under the comment it answers. */
	reply(id: string): void {
		const view = this.app.list.get(id);
		const c = this.app.x.d.known.get(id);
		if (!view || !c) return;
		const had = this.open.get(id);
		if (had?.el.isConnected) {
			had.focus();
			return;
		}
		const box = this.composer({
			name: id,
			kind: "reply",
			to: c.author?.name ?? "",
			send: (w) => this.send(box, id, w, id),
			cancel: () => this.close(id, '[data-act="reply"]'),
		});
		this.open.set(id, box);
		fill(view.slot, [box.el]);
		box.focus();
	}

	/** edit opens a comment's source in its place. */
	async edit(id: string): Promise<void> {
		const { app } = this;
		const view = app.list.get(id);
		if (!view) return;
		let text: string;
		try {
			text = app.x.d.known.get(id)?.body ?? (await app.api.source(id));
		} catch {
			return app.frame.say(app.x.words.t("failed"));
		}
		const box = this.composer({
			name: "",
			kind: "edit",
			text,
			send: (w) => void this.save(box, id, w.body),
			cancel: () => this.close(id, '[data-act="edit"]'),
		});
		this.open.set(id, box);
		fill(view.slot, [box.el]);
		box.focus();
	}

	private async save(box: Composer, id: string, body: string): Promise<void> {
		const { app } = this;
		try {
			const c = await app.api.edit(id, body);
			const was = app.x.d.known.get(id);
			app.acting?.changed({ ...c, replies: was?.replies ?? [] });
			this.close(id, '[data-act="edit"]');
			app.frame.say(app.x.words.t("saved"));
		} catch (e) {
			box.say(this.why(e));
		}
	}

	private close(id: string, focus: string): void {
		this.open.delete(id);
		const view = this.app.list.get(id);
		if (!view) return;
		fill(view.slot, []);
		view.article.querySelector<HTMLElement>(focus)?.focus();
	}

	/** send shows the comment at once and follows it to the server. */
	private send(box: Composer, parent: string | null, w: Written, name: string): void {
		const { app } = this;
		if (!app.emit("before-submit", { body: w.body, parent_id: parent }, true)) return;
		const out = new Outgoing(
			app.x,
			{ key: this.key(name, w.body), body: w.body, parent, guest: w.guest },
			() => void this.deliver(out, box, name),
			() => {
				out.el.remove();
				this.done(name);
			},
		);
		if (!app.list.el.isConnected) fill(app.frame.list, [app.list.el]);
		app.list.hold(out, app.sort === "oldest" && parent === null);
		box.clear();
		if (parent) this.close(parent, '[data-act="reply"]');
		void this.deliver(out, box, name);
	}

	private async deliver(out: Outgoing, box: Composer, name: string): Promise<void> {
		const { app } = this;
		out.sending();
		try {
			const c = await app.api.post(this.body(out.sent), out.sent.key);
			out.el.remove();
			this.done(name);
			this.arrived(c);
		} catch (e) {
			const p = problem(e);
			if (!p || p.status === 0 || p.status >= 500) {
				out.failed(app.x.words.t("no_answer"));
				return;
			}
			// The server has read it and said no: the text goes back where it can be changed.
			out.el.remove();
			if (p.status === 401) app.acting?.forget();
			const again = out.sent.parent ? this.again(out.sent.parent) : box;
			again.put(out.sent.body);
			again.say(this.why(e));
			again.focus();
			if (app.x.d.list.length === 0) app.frame.empty();
		}
	}

	private again(parent: string): Composer {
		this.reply(parent);
		return this.open.get(parent) ?? (this.root as Composer);
	}

	private body(s: Sent): object {
		const { o } = this.app;
		return {
			thread: o.thread,
			url: o.url,
			title: o.title,
			parent_id: s.parent,
			body: s.body,
			...(s.guest ? { guest: { name: s.guest } } : {}),
		};
	}

	/** arrived puts the real comment where the sent one stood. */
	private arrived(c: Comment): void {
		const { app } = this;
		const { d, words } = app.x;
		if (d.user) d.mine.add(c.id);
		if (c.status === "pending") d.pending.push(c);
		else if (d.thread) d.thread.comment_count++;
		d.thread ??= {
			id: c.thread_id,
			key: app.o.thread,
			url: app.o.url,
			title: app.o.title,
			state: "open",
			comment_count: c.status === "published" ? 1 : 0,
			seq: 0,
		};
		app.acting?.show(c, []);
		app.update();
		app.list.get(c.id)?.focus();
		app.frame.say(words.t(c.status === "pending" ? "awaiting" : "posted"));
		app.emit("comment-created", { id: c.id, status: c.status });
	}

	/** remove asks the server; true once it is gone. */
	async remove(id: string): Promise<boolean> {
		const { app } = this;
		try {
			await app.api.remove(id);
		} catch (e) {
			app.frame.say(this.why(e));
			return false;
		}
		app.frame.say(app.x.words.t("removed_done"));
		app.x.d.pending = app.x.d.pending.filter((c) => c.id !== id);
		return true;
	}

	/**
	 * key is the idempotency key of a text: the same text sent again from the
	 * same box, even after a reload, is the same comment and is posted once.
	 */
	private key(name: string, body: string): string {
		const { drafts } = this.app.x;
		try {
			const was = JSON.parse(drafts.get(`${name}#sent`) || "null") as { key: string; body: string } | null;
			if (was?.body === body) return was.key;
		} catch {
			// not ours
		}
		const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
		drafts.set(`${name}#sent`, JSON.stringify({ key, body }));
		return key;
	}

	private done(name: string): void {
		const { drafts } = this.app.x;
		drafts.set(name, "");
		drafts.set(`${name}#sent`, "");
		if (name === ROOT) this.root?.keep(); // what has been typed since
	}

	private why(e: unknown): string {
		const { words } = this.app.x;
		const p = problem(e);
		if (!p || p.status === 0) return words.t("no_answer");
		if (p.status === 429 && p.retryAfter) return words.t("wait", { n: p.retryAfter });
		return p.detail || words.t("failed");
	}
}
