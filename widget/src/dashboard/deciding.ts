import { h } from "../view/h.ts";
import type { Action, Row } from "./card.ts";
import { clash, said } from "./clash.ts";
import { call, type Desk, t } from "./desk.ts";
import { askBan, askReason, dialog } from "./dialogs.ts";
import type { Item } from "./picks.ts";
import type { Decided, Undone } from "./shapes.ts";

const UNDO_MS = 10_000; // as long as the server takes a decision back

/** Taken is a card that a decision took off the list, and where it stood. */
export interface Taken {
	item: Item;
	at: number;
}

/** Shelf is the list that decisions take cards from, as far as they know it. */
export interface Shelf {
	/** fitting are the cards that still stand there and to which an act can be done. */
	fitting: (items: readonly Item[], a: Action) => Item[];
	stands: (id: string) => boolean;
	/** take removes the cards that leave and moves on to the next. */
	take: (items: readonly Item[], leaves: (i: Item) => boolean) => Taken[];
	putBack: (taken: readonly Taken[]) => void;
	/** say puts words on a card. */
	say: (id: string, text: string) => void;
	/** clash brings a card up to date that somebody else has moved, and lays a question on it. */
	clash: (id: string, question: (item: Item) => HTMLElement) => Promise<void>;
	/** leave takes a card off the list without a decision, where its new state leads away. */
	leave: (item: Item, a: Action) => void;
	can: (row: Row) => Action[];
	/** reread brings cards up to date that stay where they are. */
	reread: (ids: readonly string[], why?: string) => void;
	settle: () => void;
	refresh: () => Promise<void>;
	stays: (row: Row, a: Action) => boolean;
}

interface Undo {
	token: Promise<string | null>; // null: nothing was done
	until: number;
	taken: Taken[];
}

const idOf = (x: Taken): string => x.item.row.comment.id;

/** Deciding carries decisions to the server, and back again while that is possible. */
export class Deciding {
	private undos: Undo[] = [];
	private readonly mine = new Map<string, number>(); // decisions of ours whose news is still to come, by comment

	constructor(
		private readonly desk: Desk,
		private readonly shelf: Shelf,
	) {}

	/** ours tells once whether the news of a decision is about our own. */
	ours(id: string): boolean {
		const n = this.mine.get(id) ?? 0;
		this.expect(id, -1);
		return n > 0;
	}

	private expect(id: string, more: number): void {
		const n = (this.mine.get(id) ?? 0) + more;
		if (n > 0) this.mine.set(id, n);
		else this.mine.delete(id);
	}

	/** forget drops what was awaited: after a break nobody knows which news are still to come. */
	forget(): void {
		this.mine.clear();
	}

	async decide(items: readonly Item[], a: Action, reason = "", override = false): Promise<void> {
		if (items.length === 0) return;
		const can = this.shelf.fitting(items, a);
		if (can.length === 0) {
			if (!items.some((i) => this.shelf.stands(i.row.comment.id)))
				this.desk.toast(t("not_done", { why: t("gone") }), undefined, true);
			return;
		}
		const taken = this.shelf.take(can, (i) => !this.shelf.stays(i.row, a));
		for (const x of taken) this.expect(idOf(x), 1);
		// What U takes back is the last decision, also while its answer is on the way.
		let told = (_: string | null) => {};
		const undo: Undo = {
			token: new Promise((done) => {
				told = done;
			}),
			until: Number.POSITIVE_INFINITY,
			taken: [],
		};
		this.undos.push(undo);
		const r = await call<Decided>(
			"POST",
			this.desk.api("/moderation/decisions"),
			can.map(({ row: { comment: c } }) => ({
				comment_id: c.id,
				action: a,
				edited_at: c.edited_at ?? "", // what was read: a text edited since is read again first
				status: c.status, // and where it stood: what another decided meanwhile stands, unless they are overridden
				...(override ? { override } : {}),
				...(reason ? { reason } : {}),
			})),
		);
		const answer = (x: Taken) => r.body?.results.find((v) => v.comment_id === idOf(x));
		const failed = taken.filter((x) => !answer(x)?.ok);
		undo.taken = taken.filter((x) => !failed.includes(x));
		undo.until = Date.now() + UNDO_MS;
		if (failed.length > 0) this.failed(failed, a, reason, (x) => answer(x), r.detail || String(r.status));
		if (undo.taken.length > 0 && r.body?.undo) {
			const name = undo.taken[0]?.item.row.comment.author?.name ?? t("guest");
			const n = undo.taken.length;
			this.desk.toast(n === 1 ? t(`did_${a}`, { name }) : t(`did_${a}_n`, { n }), () => void this.undo());
			told(r.body.undo);
		} else {
			this.undos = this.undos.filter((u) => u !== undo);
			told(null);
		}
		this.shelf.reread(undo.taken.map(idOf).filter((id) => this.shelf.stands(id)));
		this.shelf.settle();
		this.desk.counts();
	}

	private failed(
		taken: readonly Taken[],
		a: Action,
		reason: string,
		answer: (x: Taken) => Decided["results"][number] | undefined,
		detail: string,
	): void {
		this.shelf.putBack(taken);
		const edited: string[] = [];
		for (const x of taken) {
			this.expect(idOf(x), -1); // it was not done, and there are no news of it
			const said = answer(x);
			const code = said?.error ?? detail;
			if (code === "state" && said?.status) {
				void this.shelf.clash(idOf(x), (item) => this.question(item, a, reason, said));
				continue;
			}
			if (code === "edited") edited.push(idOf(x));
			const text =
				code === "state" || code === "not_found"
					? t("gone")
					: code === "edited" || code === "withdrawn"
						? t(`was_${code}`)
						: code;
			this.shelf.say(idOf(x), t("not_done", { why: text }));
		}
		this.shelf.reread(edited, t("not_done", { why: t("was_edited") }));
	}

	/** question asks whether a decision shall stand over that of another. */
	private question(item: Item, a: Action, reason: string, at: Decided["results"][number]): HTMLElement {
		// A approves what waits and restores what was removed: the same end by another name.
		const act = (a === "approve" || a === "restore") && at.status !== "pending" && at.status !== "published" ? "restore" : a;
		const can = this.shelf.can(item.row).includes(act);
		return clash(at, a, {
			override: can ? () => void this.decide([item], act, reason, true) : null,
			leave: () => this.shelf.leave(item, a),
		});
	}

	async undo(): Promise<void> {
		const last = this.undos.pop();
		const token = await last?.token;
		if (!last || (token && Date.now() > last.until)) {
			this.undos = [];
			this.desk.toast(t("undo_over"));
			return;
		}
		if (!token) return; // it was not done, and its card says why
		const r = await call<Undone>("POST", this.desk.api("/moderation/undo"), { undo: token });
		if (!r.body) return this.desk.toast(r.status === 409 ? t("undo_over") : t("not_done", { why: r.detail }), undefined, true);
		const back = last.taken.filter((x) => r.body?.comments.includes(idOf(x)));
		const stood = back.map(idOf).filter((id) => this.shelf.stands(id));
		this.shelf.putBack(back);
		this.shelf.reread(stood);
		const left = r.body.left[0];
		if (left)
			this.desk.toast(
				`${back.length > 0 ? `${t("did_undo", { n: back.length })} ` : ""}${said(left)} ${t("undo_left", { n: r.body.left.length })}`,
				undefined,
				true,
			);
		else this.desk.toast(t("did_undo", { n: back.length }));
		this.desk.counts();
	}

	async because(items: readonly Item[]): Promise<void> {
		if (this.shelf.fitting(items, "reject").length === 0) return;
		const reason = await askReason();
		if (reason !== null) await this.decide(items, "reject", reason);
	}

	async ban(items: readonly Item[]): Promise<void> {
		const people = [
			...new Map(
				items.filter((i) => i.row.comment.author).map((i) => [i.row.comment.author?.id ?? "", i.row.comment.author?.name ?? ""]),
			),
		];
		if (people.length === 0 || !this.desk.may("sanction")) return;
		const name = people.length === 1 ? (people[0]?.[1] ?? "") : t("people_n", { n: people.length });
		const b = await askBan(name);
		if (!b) return;
		let failed = "";
		for (const [id] of people) {
			const r = await call("POST", this.desk.api(`/moderation/people/${id}/${b.until ? "suspend" : "ban"}`), {
				reason: b.reason,
				hide_recent: b.hide,
				...(b.until ? { until: b.until } : {}),
			});
			if (r.status !== 200) failed = r.detail;
		}
		if (failed) return this.desk.toast(t("not_done", { why: failed }), undefined, true);
		this.desk.toast(t("did_ban", { name }));
		const bulk = items.filter((i) => i.row.comment.status === "pending" && this.shelf.stands(i.row.comment.id));
		await this.decide(bulk, "reject", b.reason);
		if (b.hide) void this.shelf.refresh();
	}

	/** reply answers as the moderator; the words stay in the box until the server has them. */
	async reply(item: Item): Promise<void> {
		const { comment: c, thread } = item.row;
		if (c.status !== "published") return this.desk.toast(t("reply_first"));
		const once = crypto.randomUUID(); // sent again after a lost answer it is still one comment
		const sent = await dialog<true>(t("reply_head", { name: c.author?.name ?? t("guest") }), t("reply_lead"), (done) => {
			const box = h("textarea.inp", { rows: 4, maxlength: 3000, id: "ask", required: true });
			const say = h("p.err", { role: "alert" });
			const button = h("button.btn.pri", { type: "submit" }, t("reply_send"));
			button.addEventListener("click", async () => {
				const body = box.value.trim();
				if (!body) return box.focus();
				button.disabled = true;
				const r = await call(
					"POST",
					this.desk.api("/comments"),
					{ thread: thread?.key ?? "", url: thread?.url ?? "", title: thread?.title ?? "", parent_id: c.id, body },
					{ "Idempotency-Key": once },
				);
				button.disabled = false;
				if (r.status === 201 || r.status === 200) return done(true);
				say.textContent = t("not_done", { why: r.detail || t("no_answer") });
				box.focus();
			});
			return { fields: [h("div.field", {}, h("label", { for: "ask" }, t("reply_label")), box, say)], button, first: box };
		});
		if (sent) this.desk.toast(t("did_reply"));
	}
}
