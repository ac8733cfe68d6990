import { batch, signal } from "@preact/signals";
import { call, type Desk, mistaken, type Params, type Place } from "../desk.ts";

const PAGE = 50; // rows that one request brings

/** address is that of one page of a list; what is empty is left out. */
export function address(desk: Desk, path: string, p: Params, cursor: string | null): string {
	const q = new URLSearchParams({ limit: String(PAGE) });
	for (const [k, v] of Object.entries({ ...p, cursor: cursor ?? "" })) if (v) q.set(k, v);
	return desk.api(`${path}?${q}`);
}

/** Paged is a page of a list, whatever its rows are called. */
type Paged<T> = { next_cursor: string | null } & Record<string, T[] | unknown>;

/** Listing is a list that comes by pages: what there is, what failed, and whether there is more. */
export class Listing<T> {
	readonly rows = signal<readonly T[]>([]);
	readonly next = signal<string | null>(null);
	readonly empty = signal(false); // it was read, and there is nothing
	readonly first = signal<Readonly<Record<string, unknown>> | null>(null); // the answer with the first page: what else it tells
	readonly failed = signal<{ detail: string; further: boolean; mistaken: boolean } | null>(null);
	private turn = 0;
	private loaded: Promise<void> = Promise.resolve();

	constructor(
		private readonly desk: Desk,
		private readonly path: string,
		private readonly p: Params,
		private readonly name: string, // of the rows in an answer
	) {}

	/** load brings the first page, or a further one. */
	load(further = false): Promise<void> {
		const done = this.read(further);
		if (!further) this.loaded = done;
		return done;
	}

	/** place is how much of the list is there, and the row that has the focus or is open. */
	place(open = ""): Place {
		const id = open || (document.activeElement?.closest<HTMLElement>("[data-id]")?.dataset["id"] ?? "");
		return { id, at: 0, rows: this.rows.value.length };
	}

	/** restore reads as much of the list as there was, and focuses the row. */
	async restore(root: Element, p: Place): Promise<void> {
		await this.loaded;
		while (this.next.value !== null && this.rows.value.length < p.rows && !this.failed.value) await this.load(true);
		await new Promise((drawn) => setTimeout(drawn));
		if (p.id) root.querySelector<HTMLElement>(`[data-id="${CSS.escape(p.id)}"] button`)?.focus({ preventScroll: true });
	}

	private async read(further: boolean): Promise<void> {
		const now = ++this.turn;
		const r = await call<Paged<T>>("GET", address(this.desk, this.path, this.p, further ? this.next.value : null));
		if (now !== this.turn) return;
		if (r.status === 401) return location.reload();
		const { body, detail } = r;
		if (!body) {
			this.failed.value = { detail, further, mistaken: mistaken(r) };
			return;
		}
		const got = (body[this.name] ?? []) as T[];
		batch(() => {
			this.failed.value = null;
			if (!further) this.first.value = body;
			this.rows.value = further ? [...this.rows.value, ...got] : got;
			this.next.value = body.next_cursor;
			this.empty.value = !further && got.length === 0;
		});
	}

	/** change puts another row where one is. */
	change(is: (row: T) => boolean, to: (row: T) => T): void {
		this.rows.value = this.rows.value.map((row) => (is(row) ? to(row) : row));
	}

	/** drop takes a row out. */
	drop(is: (row: T) => boolean): void {
		this.rows.value = this.rows.value.filter((row) => !is(row));
	}
}
