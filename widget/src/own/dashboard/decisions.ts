import { askBan } from "./ban.tsx";
import type { Action, Row } from "./card.ts";
import { conflict, said } from "./conflict.ts";
import { call, type Desk, t } from "./desk.ts";
import { reply } from "./reply.tsx";
import { keepDecisions } from "./resume.ts";
import type { Item } from "./selection.ts";
import type { Decided, Undone } from "./shapes.ts";
import { askReason } from "./strip.ts";

const UNDO_MS = 10_000; // as long as the server takes a decision back

/** TakenCard is a card that a decision took off the list, and where it stood. */
export interface TakenCard {
	item: Item;
	at: number;
}

/** CardList is the list that decisions take cards from, as far as they know it. */
export interface CardList {
	/** fitting are the cards that still stand there and to which an act can be done. */
	fitting: (items: readonly Item[], a: Action) => Item[];
	stands: (id: string) => boolean;
	/** take removes the cards that leave and moves on to the next. */
	take: (items: readonly Item[], leaves: (i: Item) => boolean) => TakenCard[];
	putBack: (taken: readonly TakenCard[]) => void;
	/** say puts words on a card. */
	say: (id: string, text: string) => void;
	/** conflict brings a card up to date that somebody else has moved, and lays a question on it. */
	conflict: (id: string, question: (item: Item) => HTMLElement) => Promise<void>;
	/** leave takes a card off the list without a decision, where its new state leads away. */
	leave: (item: Item, a: Action) => void;
	can: (row: Row) => Action[];
	/** sweep takes the cards of people off the list that a ban has hidden with them. */
	sweep: (authors: ReadonlySet<string>, gone: (id: string) => void) => void;
	/** reread brings cards up to date that stay where they are. */
	reread: (ids: readonly string[], why?: string) => void;
	settle: () => void;
	stays: (row: Row, a: Action) => boolean;
}

interface Undo {
	token: Promise<string | null>; // null: nothing was done
	why?: "undo_ban" | "undo_none"; // it cannot be taken back here, and what is said of that
	until: number;
	taken: TakenCard[];
}

const idOf = (x: TakenCard): string => x.item.row.comment.id;

/** Decisions carries decisions to the server, and back again while that is possible. */
export class Decisions {
	private undos: Undo[] = [];
	private readonly mine = new Map<string, number>(); // decisions of ours whose news is still to come, by comment

	constructor(
		private readonly desk: Desk,
		private readonly list: CardList,
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

	async decide(items: readonly Item[], a: Action, reason = "", override = false, discount = false): Promise<void> {
		if (items.length === 0) return;
		const can = this.list.fitting(items, a);
		if (can.length === 0) {
			if (!items.some((i) => this.list.stands(i.row.comment.id)))
				this.desk.toast(t("not_done", { why: t("gone") }), undefined, true);
			return;
		}
		const taken = this.list.take(can, (i) => !this.list.stays(i.row, a));
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
		this.undos = this.undos.filter((u) => u.until > Date.now()); // what is over holds on to cards
		this.undos.push(undo);
		const decisions = can.map(({ row: { comment: c } }) => ({
			comment_id: c.id,
			action: a,
			edited_at: c.edited_at ?? "", // what was read: a text edited since is read again first
			status: c.status, // and where it stood: what another decided meanwhile stands, unless they are overridden
			...(override ? { override } : {}),
			...(discount ? { discount_reporters: true } : {}),
			...(reason ? { reason } : {}),
		}));
		const r = await call<Decided>("POST", this.desk.api("/moderation/decisions"), decisions);
		if (r.status === 401) return keepDecisions(this.desk, decisions);
		const answer = (x: TakenCard) => r.body?.results.find((v) => v.comment_id === idOf(x));
		const failed = taken.filter((x) => !answer(x)?.ok);
		undo.taken = taken.filter((x) => !failed.includes(x));
		undo.until = Date.now() + UNDO_MS;
		if (failed.length > 0) this.failed(failed, a, reason, (x) => answer(x), r.detail || String(r.status));
		if (undo.taken.length > 0 && r.body?.undo) {
			const name = undo.taken[0]?.item.row.comment.author?.name ?? t("guest");
			const n = undo.taken.length;
			const kept = a === "approve" && undo.taken.every((x) => x.item.row.comment.status === "published");
			const out = undo.taken[0] && n === 1 ? (answer(undo.taken[0])?.discounted ?? 0) : 0;
			const did = kept ? "keep" : a;
			const text = out > 0 ? t("did_keep_discount", { name, n: out }) : n === 1 ? t(`did_${did}`, { name }) : t(`did_${did}_n`, { n });
			this.desk.toast(text, () => void this.undo());
			told(r.body.undo);
		} else {
			undo.why = "undo_none"; // U is about this one, not about one before it
			told(null);
		}
		this.list.reread(undo.taken.map(idOf).filter((id) => this.list.stands(id)));
		this.list.settle();
		this.desk.counts();
	}

	private failed(
		taken: readonly TakenCard[],
		a: Action,
		reason: string,
		answer: (x: TakenCard) => Decided["results"][number] | undefined,
		detail: string,
	): void {
		this.list.putBack(taken);
		this.desk.hush(); // what it says is of a decision before
		const edited: string[] = [];
		for (const x of taken) {
			this.expect(idOf(x), -1); // it was not done, and there are no news of it
			const said = answer(x);
			const code = said?.error ?? detail;
			if (code === "state" && said?.status) {
				void this.list.conflict(idOf(x), (item) => this.question(item, a, reason, said));
				continue;
			}
			if (code === "edited") edited.push(idOf(x));
			const text =
				code === "state" || code === "not_found"
					? t("gone")
					: code === "edited" || code === "withdrawn"
						? t(`was_${code}`)
						: code;
			this.list.say(idOf(x), t("not_done", { why: text }));
		}
		this.list.reread(edited, t("not_done", { why: t("was_edited") }));
	}

	/** question asks whether a decision shall stand over that of another. */
	private question(item: Item, a: Action, reason: string, at: Decided["results"][number]): HTMLElement {
		// A approves what waits and restores what was removed: the same end by another name.
		const act = (a === "approve" || a === "restore") && at.status !== "pending" && at.status !== "published" ? "restore" : a;
		const can = this.list.can(item.row).includes(act);
		return conflict(at, a, {
			override: can ? () => void this.decide([item], act, reason, true) : null,
			leave: () => this.list.leave(item, a),
		});
	}

	async undo(): Promise<void> {
		const last = this.undos.pop();
		if (!last || last.why) return this.desk.toast(t(last?.why ?? "undo_none"));
		const token = await last.token;
		if (token && Date.now() > last.until) {
			this.undos = [];
			this.desk.toast(t("undo_over"));
			return;
		}
		if (!token) return; // it was not done, and its card says why
		const r = await call<Undone>("POST", this.desk.api("/moderation/undo"), { undo: token });
		if (!r.body) return this.desk.toast(r.status === 409 ? t("undo_over") : t("not_done", { why: r.detail }), undefined, true);
		const back = last.taken.filter((x) => r.body?.comments.includes(idOf(x)));
		const stood = back.map(idOf).filter((id) => this.list.stands(id));
		this.list.putBack(back);
		this.list.reread(stood);
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

	/** because asks why before it rejects. */
	async because(items: readonly Item[]): Promise<void> {
		const first = this.list.fitting(items, "reject")[0];
		if (!first) return this.decide(items, "reject"); // which says why not
		const reason = await askReason(first.li);
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
		this.undos.push({ token: Promise.resolve(null), why: "undo_ban", until: Date.now() + UNDO_MS, taken: [] });
		if (b.hide) this.list.sweep(new Set(people.map(([id]) => id)), (id) => this.expect(id, 1));
		const bulk = items.filter((i) => i.row.comment.status === "pending" && this.list.stands(i.row.comment.id));
		await this.decide(bulk, "reject", b.reason);
		if (b.hide) this.desk.counts();
	}

	/** reply answers as the moderator; the words stay in the box until the server has them. */
	async reply(item: Item): Promise<void> {
		if (item.row.comment.status !== "published") return this.desk.toast(t("reply_first"));
		if (await reply(this.desk, item.row)) this.desk.toast(t("did_reply"));
	}
}
