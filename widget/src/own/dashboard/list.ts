import { fill, h } from "../../shared/dom/h.ts";
import { type Action, actions, card, gone, isPick, isReported, keyOf, place, type Row, rows, showViewers } from "./card.ts";
import { type CardList, Decisions, type TakenCard } from "./decisions.ts";
import { call, type Desk, mistaken, type Place, t } from "./desk.ts";
import { keysOn } from "./keys.tsx";
import { menu } from "./menu.ts";
import type { News } from "./news.ts";
import { type Item, Selection } from "./selection.ts";
import type { Image, Queue } from "./shapes.ts";

const PAGE = 100; // comments that one request brings
const ASIDE = 2500; // milliseconds that a card shows who decided first
const FEW = 3; // cards that are brought up to date one by one
const BLINK = 600; // milliseconds within which a key was meant for the card that has just stepped aside
const HIDDEN = 7 * 24 * 3_600_000; // milliseconds back from a ban that hides comments

/**
 * List is cards with decisions: by button, by key, many at once. A decided
 * comment leaves at once and comes back if the server says no. Nothing moves
 * under the cursor: what arrives waits behind a line above the list.
 */
export class List implements CardList {
	readonly el = h("ol", { "aria-label": t("comments") });
	readonly note = h("div", { role: "status" });
	private readonly arrivals = h("button.arrive", { type: "button", hidden: true, onclick: () => void this.load(false, true) });
	private readonly more = h(
		"div.more",
		{ hidden: true },
		h("button.btn", { type: "button", onclick: () => void this.load(true) }, t("more")),
	);
	private items: Item[] = [];
	private readonly selection = new Selection(
		() => this.items,
		(a) => this.decide(this.targets(), a),
		() => void this.decisions.ban(this.targets()),
		() => this.desk.may("sanction"),
	);
	private readonly decisions: Decisions;
	readonly root = h("div.q-l", {}, this.arrivals, this.note, this.el, this.more, this.selection.bar);
	private next: string | null = null;
	private turn = 0;
	private loaded: Promise<void> = Promise.resolve();
	private cur: Item | null = null;
	private late = new Set<string>();
	private readonly contested = new Set<string>(); // cards with a question whether another's decision shall stand
	private lost: { item: Item; at: number; action: string; until: number } | null = null; // the current card, until another decided it

	constructor(
		private readonly desk: Desk,
		private readonly url: (cursor: string | null, limit: number) => string,
		private readonly empty: () => string,
		readonly stays: (row: Row, a: Action) => boolean,
		private readonly chosen: (row: Row | null) => void,
		private readonly news: News | null = null,
	) {
		this.decisions = new Decisions(desk, this);
	}

	get current(): Row | null {
		return this.cur?.row ?? null;
	}

	/** load brings the first page, or a further one; focus goes to the first card for who asked for it. */
	load(further = false, focus = false): Promise<void> {
		const done = this.read(further, focus);
		if (!further) this.loaded = done;
		return done;
	}

	/** place is the current card, and how much of the list is there. */
	place(): Place {
		return { id: this.cur?.row.comment.id ?? "", at: this.cur ? this.items.indexOf(this.cur) : 0, rows: this.items.length };
	}

	/** restore goes back to a place; where its card has gone, to the one that stands there now. */
	async restore(p: Place): Promise<void> {
		await this.loaded;
		while (!this.find(p.id) && this.next !== null && this.items.length < p.rows) await this.load(true);
		this.choose(this.find(p.id) ?? this.items[Math.min(p.at, this.items.length - 1)] ?? null, true);
	}

	private async read(further: boolean, focus: boolean): Promise<void> {
		const turn = ++this.turn;
		if (!further) {
			this.late.clear();
			this.paintArrivals();
			if (this.items.length === 0) this.blank(t("loading"));
		}
		const r = await call<Queue>("GET", this.url(further ? this.next : null, PAGE));
		if (turn !== this.turn) return;
		if (r.status === 401) return location.reload();
		if (!r.body) {
			const again = () => h("button.lnk", { type: "button", onclick: () => void this.load(further) }, t("try_again"));
			fill(this.note, [h("p.alert", {}, ...(mistaken(r) ? [r.detail] : [`${t("failed")} ${r.detail} `, again()]))]);
			return;
		}
		this.news?.begin(r.body, further);
		const fresh = rows(r.body).map((row) => this.item(row));
		if (!further) {
			this.items = [];
			this.contested.clear();
			fill(this.el, []);
			this.selection.clear();
		}
		this.items.push(...fresh);
		this.el.append(...fresh.map((i) => i.li));
		this.next = r.body.next_cursor;
		this.more.hidden = this.next === null;
		this.news?.drawn(this.items, this.next === null);
		this.state();
		this.looked();
		if (!further) this.choose(this.items[0] ?? null, focus);
	}

	/**
	 * refresh is for who was away: what came is counted above the list, what went
	 * leaves it, and the card that is being read stays where it is, with all that
	 * is picked.
	 */
	async refresh(): Promise<void> {
		this.decisions.forget();
		const turn = ++this.turn;
		const r = await call<Queue>("GET", this.url(null, PAGE));
		if (turn !== this.turn || !r.body) return;
		const now = new Map(rows(r.body).map((row) => [row.comment.id, row]));
		for (const old of [...this.items]) {
			const row = now.get(old.row.comment.id);
			now.delete(old.row.comment.id);
			if (row) this.replace(old, row);
			else if (r.body.next_cursor === null) this.drop(old, old.li.contains(document.activeElement));
		}
		if (this.items.length === 0) return void this.load();
		for (const id of now.keys()) this.late.add(id);
		this.paintArrivals();
		this.state();
	}

	/** looked shows on each card who else has it before them. */
	looked(): void {
		for (const i of this.items) showViewers(i.li, this.desk.presence.at(i.row.comment.id));
	}

	private blank(text: string): void {
		fill(this.note, text ? [h("p.empty", {}, text)] : []);
	}

	private state(): void {
		if (this.items.length === 0 && this.next !== null) void this.load(true);
		else this.blank(this.items.length === 0 ? this.empty() : "");
	}

	/** can are the acts that a card takes from who is here. */
	can(row: Row): Action[] {
		return actions(row.comment, isReported(row)).filter((a) =>
			this.desk.may(isPick(a) ? "pick" : "decide"),
		);
	}

	fitting(items: readonly Item[], a: Action): Item[] {
		return items.filter((i) => this.items.includes(i) && this.can(i.row).includes(a));
	}

	private find(id: string): Item | undefined {
		return this.items.find((i) => i.row.comment.id === id);
	}

	stands(id: string): boolean {
		return this.find(id) !== undefined;
	}

	private item(row: Row): Item {
		const item: Item = {
			row,
			li: card(row, {
				decide: (a) => this.decide([item], a),
				discount: () => void this.decisions.decide([item], "approve", "", false, true),
				ban: () => void this.decisions.ban([item]),
				more: (at) => this.menu(item, at),
				person: (id) => this.desk.go({ screen: "people", person: id }),
				choose: () => this.choose(item, false),
				select: this.desk.may("decide") ? (on, range) => this.selection.select(item, on, range) : null,
				can: this.can(row),
				bans: this.desk.may("sanction"),
				keys: keysOn(),
				image: this.desk.may("decide")
					? async (id, act) => {
							const r = await call<{ image: Image }>("POST", this.desk.api(`/moderation/images/${id}`), { act });
							return r.body?.image ?? r.detail;
						}
					: null,
				fresh: this.news?.fresh(row) ?? false,
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
		if (this.selection.size > 0) return this.selection.chosen();
		return this.cur ? [this.cur] : [];
	}

	private menu(item: Item, at: HTMLElement, up = false): void {
		const { comment: c } = item.row;
		const href = place(item.row);
		const list = this.can(item.row);
		menu(
			at,
			[
				...(href ? [{ label: t("open_page"), run: () => open(href, "_blank", "noopener") }] : []),
				...(c.status === "published" ? [{ label: t("reply_as"), run: () => void this.decisions.reply(item) }] : []),
				...(c.author
					? [
							{
								label: t("about_person", { name: c.author.name }),
								run: () => this.desk.go({ screen: "people", person: c.author?.id ?? "" }),
							},
						]
					: []),
				...(c.author && !c.author.guest && this.desk.may("thread")
					? [{ label: t("wrote_article"), run: () => void this.wrote(c.thread_id, c.author?.id ?? "") }]
					: []),
				{ label: t("more_of_thread"), run: () => this.desk.go({ screen: "comments", thread: c.thread_id }) },
				...(list.includes("pin") || list.includes("unpin")
					? [{ label: t(c.pinned ? "unpin" : "pin"), run: () => void this.decisions.decide([item], c.pinned ? "unpin" : "pin") }]
					: []),
				...(list.includes("delete")
					? [{ label: t("delete"), danger: true, run: () => void this.decisions.decide([item], "delete") }]
					: []),
			],
			up,
		);
	}

	/** wrote says who wrote the article of a thread. */
	private async wrote(thread: string, person: string): Promise<void> {
		const r = await call("PATCH", this.desk.api(`/moderation/threads/${thread}`), { authors: [person] });
		this.desk.toast(r.status < 300 ? t("wrote_done") : r.detail);
	}

	/** act is a press of the bar at the bottom of a phone. */
	act(a: Action | "ban" | "more", at?: HTMLElement): void {
		if (a === "ban") void this.decisions.ban(this.targets());
		else if (a === "more") {
			if (this.cur && at) this.menu(this.cur, at, true);
		} else this.decide(this.targets(), this.fits(a));
	}

	/** decide carries out what was pressed; a rejection is asked for its reason first. */
	private decide(items: readonly Item[], a: Action): void {
		void (a === "reject" ? this.decisions.because(items) : this.decisions.decide(items, a));
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
		if (k === "escape" && this.selection.size > 0) {
			this.selection.clear();
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
				if (this.cur && this.desk.may("decide"))
					this.selection.select(this.cur, e.shiftKey || !this.selection.has(this.cur), e.shiftKey);
				return true;
			case "l":
				if (this.cur && this.desk.may("decide")) this.selection.selectSimilar(this.cur);
				return true;
			case "u":
				void this.decisions.undo();
				return true;
			case "o": {
				const href = this.cur ? place(this.cur.row) : "";
				if (href) open(href, "_blank", "noopener");
				return true;
			}
			case "b":
				void this.decisions.ban(this.targets());
				return true;
			case "c":
				if (this.cur) void this.decisions.reply(this.cur);
				return true;
		}
		const act = (Object.entries(keyOf).find(([, v]) => v?.toLowerCase() === k)?.[0] ?? "") as Action | "";
		if (act === "") return false;
		const targets = this.targets();
		const want = this.fits(act === "restore" ? "approve" : act);
		if (!this.meant(want)) this.decide(targets, want);
		return true;
	}

	/**
	 * meant takes a key that was on its way when another decided the card under
	 * it: that card comes back with the question, and the next is left alone.
	 */
	private meant(a: Action): boolean {
		const lost = this.lost;
		this.lost = null;
		if (!lost || Date.now() > lost.until || this.selection.size > 0) return false;
		if (lost.action === a) return true; // both came to the same
		lost.item.li.inert = false;
		this.putBack([lost]);
		void this.decisions.decide([lost.item], a); // the server knows better, and says how it stands
		return true;
	}

	sweep(authors: ReadonlySet<string>, gone: (id: string) => void): void {
		const from = Date.now() - HIDDEN;
		const swept = this.items.filter(
			({ row: { comment: c } }) =>
				authors.has(c.author?.id ?? "") &&
				(c.status === "pending" || c.status === "published") &&
				new Date(c.created_at).getTime() > from,
		);
		for (const i of swept) gone(i.row.comment.id);
		this.take(swept, (i) => !this.stays(i.row, "reject"));
		this.reread(swept.map((i) => i.row.comment.id));
		this.state();
	}

	take(items: readonly Item[], leaves: (i: Item) => boolean): TakenCard[] {
		const taken = items.map((item) => ({ item, at: this.items.indexOf(item) })).sort((x, y) => x.at - y.at);
		const left = taken.filter(({ item }) => leaves(item));
		const next =
			this.items.slice(taken[0]?.at ?? 0).find((i) => !items.includes(i)) ??
			this.items.filter((i) => !items.includes(i)).at(-1) ??
			null;
		for (const { item } of left) {
			this.contested.delete(item.row.comment.id);
			item.li.remove();
			this.items.splice(this.items.indexOf(item), 1);
		}
		this.selection.clear();
		if (left.length > 0) this.choose(next, true);
		if (this.items.length < PAGE / 2 && this.next !== null) void this.load(true);
		return taken;
	}

	putBack(taken: readonly TakenCard[]): void {
		for (const { item, at } of taken) {
			this.late.delete(item.row.comment.id);
			if (this.stands(item.row.comment.id)) continue;
			this.items.splice(at, 0, item);
			this.el.insertBefore(item.li, this.items[at + 1]?.li ?? null);
		}
		this.paintArrivals();
		this.selection.paint(); // what comes back had been picked, and no longer is
		this.blank("");
		const first = taken[0] && this.find(taken[0].item.row.comment.id);
		if (first) this.choose(first, true);
	}

	say(id: string, text: string): void {
		const li = this.find(id)?.li;
		li?.querySelector(".alert")?.remove();
		li?.lastElementChild?.append(h("p.alert", { role: "alert" }, text));
	}

	async conflict(id: string, question: (item: Item) => HTMLElement): Promise<void> {
		this.contested.add(id); // the news of the other's decision may come after the answer
		await this.again(id, "");
		const item = this.find(id);
		if (!item) return void this.contested.delete(id);
		this.contested.add(id);
		this.selection.drop(id); // what was picked is not what stands there now
		item.li.querySelector(".clash")?.remove();
		item.li.querySelector(".alert")?.remove();
		item.li.lastElementChild?.append(question(item));
	}

	leave(item: Item, a: Action): void {
		if (!this.items.includes(item)) return;
		const had = item.li.contains(document.activeElement);
		this.contested.delete(item.row.comment.id);
		item.li.querySelector(".clash")?.remove();
		if (this.stays(item.row, a)) {
			if (had) item.li.focus({ preventScroll: true });
			return;
		}
		const at = this.items.indexOf(item);
		this.items.splice(at, 1);
		item.li.remove();
		if (this.cur === item) this.choose(this.items[at] ?? this.items[at - 1] ?? null, had);
		this.state();
	}

	settle(): void {
		this.state();
	}

	/** reread brings cards up to date in their places, and says why; many at once come with the list. */
	reread(ids: readonly string[], why = ""): void {
		if (ids.length > FEW) void this.refresh();
		else for (const id of ids) void this.again(id, why);
	}

	private async again(id: string, why: string): Promise<void> {
		if (!this.stands(id)) return;
		const r = await call<Queue>("GET", this.desk.api(`/moderation/comments/${id}`));
		const row = r.body && rows(r.body)[0];
		const old = this.find(id);
		if (!row || !old) return;
		if (why) this.selection.drop(id); // what was picked is not what stands there now
		this.replace(old, row);
		if (why) this.say(id, why);
		this.looked();
	}

	/** replace puts a newer card where an older one is, unless nothing has changed. */
	private replace(old: Item, row: Row): void {
		if (JSON.stringify(old.row) === JSON.stringify(row)) return;
		this.contested.delete(row.comment.id); // its question goes with the older card
		const item = this.item(row);
		const had = old.li.contains(document.activeElement);
		this.items[this.items.indexOf(old)] = item;
		old.li.replaceWith(item.li);
		this.selection.paint();
		if (this.cur === old) this.choose(item, had);
	}

	/** drop takes a card away that others have dealt with; who was on it goes on to the next. */
	private drop(item: Item, focus: boolean): void {
		const at = this.items.indexOf(item);
		this.items.splice(at, 1);
		this.selection.drop(item.row.comment.id);
		item.li.inert = true;
		item.li.classList.remove("cur");
		if (this.cur === item) this.choose(this.items[at] ?? this.items[at - 1] ?? null, focus);
		this.contested.delete(item.row.comment.id);
		setTimeout(() => this.items.includes(item) || item.li.remove(), ASIDE); // it may be back by then
	}

	/** decided hears what another moderator did; false says that the comment is not among these. */
	decided(id: string, by: string, action: string): boolean {
		if (this.decisions.ours(id) || this.contested.has(id)) return true;
		const item = this.find(id);
		if (!item) return false;
		const word =
			action === "approve" || action === "restore"
				? "other_approved"
				: action === "spam"
					? "other_spam"
					: action === "reject" || action === "delete"
						? "other_rejected"
						: null;
		if (!word) return true;
		const had = item.li.contains(document.activeElement);
		gone(item.li, t(word, { name: by }));
		if (this.cur === item)
			this.lost = { item, at: this.items.indexOf(item), action, until: Date.now() + BLINK };
		this.drop(item, had);
		setTimeout(() => this.state(), ASIDE);
		return true;
	}

	/** moved hears where every comment has its place whatever becomes of it. */
	moved(id: string): void {
		if (!this.decisions.ours(id)) this.reread([id]);
	}

	/** edited hears that a text is another now. */
	edited(id: string): void {
		this.reread([id], t("was_edited_now"));
	}

	/** arrived notes that something new waits; an empty list shows it at once. */
	arrived(id: string): void {
		if (this.stands(id)) return;
		if (this.items.length === 0) return void this.load();
		this.late.add(id);
		this.paintArrivals();
	}

	private paintArrivals(): void {
		this.arrivals.hidden = this.late.size === 0;
		this.arrivals.textContent = t("arrived", { n: this.late.size });
	}
}
