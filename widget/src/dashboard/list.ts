import { fill, h } from "../view/h.ts";
import { type Action, actions, card, gone, keyOf, lookers, minded, place, type Row, rows } from "./card.ts";
import { announce, call, type Desk, t } from "./desk.ts";
import { askBan, askReason, askText, keysOn, menu } from "./dialogs.ts";
import { type Item, Picks } from "./picks.ts";
import type { Decided, Queue } from "./shapes.ts";

const PAGE = 100; // comments that one request brings
const ASIDE = 2500; // milliseconds that a card shows who decided first

/**
 * List is cards with decisions: by button, by key, many at once. A decided
 * comment leaves at once and comes back if the server says no. Nothing moves
 * under the cursor: what arrives waits behind a line above the list.
 */
export class List {
	readonly el = h("ol", { "aria-label": t("comments") });
	readonly note = h("div", { role: "status" });
	private readonly arrivals = h("button.arrive", { type: "button", hidden: true, onclick: () => void this.load() });
	private readonly more = h(
		"div.more",
		{ hidden: true },
		h("button.btn", { type: "button", onclick: () => void this.load(true) }, t("more")),
	);
	private items: Item[] = [];
	private readonly picks = new Picks(
		() => this.items,
		(a) => void this.decide(this.targets(), a),
		() => void this.ban(this.targets()),
	);
	readonly root = h("div.q-l", {}, this.arrivals, this.note, this.el, this.more, this.picks.bar);
	private next: string | null = null;
	private turn = 0;
	private cur: Item | null = null;
	private late = new Set<string>();
	private undos: { token: string; until: number; items: { item: Item; at: number }[] }[] = [];
	private readonly mine = new Set<string>();

	constructor(
		private readonly desk: Desk,
		private readonly url: (cursor: string | null, limit: number) => string,
		private readonly empty: () => string,
		private readonly stays: (row: Row, a: Action) => boolean,
		private readonly chosen: (row: Row | null) => void,
	) {}

	get current(): Row | null {
		return this.cur?.row ?? null;
	}

	async load(further = false): Promise<void> {
		const turn = ++this.turn;
		if (!further) {
			this.late.clear();
			this.paintArrivals();
			if (this.items.length === 0) this.say(t("loading"));
		}
		const r = await call<Queue>("GET", this.url(further ? this.next : null, PAGE));
		if (turn !== this.turn) return;
		if (r.status === 401) return location.reload();
		if (!r.body) {
			fill(this.note, [
				h(
					"p.alert",
					{},
					`${t("failed")} ${r.detail} `,
					h("button.lnk", { type: "button", onclick: () => void this.load(further) }, t("try_again")),
				),
			]);
			return;
		}
		const fresh = rows(r.body).map((row) => this.item(row));
		if (!further) {
			this.items = [];
			fill(this.el, []);
			this.picks.clear();
		}
		this.items.push(...fresh);
		this.el.append(...fresh.map((i) => i.li));
		this.next = r.body.next_cursor;
		this.more.hidden = this.next === null;
		this.state();
		this.looked();
		if (!further) this.choose(this.items[0] ?? null, false);
	}

	/** looked shows on each card who else has it before them. */
	looked(): void {
		for (const i of this.items) lookers(i.li, this.desk.presence.at(i.row.comment.id));
	}

	private say(text: string): void {
		fill(this.note, text ? [h("p.empty", {}, text)] : []);
	}

	private state(): void {
		if (this.items.length === 0 && this.next !== null) void this.load(true);
		else this.say(this.items.length === 0 ? this.empty() : "");
	}

	private item(row: Row): Item {
		const item: Item = {
			row,
			li: card(row, {
				decide: (a) => void this.decide([item], a),
				ban: () => void this.ban([item]),
				more: (at) => this.menu(item, at),
				person: (id) => this.desk.go({ screen: "people", person: id }),
				choose: () => this.choose(item, false),
				select: (on, range) => this.picks.select(item, on, range),
				may: this.desk.may("decide") || this.desk.may("pick"),
				keys: keysOn(),
			}),
		};
		return item;
	}

	/** choose makes a card the current one: keys and the bar at the bottom act on it. */
	private choose(item: Item | null, focus: boolean): void {
		if (item && !item.li.isConnected) return; // the click that decided it arrives here last
		if (this.cur !== item) {
			this.cur?.li.classList.remove("cur");
			this.cur = item;
			item?.li.classList.add("cur");
			this.chosen(item?.row ?? null);
		}
		if (item && focus) {
			item.li.focus({ preventScroll: true });
			item.li.scrollIntoView({ block: "nearest" });
		}
	}

	private step(d: number): void {
		const i = this.cur ? this.items.indexOf(this.cur) : -1;
		const to = this.items[Math.max(0, Math.min(this.items.length - 1, i + d))];
		if (to) this.choose(to, true);
		if (d > 0 && i + d >= this.items.length - 3 && this.next !== null) void this.load(true);
	}

	private targets(): Item[] {
		if (this.picks.size > 0) return this.picks.chosen();
		return this.cur ? [this.cur] : [];
	}

	private menu(item: Item, at: HTMLElement, up = false): void {
		const { comment: c } = item.row;
		const href = place(item.row);
		const list = actions(c, minded(item.row));
		menu(
			at,
			[
				...(list.includes("reject") ? [{ label: t("reject_because"), run: () => void this.because([item]) }] : []),
				...(href ? [{ label: t("open_page"), run: () => open(href, "_blank", "noopener") }] : []),
				...(c.status === "published" ? [{ label: t("reply_as"), run: () => void this.reply(item) }] : []),
				...(c.author
					? [
							{
								label: t("about_person", { name: c.author.name }),
								run: () => this.desk.go({ screen: "people", person: c.author?.id ?? "" }),
							},
						]
					: []),
				{ label: t("more_of_thread"), run: () => this.desk.go({ screen: "comments", thread: c.thread_id }) },
				...(list.includes("delete") ? [{ label: t("delete"), danger: true, run: () => void this.decide([item], "delete") }] : []),
			],
			up,
		);
	}

	/** act is a press of the bar at the bottom of a phone. */
	act(a: Action | "ban" | "more", at?: HTMLElement): void {
		if (a === "ban") void this.ban(this.targets());
		else if (a === "more") {
			if (this.cur && at) this.menu(this.cur, at, true);
		} else void this.decide(this.targets(), this.fits(a));
	}

	/** fits gives a key its meaning where the card stands: A restores what was removed. */
	private fits(a: Action): Action {
		const c = this.cur?.row.comment;
		if (a === "approve" && c && (c.status === "spam" || c.status === "rejected" || c.status === "deleted")) return "restore";
		if (a === "feature" && c?.featured) return "unfeature";
		return a;
	}

	key(e: KeyboardEvent): boolean {
		const k = e.key.toLowerCase();
		if (k === "escape" && this.picks.size > 0) {
			this.picks.clear();
			return true;
		}
		if (!keysOn()) return false;
		switch (k) {
			case "j":
				this.step(1);
				return true;
			case "k":
				this.step(-1);
				return true;
			case "x":
				if (this.cur) this.picks.select(this.cur, e.shiftKey || !this.picks.has(this.cur), e.shiftKey);
				return true;
			case "l":
				if (this.cur) this.picks.alike(this.cur);
				return true;
			case "u":
				void this.undo();
				return true;
			case "o": {
				const href = this.cur ? place(this.cur.row) : "";
				if (href) open(href, "_blank", "noopener");
				return true;
			}
			case "b":
				void this.ban(this.targets());
				return true;
			case "c":
				if (this.cur) void this.reply(this.cur);
				return true;
			case "r":
				if (e.shiftKey) {
					void this.because(this.targets());
					return true;
				}
		}
		const act = (Object.entries(keyOf).find(([, v]) => v?.toLowerCase() === k)?.[0] ?? "") as Action | "";
		if (act === "") return false;
		const targets = this.targets();
		const want = this.fits(act === "restore" ? "approve" : act);
		if (targets.length > 0) void this.decide(targets, want);
		return true;
	}

	private async because(items: Item[]): Promise<void> {
		const reason = await askReason();
		if (reason !== null) await this.decide(items, "reject", reason);
	}

	private async ban(items: Item[]): Promise<void> {
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
		const bulk = items.filter((i) => i.row.comment.status === "pending");
		if (failed) this.desk.toast(t("not_done", { why: failed }));
		else {
			this.desk.toast(t("did_ban", { name }));
			if (bulk.length > 0) await this.decide(bulk, "reject", b.reason);
			if (b.hide) void this.load();
		}
	}

	private async reply(item: Item): Promise<void> {
		const c = item.row.comment;
		if (c.status !== "published") return this.desk.toast(t("reply_first"));
		const text = await askText(
			t("reply_head", { name: c.author?.name ?? t("guest") }),
			t("reply_lead"),
			t("reply_label"),
			"",
			true,
		);
		if (!text) return;
		const r = await call("POST", this.desk.api("/comments"), {
			thread: item.row.thread?.key ?? "",
			url: item.row.thread?.url ?? "",
			title: item.row.thread?.title ?? "",
			parent_id: c.id,
			body: text,
		});
		this.desk.toast(r.status === 201 ? t("did_reply") : t("not_done", { why: r.detail }));
	}

	private async decide(items: Item[], a: Action, reason = ""): Promise<void> {
		const can = items.filter((i) => i.li.isConnected && actions(i.row.comment, minded(i.row)).includes(a));
		if (can.length === 0 || !this.desk.may(a === "feature" || a === "unfeature" ? "pick" : "decide")) return;
		const taken = can.map((item) => ({ item, at: this.items.indexOf(item) })).sort((x, y) => x.at - y.at);
		const leaves = taken.filter(({ item }) => !this.stays(item.row, a));
		const after =
			this.items.slice(taken[0]?.at ?? 0).find((i) => !can.includes(i)) ??
			this.items.filter((i) => !can.includes(i)).at(-1) ??
			null;
		for (const { item } of leaves) {
			item.li.remove();
			this.items.splice(this.items.indexOf(item), 1);
		}
		if (leaves.length > 0) this.choose(after, true);
		this.picks.clear();
		if (leaves.length === taken.length && taken.some(({ item }) => item === this.cur)) this.choose(after, true);
		for (const { item } of taken) this.mine.add(item.row.comment.id);
		if (this.items.length < PAGE / 2 && this.next !== null) void this.load(true);
		const r = await call<Decided>(
			"POST",
			this.desk.api("/moderation/decisions"),
			can.map(({ row: { comment: c } }) => ({
				comment_id: c.id,
				action: a,
				edited_at: c.edited_at ?? "", // what was read: a text edited since is read again first
				...(reason ? { reason } : {}),
			})),
		);
		const failed = r.body
			? taken.filter(({ item }) => !r.body?.results.find((x) => x.comment_id === item.row.comment.id)?.ok)
			: taken;
		const done = taken.filter((x) => !failed.includes(x));
		if (failed.length > 0) this.putBack(failed, r.detail || r.body?.results.find((x) => x.error)?.error || String(r.status));
		if (done.length > 0 && r.body?.undo) {
			const undo = { token: r.body.undo, until: Date.now() + 10_000, items: done };
			this.undos.push(undo);
			const text =
				done.length === 1
					? t(`did_${a}`, { name: done[0]?.item.row.comment.author?.name ?? t("guest") })
					: t(`did_${a}_n`, { n: done.length });
			this.desk.toast(text, () => void this.undo());
			announce(`${text}. ${t("undo_says")}`);
			if (a === "feature" || a === "unfeature") for (const { item } of done) item.row.comment.featured = a === "feature";
		}
		this.state();
		this.desk.counts();
	}

	private putBack(failed: { item: Item; at: number }[], why: string): void {
		for (const { item, at } of failed) {
			if (!this.items.includes(item)) {
				this.items.splice(at, 0, item);
				this.el.insertBefore(item.li, this.items[at + 1]?.li ?? null);
			}
			item.li.querySelector(".alert")?.remove();
			const text =
				why === "state" || why === "not_found" ? t("gone") : why === "edited" || why === "withdrawn" ? t(`was_${why}`) : why;
			item.li.lastElementChild?.append(h("p.alert", { role: "alert" }, t("not_done", { why: text })));
			if (why === "edited") void this.reread(item.row.comment.id, t("not_done", { why: text }));
		}
		const first = failed[0]?.item;
		if (first) this.choose(first, true);
	}

	private async undo(): Promise<void> {
		const last = this.undos.pop();
		if (!last || Date.now() > last.until) {
			this.undos = [];
			this.desk.toast(t("undo_over"));
			return;
		}
		const r = await call<{ comments: string[] }>("POST", this.desk.api("/moderation/undo"), { undo: last.token });
		if (!r.body) return this.desk.toast(r.status === 409 ? t("undo_over") : t("not_done", { why: r.detail }));
		const back = last.items.filter(({ item }) => r.body?.comments.includes(item.row.comment.id));
		for (const { item, at } of back) {
			if (this.items.includes(item)) continue;
			this.items.splice(at, 0, item);
			this.el.insertBefore(item.li, this.items[at + 1]?.li ?? null);
		}
		this.say("");
		if (back[0]) this.choose(back[0].item, true);
		const text = t("did_undo", { n: back.length });
		this.desk.toast(text);
		announce(text);
		this.desk.counts();
	}

	/** reread brings the text that a comment has now, in its place, and says why. */
	async reread(id: string, why = t("was_edited_now")): Promise<void> {
		const old = this.items.find((i) => i.row.comment.id === id);
		if (!old) return;
		const r = await call<Queue>("GET", this.desk.api(`/moderation/comments/${id}`));
		const row = r.body && rows(r.body)[0];
		const at = this.items.indexOf(old);
		if (!row || at < 0) return;
		const item = this.item(row);
		const had = old.li.contains(document.activeElement);
		this.picks.select(old, false, false); // what was picked is not what stands there now
		this.items[at] = item;
		old.li.replaceWith(item.li);
		item.li.lastElementChild?.append(h("p.alert", { role: "alert" }, why));
		this.looked();
		if (this.cur === old) this.choose(item, had);
	}

	/** decided hears what another moderator did. */
	decided(id: string, by: string, action: string): void {
		if (this.mine.has(id)) return;
		const item = this.items.find((i) => i.row.comment.id === id);
		if (!item) return;
		const word =
			action === "approve" || action === "restore"
				? "other_approved"
				: action === "spam"
					? "other_spam"
					: action === "reject" || action === "delete"
						? "other_rejected"
						: null;
		if (!word) return;
		gone(item.li, t(word, { name: by }));
		setTimeout(() => {
			if (this.cur === item) this.step(this.items.indexOf(item) < this.items.length - 1 ? 1 : -1);
			this.items = this.items.filter((i) => i !== item);
			item.li.remove();
			if (this.cur === item) this.choose(null, false);
			this.state();
		}, ASIDE);
	}

	/** arrived notes that something new waits; an empty list shows it at once. */
	arrived(id: string): void {
		if (this.mine.has(id) || this.items.some((i) => i.row.comment.id === id)) return;
		if (this.items.length === 0) return void this.load();
		this.late.add(id);
		this.paintArrivals();
	}

	private paintArrivals(): void {
		this.arrivals.hidden = this.late.size === 0;
		this.arrivals.textContent = t("arrived", { n: this.late.size });
	}
}
