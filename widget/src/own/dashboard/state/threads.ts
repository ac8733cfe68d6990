import { computed, signal } from "@preact/signals";
import { call, type Desk, type Params, t } from "../desk.ts";
import type { AlikeRow, ThreadRow } from "../shapes.ts";
import { Listing } from "./listing.ts";
import { Moving } from "./moving.ts";

export const filters = ["", "open", "closed"] as const;

/** Threads is the list of the pages, and the one that is looked at. */
export class Threads {
	readonly filter: (typeof filters)[number];
	readonly q: string;
	readonly list: Listing<ThreadRow>;
	readonly open = signal("");
	readonly alike = computed(() => (this.list.first.value?.["alike"] ?? []) as readonly AlikeRow[]);
	readonly thread = computed(() => this.list.rows.value.find((x) => x.id === this.open.value) ?? null);

	readonly moving: Moving;

	constructor(
		readonly desk: Desk,
		p: Params,
		private readonly closed: (id: string) => void,
	) {
		this.filter = filters.find((f) => f === p["filter"]) ?? "";
		this.q = p["q"] ?? "";
		this.open.value = p["thread"] ?? "";
		this.list = new Listing<ThreadRow>(desk, "/moderation/threads", { filter: this.filter, q: this.q }, "threads");
		void this.list.load();
		this.moving = new Moving(desk, () => void this.list.load());
	}

	/** show opens the drawer for a thread, or with "" closes it. */
	readonly show = (id: string): void => {
		const was = this.open.value;
		if (id && id === was && this.thread.value) return; // what is typed there stays
		if (this.desk.aside({ screen: "threads", filter: this.filter, q: this.q, thread: id }, id === "" ? "close" : was === "" ? "open" : "swap")) return;
		this.turn(id);
	};

	/** follow goes where the browser's buttons led; false: that is no drawer of this list. */
	readonly follow = (p: Params): boolean => {
		if (p["screen"] !== "threads" || (p["filter"] ?? "") !== this.filter || (p["q"] ?? "") !== this.q) return false;
		this.turn(p["thread"] ?? "");
		return true;
	};

	private turn(id: string): void {
		const was = this.open.value;
		this.open.value = id;
		if (!id && was) this.closed(was);
	}

	/** change changes the thread that is open; it gives why not, "" where it is done. */
	async change(x: ThreadRow, body: object): Promise<string> {
		const r = await call<ThreadRow>("PATCH", this.desk.api(`/moderation/threads/${x.id}`), body);
		if (!r.body) return r.detail;
		const now = "aliases" in body ? r.body : { ...r.body, aliases: x.aliases }; // an answer tells only those that were sent
		this.list.change(
			(row) => row.id === x.id,
			(row) => ({ ...now, waiting: row.waiting, last_comment_at: row.last_comment_at }),
		);
		this.desk.toast(t("saved"));
		return "";
	}
}
