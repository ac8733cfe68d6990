import { signal } from "@preact/signals";
import { call, type Desk, type Hint, t } from "../desk.ts";
import type { CheckedPage, Merged, Merging, PageCheck, Remapped } from "../shapes.ts";

const POLL_MS = 2_000; // while something goes on
const HEARD_MS = 400; // hints come in flocks

/** Moving is what happens to pages as a whole: merges, moves, and whether they still answer. */
export class Moving {
	readonly merges = signal<readonly Merging[]>([]);
	readonly check = signal<PageCheck | null>(null); // null: none is shown
	private timer = 0;
	private over = false;

	constructor(
		readonly desk: Desk,
		private readonly changed: () => void, // the list of threads is another one
	) {
		void this.look();
		void this.lookAtCheck();
	}

	readonly stop = (): void => {
		this.over = true;
		clearTimeout(this.timer);
	};

	/** hint looks again where a thread has changed. */
	readonly hint = (h: Hint): void => {
		if (h.type !== "thread" && h.type !== "reset") return;
		this.later(HEARD_MS);
	};

	private later(ms: number): void {
		clearTimeout(this.timer);
		if (!this.over) this.timer = setTimeout(() => void this.both(), ms);
	}

	private async both(): Promise<void> {
		await this.look();
		if (this.check.value?.running) await this.lookAtCheck();
	}

	private async look(): Promise<void> {
		const r = await call<{ merges: Merging[] }>("GET", this.desk.api("/moderation/threads/merges"));
		if (this.over || !r.body) return;
		const ended = this.merges.value.some((m) => !r.body?.merges.some((x) => x.id === m.id));
		this.merges.value = r.body.merges;
		if (ended) this.changed();
		this.poll();
	}

	private poll(): void {
		if (this.merges.value.length > 0 || this.check.value?.running) this.later(POLL_MS);
	}

	/** merge makes one thread of two; it gives why not, "" where it is done or goes on. */
	async merge(from: string, into: string, name: string): Promise<string> {
		const r = await call<Merged>("POST", this.desk.api(`/moderation/threads/${from}/merge`), { into });
		if (!r.body) return r.detail;
		const undo = r.body.undo;
		if (r.body.running) this.desk.toast(t("merged_later", { page: name }));
		else this.desk.toast(t("merged_done", { page: name }), undo ? () => void this.undo([undo]) : undefined);
		void this.look();
		this.changed();
		return "";
	}

	/** undo takes merges back; pages that moved stay where they are. */
	private async undo(tokens: readonly string[]): Promise<void> {
		let no = "";
		for (const undo of tokens) {
			const r = await call("POST", this.desk.api("/moderation/undo"), { undo });
			if (!r.body) no = r.status === 409 ? t("undo_over") : t("not_done", { why: r.detail });
		}
		if (no) this.desk.toast(no, undefined, true);
		else this.desk.toast(t("merge_undone", { n: tokens.length }));
		this.changed();
	}

	/** plan says what a move would do. */
	plan = (from: string, to: string, merge: boolean) =>
		call<Remapped>("POST", this.desk.api("/moderation/threads/remap"), { from, to, merge, dry_run: true });

	/** move moves pages, part by part; it gives the last answer. */
	async move(from: string, to: string, merge: boolean): Promise<Awaited<ReturnType<Moving["plan"]>>> {
		const sum = { renamed: 0, merged: 0, clashes: 0, foreign: 0 };
		const undos: string[] = [];
		for (let after = ""; ; ) {
			const r = await call<Remapped>("POST", this.desk.api("/moderation/threads/remap"), { from, to, merge, after });
			if (!r.body) return r;
			sum.renamed += r.body.renamed;
			sum.merged += r.body.merged;
			sum.clashes += r.body.clashes;
			sum.foreign += r.body.foreign;
			for (const row of r.body.rows) if (row.undo) undos.push(row.undo);
			if (r.body.next === null) {
				this.desk.toast(
					t("move_done", { what: told({ ...r.body, ...sum }) }),
					undos.length > 0 ? () => void this.undo(undos) : undefined,
				);
				void this.look();
				this.changed();
				return r;
			}
			after = r.body.next;
		}
	}

	/** begin asks every page. */
	readonly begin = async (): Promise<void> => {
		const r = await call<PageCheck>("POST", this.desk.api("/moderation/threads/check"), {});
		if (!r.body) return this.desk.toast(t("not_done", { why: r.detail }), undefined, true);
		this.check.value = r.body;
		this.poll();
	};

	readonly end = async (): Promise<void> => {
		await call("DELETE", this.desk.api("/moderation/threads/check"));
		this.later(HEARD_MS);
	};

	readonly hide = (): void => {
		this.check.value = null;
	};

	private async lookAtCheck(): Promise<void> {
		const r = await call<PageCheck>("GET", this.desk.api("/moderation/threads/check"));
		if (this.over || !r.body || r.body.began_at === null) return;
		const gone = new Set(this.done);
		this.check.value = { ...r.body, rows: r.body.rows.filter((x) => !gone.has(x.id)) };
		this.poll();
	}

	private readonly done: string[] = []; // pages of the report that were seen to

	/** follow does what the report proposes for a page; it gives why not. */
	async follow(p: CheckedPage): Promise<string> {
		let wrong = "";
		if (p.into) wrong = await this.merge(p.id, p.into, p.new_key ?? "");
		else {
			const r = await call<Remapped>("POST", this.desk.api("/moderation/threads/remap"), { from: p.key, to: p.new_key });
			wrong = r.body ? "" : r.detail;
			if (r.body) this.desk.toast(t("moved_done"));
			this.changed();
		}
		if (wrong || !this.check.value) return wrong;
		this.done.push(p.id);
		this.check.value = { ...this.check.value, rows: this.check.value.rows.filter((x) => x.id !== p.id) };
		return "";
	}
}

/** told is what a move does, in words. */
export function told(r: Pick<Remapped, "renamed" | "merged" | "clashes" | "foreign">): string {
	const parts = [];
	if (r.renamed > 0) parts.push(t("move_renames", { n: r.renamed }));
	if (r.merged > 0) parts.push(t("move_merges", { n: r.merged }));
	if (r.clashes > 0) parts.push(t("move_clashes", { n: r.clashes }));
	if (r.foreign > 0) parts.push(t("move_foreign", { n: r.foreign }));
	return parts.length > 0 ? parts.join(", ") : t("move_none");
}
