import { problem } from "./api/reader.ts";
import type { Comment } from "../shared/api/shapes.ts";
import type { App } from "./app.ts";
import { posted } from "./state/doing.ts";
import { choose } from "./state/draft.ts";
import { KEY_LIFE_MS, type Queue, type Sent } from "./state/queue.ts";
import type { Composer, Written } from "./view/composer.ts";
import { GUEST } from "./view/resting.ts";
import { canWrite } from "./view/context.ts";
import { fill } from "../shared/dom/h.ts";
import type { Outgoing, OutgoingActs } from "./view/outgoing.ts";
import { hold } from "./view/placing.ts";

/** Shows makes the view of a comment on its way. */
export type Shows = (sent: Sent, acts: OutgoingActs) => Outgoing;

/** Boxes are where texts are written, and where one goes back to that was not taken. */
export interface Boxes {
	back(parent: string | null): Composer | null;
	closed(): void;
	focus(): void;
	update(): void;
}

/** Sending brings comments to the server: shown at once, kept until they are answered, sent again under the same key. */
export class Sending {
	private readonly out = new Map<string, Outgoing>(); // on their way, by key
	/** flying are the comments whose answer is awaited: what arrives meanwhile may be one of them. */
	readonly flying = new Set<Promise<void>>();

	constructor(
		private readonly app: App,
		private readonly queue: Queue,
		private readonly shows: Shows,
		private readonly boxes: Boxes,
	) {
		addEventListener("online", () => void this.flush(), { signal: app.signal });
	}

	/** send shows the comment at once and follows it to the server. */
	send(parent: string | null, w: Written): void {
		const sent: Sent = {
			key: crypto.getRandomValues(new Uint32Array(4)).join("-"),
			body: w.body,
			...(w.mentions.length > 0 ? { mentions: w.mentions } : {}),
			parent,
			guest: w.guest,
			user: this.app.x.d.user?.id ?? "",
			at: Date.now(),
		};
		this.queue.put(sent);
		void this.deliver(this.hold(sent));
	}

	/** own leaves on the page what is of who is signed in now, "" for nobody; another's waits for that other. */
	own(user: string): void {
		for (const out of [...this.out.values()])
			if (out.sent.user !== user) {
				out.el.remove();
				this.out.delete(out.sent.key);
			}
		this.resend();
	}

	/** rehold puts what is on its way where it belongs now. */
	rehold(): void {
		const { app } = this;
		for (const o of this.out.values()) {
			if (o.el.isConnected) continue;
			if (!app.list.el.isConnected) fill(app.frame.list, [app.list.el]);
			hold(app.list, o, app.sort === "oldest" && o.sent.parent === null);
		}
	}

	private hold(sent: Sent): Outgoing {
		const { app } = this;
		const out = this.shows(sent, {
			retry: () => void this.again([out]),
			edit: () => {
				this.release(out);
				const box = this.boxes.back(sent.parent);
				box?.put(sent.body);
				box?.focus();
			},
			discard: () => {
				this.release(out);
				if (app.x.d.list.length === 0 && this.out.size === 0) app.frame.empty();
				this.boxes.focus();
			},
		});
		this.out.set(sent.key, out);
		if (!app.list.el.isConnected) fill(app.frame.list, [app.list.el]);
		hold(app.list, out, app.sort === "oldest" && sent.parent === null);
		return out;
	}

	/** release forgets a comment that was on its way. */
	private release(out: Outgoing): void {
		out.el.remove();
		this.out.delete(out.sent.key);
		this.queue.drop(out.sent.key);
		this.counted();
	}

	private counted(): void {
		const n = [...this.out.values()].filter((o) => o.state === "queued").length;
		this.app.queued = n;
		this.app.update();
	}

	/** resend takes up what an earlier page has left unsent of who is here now. */
	resend(): void {
		for (const s of this.queue.of(this.app.x.d.user?.id ?? "")) {
			if (this.out.has(s.key)) continue;
			const out = this.hold(s);
			if (Date.now() - s.at > KEY_LIFE_MS) out.failed(this.app.x.words.t("too_old"));
			else if (s.failed) out.failed(this.app.x.words.t("no_answer"));
			else if (navigator.onLine) void this.deliver(out);
			else out.queued();
		}
		this.counted();
	}

	/** flush sends what waited for a connection, in order. */
	private flush(): Promise<void> {
		return this.again([...this.out.values()].filter((o) => o.state === "queued"));
	}

	/** again sends what has waited, once it is sure who is here: meanwhile somebody else may have signed in. */
	private async again(outs: Outgoing[]): Promise<void> {
		const { app } = this;
		if (outs.length === 0) return;
		if (outs.some((o) => o.sent.user) && (await app.acting?.me()) === false) app.acting?.forget();
		for (const o of outs) if (this.out.has(o.sent.key)) await this.deliver(o);
	}

	/** deliver sends a comment; proof is what the server has asked for at the last attempt. */
	private deliver(out: Outgoing, proof = ""): Promise<void> {
		const run = this.attempt(out, proof).finally(() => this.flying.delete(run));
		this.flying.add(run);
		return run;
	}

	private async attempt(out: Outgoing, proof: string): Promise<void> {
		const { app } = this;
		const { sent } = out;
		if (!navigator.onLine) {
			out.queued();
			return this.counted();
		}
		const waited = out.state === "queued"; // its writer is elsewhere by now
		out.sending();
		this.mark(sent, false);
		this.counted();
		try {
			const c = await app.api.post(this.body(sent), sent.key, proof);
			this.release(out);
			if (sent.guest) choose(GUEST, sent.guest);
			this.arrived(c, waited);
		} catch (e) {
			const p = problem(e);
			if (app.signal.aborted) return;
			if (!p || p.status === 0 || p.status >= 500) {
				if (p?.status === 0 && (await app.acting?.barred())) return void this.takeBack(out);
				if (navigator.onLine) this.failed(out, app.x.words.t("no_answer"));
				else out.queued();
				return this.counted();
			}
			if (p.code === "challenge") {
				const tools = await import("./tools.ts").catch(() => null);
				if (!tools) return this.failed(out, app.x.words.t("no_answer"));
				const solved = await tools.solve(p, app.signal);
				if (app.signal.aborted || !this.out.has(sent.key)) return;
				if (solved && !proof) return this.deliver(out, solved);
				this.failed(out, solved ? p.detail : app.x.words.t("needs_https"));
				return this.counted();
			}
			// The server has read it and said no: the text goes back where it can be changed.
			if (p.status === 401) app.acting?.forget();
			const box = this.takeBack(out);
			if (box) app.acting?.refuse(box, e, sent.guest);
			box?.focus();
		}
	}

	/** failed says that a comment is not posted, also to the page that comes after this one: nothing goes by itself then. */
	private failed(out: Outgoing, why: string): void {
		out.failed(why);
		this.mark(out.sent, true);
	}

	private mark(sent: Sent, failed: boolean): void {
		if (!sent.failed === !failed) return;
		sent.failed = failed;
		this.queue.put(sent);
	}

	/** takeBack puts a text that was not taken where it was written. */
	private takeBack(out: Outgoing): Composer | null {
		this.release(out);
		const box = this.boxes.back(out.sent.parent);
		box?.put(out.sent.body);
		if (this.app.x.d.list.length === 0) this.app.frame.empty();
		if (!canWrite(this.app.x)) this.boxes.closed();
		return box;
	}

	private body(s: Sent): object {
		const { o } = this.app;
		return {
			thread: o.thread,
			url: o.url,
			title: o.title,
			parent_id: s.parent,
			body: s.body,
			...(s.mentions ? { mentions: s.mentions } : {}),
			...(s.guest ? { guest: { name: s.guest } } : {}),
		};
	}

	/** arrived puts the real comment where the sent one stood. */
	private arrived(c: Comment, waited = false): void {
		const { app } = this;
		const { d, words } = app.x;
		posted(d, c, app.o);
		app.acting?.toast.unsay(words.t("draft"));
		app.acting?.show(c, []);
		app.update();
		this.boxes.update();
		app.count();
		if (!waited) app.list.get(c.id)?.focus();
		app.frame.say(words.t(c.status === "pending" ? "awaiting" : "posted"));
		app.emit("comment-created", { id: c.id, status: c.status });
		if (d.user && c.status === "pending") void app.acting?.me(); // what lets the socket tell what becomes of it
	}
}
