import { fill, h } from "../view/h.ts";
import { type Action, actions, card, gone, keyOf, lookers, minded, place, type Row, rows } from "./card.ts";
import { call, type Desk, t } from "./desk.ts";
import { Deciding, type Shelf, type Taken } from "./deciding.ts";
import { keysOn, menu } from "./dialogs.ts";
import { type Item, Picks } from "./picks.ts";
import type { Queue } from "./shapes.ts";

const PAGE = 100; // comments that one request brings
const ASIDE = 2500; // milliseconds that a card shows who decided first
const FEW = 3; // cards that are brought up to date one by one

/**
 * List is cards with decisions: by button, by key, many at once. A decided
 * comment leaves at once and comes back if the server says no. Nothing moves
 * under the cursor: what arrives waits behind a line above the list.
 */
export class List implements Shelf {
	readonly el = h("ol", { "aria-label": t("comments") });
	readonly note = h("div", { role: "status" });
	private readonly arrivals = h("button.arrive", { type: "button", hidden: true, onclick: () => void this.load(false, true) });
	private readonly more = h(
		"div.more",
		{ hidden: true },
		h("button.btn", { type: "button", onclick: () => void this.load(true) }, t("more")),
	);
	private items: Item[] = [];
	private readonly picks = new Picks(
		() => this.items,
		(a) => void this.deciding.decide(this.targets(), a),
		() => void this.deciding.ban(this.targets()),
		() => this.desk.may("sanction"),
	);
	private readonly deciding: Deciding;
	readonly root = h("div.q-l", {}, this.arrivals, this.note, this.el, this.more, this.picks.bar);
	private next: string | null = null;
	private turn = 0;
	private cur: Item | null = null;
	private late = new Set<string>();

	constructor(
		private readonly desk: Desk,
		private readonly url: (cursor: string | null, limit: number) => string,
		private readonly empty: () => string,
		readonly stays: (row: Row, a: Action) => boolean,
		private readonly chosen: (row: Row | null) => void,
	) {
		this.deciding = new Deciding(desk, this);
	}

	get current(): Row | null {
		return this.cur?.row ?? null;
	}

	/** load brings the first page, or a further one; focus goes to the first card for who asked for it. */
	async load(further = false, focus = false): Promise<void> {
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
		if (!further) this.choose(this.items[0] ?? null, focus);
	}

	/**
	 * refresh is for who was away: what came is counted above the list, what went
	 * leaves it, and the card that is being read stays where it is, with all that
	 * is picked.
	 */
	async refresh(): Promise<void> {
		this.deciding.forget();
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
		for (const i of this.items) lookers(i.li, this.desk.presence.at(i.row.comment.id));
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
		return actions(row.comment, minded(row)).filter((a) =>
			this.desk.may(a === "feature" || a === "unfeature" ? "pick" : "decide"),
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
				decide: (a) => void this.deciding.decide([item], a),
				ban: () => void this.deciding.ban([item]),
				more: (at) => this.menu(item, at),
				person: (id) => this.desk.go({ screen: "people", person: id }),
				choose: () => this.choose(item, false),
				select: this.desk.may("decide") ? (on, range) => this.picks.select(item, on, range) : null,
				can: this.can(row),
				bans: this.desk.may("sanction"),
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
		const list = this.can(item.row);
		menu(
			at,
			[
				...(list.includes("reject") ? [{ label: t("reject_because"), run: () => void this.deciding.because([item]) }] : []),
				...(href ? [{ label: t("open_page"), run: () => open(href, "_blank", "noopener") }] : []),
				...(c.status === "published" ? [{ label: t("reply_as"), run: () => void this.deciding.reply(item) }] : []),
				...(c.author
					? [
							{
								label: t("about_person", { name: c.author.name }),
								run: () => this.desk.go({ screen: "people", person: c.author?.id ?? "" }),
							},
						]
					: []),
				{ label: t("more_of_thread"), run: () => this.desk.go({ screen: "comments", thread: c.thread_id }) },
				...(list.includes("delete")
					? [{ label: t("delete"), danger: true, run: () => void this.deciding.decide([item], "delete") }]
					: []),
			],
			up,
		);
	}

	/** act is a press of the bar at the bottom of a phone. */
	act(a: Action | "ban" | "more", at?: HTMLElement): void {
		if (a === "ban") void this.deciding.ban(this.targets());
		else if (a === "more") {
			if (this.cur && at) this.menu(this.cur, at, true);
		} else void this.deciding.decide(this.targets(), this.fits(a));
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
				if (this.cur && this.desk.may("decide")) this.picks.select(this.cur, e.shiftKey || !this.picks.has(this.cur), e.shiftKey);
				return true;
			case "l":
				if (this.cur && this.desk.may("decide")) this.picks.alike(this.cur);
				return true;
			case "u":
				void this.deciding.undo();
				return true;
			case "o": {
				const href = this.cur ? place(this.cur.row) : "";
				if (href) open(href, "_blank", "noopener");
				return true;
			}
			case "b":
				void this.deciding.ban(this.targets());
				return true;
			case "c":
				if (this.cur) void this.deciding.reply(this.cur);
				return true;
			case "r":
				if (e.shiftKey) {
					void this.deciding.because(this.targets());
					return true;
				}
		}
		const act = (Object.entries(keyOf).find(([, v]) => v?.toLowerCase() === k)?.[0] ?? "") as Action | "";
		if (act === "") return false;
		const targets = this.targets();
		const want = this.fits(act === "restore" ? "approve" : act);
		void this.deciding.decide(targets, want);
		return true;
	}

	take(items: readonly Item[], leaves: (i: Item) => boolean): Taken[] {
		const taken = items.map((item) => ({ item, at: this.items.indexOf(item) })).sort((x, y) => x.at - y.at);
		const left = taken.filter(({ item }) => leaves(item));
		const next =
			this.items.slice(taken[0]?.at ?? 0).find((i) => !items.includes(i)) ??
			this.items.filter((i) => !items.includes(i)).at(-1) ??
			null;
		for (const { item } of left) {
			item.li.remove();
			this.items.splice(this.items.indexOf(item), 1);
		}
		this.picks.clear();
		if (left.length > 0) this.choose(next, true);
		if (this.items.length < PAGE / 2 && this.next !== null) void this.load(true);
		return taken;
	}

	putBack(taken: readonly Taken[]): void {
		for (const { item, at } of taken) {
			this.late.delete(item.row.comment.id);
			if (this.stands(item.row.comment.id)) continue;
			this.items.splice(at, 0, item);
			this.el.insertBefore(item.li, this.items[at + 1]?.li ?? null);
		}
		this.paintArrivals();
		this.blank("");
		const first = taken[0] && this.find(taken[0].item.row.comment.id);
		if (first) this.choose(first, true);
	}

	say(id: string, text: string): void {
		const li = this.find(id)?.li;
		li?.querySelector(".alert")?.remove();
		li?.lastElementChild?.append(h("p.alert", { role: "alert" }, text));
	}

	async clash(id: string, question: (item: Item) => HTMLElement): Promise<void> {
		await this.again(id, "");
		const item = this.find(id);
		if (!item) return;
		this.picks.drop(id); // what was picked is not what stands there now
		item.li.querySelector(".clash")?.remove();
		item.li.querySelector(".alert")?.remove();
		item.li.lastElementChild?.append(question(item));
	}

	leave(item: Item, a: Action): void {
		if (!this.items.includes(item)) return;
		const had = item.li.contains(document.activeElement);
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
		if (why) this.picks.drop(id); // what was picked is not what stands there now
		this.replace(old, row);
		if (why) this.say(id, why);
		this.looked();
	}

	/** replace puts a newer card where an older one is, unless nothing has changed. */
	private replace(old: Item, row: Row): void {
		if (JSON.stringify(old.row) === JSON.stringify(row)) return;
		const item = this.item(row);
		const had = old.li.contains(document.activeElement);
		this.items[this.items.indexOf(old)] = item;
		old.li.replaceWith(item.li);
		this.picks.paint();
		if (this.cur === old) this.choose(item, had);
	}

	/** drop takes a card away that others have dealt with; who was on it goes on to the next. */
	private drop(item: Item, focus: boolean): void {
		const at = this.items.indexOf(item);
		this.items.splice(at, 1);
		this.picks.drop(item.row.comment.id);
		item.li.inert = true;
		item.li.classList.remove("cur");
		if (this.cur === item) this.choose(this.items[at] ?? this.items[at - 1] ?? null, focus);
		setTimeout(() => item.li.remove(), ASIDE);
	}

	/** decided hears what another moderator did. */
	decided(id: string, by: string, action: string): void {
		if (this.deciding.ours(id)) return;
		const item = this.find(id);
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
		const had = item.li.contains(document.activeElement);
		gone(item.li, t(word, { name: by }));
		this.drop(item, had);
		setTimeout(() => this.state(), ASIDE);
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
