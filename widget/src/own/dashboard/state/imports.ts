import { signal } from "@preact/signals";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { type Answer, announce, call, type Desk, t } from "../desk.ts";

/** Import is a file of another system, as the API tells it. */
export type Import = Answers["GET /api/v1/sites/{site}/imports/{id}"];
export type Report = NonNullable<Import["report"]>;
export type Undone = Answers["GET /api/v1/sites/{site}/imports/{id}/undo"];
type List = Answers["GET /api/v1/sites/{site}/imports"];

/** How is in which way a file is read. */
export interface How {
	format?: string;
	map_host?: Record<string, string>;
	map_path?: string[];
	map_column?: Record<string, string>;
}

const PART = 2 << 20; // bytes of a part: an evening's line sends one in half a minute
const POLL_MS = 1_000;
const WAIT_FROM = 1_000; // until a part that met no answer is sent again
const WAIT_TO = 30_000;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** isOpen tells whether an import is not at its end: the server has its file. What a command does is its own. */
const isOpen = (x: Import): boolean => x.file;

/** Imports is the one that is under way, and those there were. */
export class Imports {
	readonly open = signal<Import | null>(null);
	readonly past = signal<readonly Import[]>([]);
	readonly next = signal<string | null>(null); // where the list goes on
	readonly sending = signal(false);
	readonly waits = signal(""); // why the next part is late
	readonly wrong = signal("");
	readonly came = signal<Import | null>(null); // what has ended under somebody's eyes
	readonly loaded = signal(false);
	private timer = 0;
	private over = false;
	private turn = 0; // of what is being sent: another one ends it

	constructor(readonly desk: Desk) {
		void this.load();
	}

	readonly stop = (): void => {
		this.over = true;
		this.turn++;
		clearTimeout(this.timer);
	};

	readonly api = (path: string): string => this.desk.api(`/imports${path}`);

	/** load reads the list, and the report of the one that is under way. */
	async load(): Promise<void> {
		const r = await call<List>("GET", this.api(""));
		if (this.over) return;
		this.loaded.value = true;
		if (!r.body) {
			this.wrong.value = r.detail;
			return this.later();
		}
		const open = r.body.imports.find(isOpen) ?? null;
		this.past.value = r.body.imports.filter((x) => x !== open);
		this.next.value = r.body.next_cursor;
		if (open) await this.look(open.id);
		else this.open.value = null;
		this.later();
	}

	/** more reads the next page of the list. */
	readonly more = async (): Promise<void> => {
		const r = await call<List>("GET", this.api(`?cursor=${encodeURIComponent(this.next.value ?? "")}`));
		if (!r.body) return this.failed(r);
		const known = new Set(this.past.value.map((x) => x.id));
		this.past.value = [...this.past.value, ...r.body.imports.filter((x) => !known.has(x.id) && x.id !== this.open.value?.id)];
		this.next.value = r.body.next_cursor;
	};

	/** later looks again while something goes on. */
	private later(): void {
		clearTimeout(this.timer);
		const busy = this.open.value?.progress || this.past.value.some((x) => x.progress);
		if (!this.over && busy) this.timer = setTimeout(() => void this.again(), POLL_MS);
	}

	private async again(): Promise<void> {
		const at = this.open.value;
		if (at?.progress) await this.look(at.id);
		for (const x of this.past.value.filter((x) => x.progress)) {
			const r = await call<Import>("GET", this.api(`/${x.id}`));
			if (r.body) this.replace(r.body);
			if (r.body?.state === "undone") announce(t("import_undone_done", { n: r.body.undo?.comments ?? 0 }));
		}
		this.later();
	}

	private replace(x: Import): void {
		this.past.value = this.past.value.map((y) => (y.id === x.id ? x : y));
	}

	private async look(id: string): Promise<void> {
		const r = await call<Import>("GET", this.api(`/${id}`));
		if (this.over) return;
		if (r.body) this.take(r.body);
		else if (r.status === 404) this.open.value = null; // a colleague has thrown it away
	}

	/** take shows an import as it stands now; one that is at its end goes to those there were. */
	private take(x: Import): void {
		const was = this.open.value;
		if (isOpen(x)) {
			this.open.value = x;
			if (was?.state === "reading" && x.state === "ready") announce(t("import_read_done", { n: x.report?.comments ?? 0 }));
			this.later();
			return;
		}
		this.open.value = null;
		this.past.value = [x, ...this.past.value.filter((y) => y.id !== x.id)];
		if (was?.id !== x.id) return;
		if (x.state === "done") {
			this.came.value = x;
			announce(t("import_came", { n: x.added.comments }));
			this.desk.counts();
		} else if (x.state === "failed") this.wrong.value = x.why;
	}

	private failed(r: Answer<unknown>): void {
		this.wrong.value = r.detail;
	}

	/** begin sends a file from its beginning. */
	async begin(file: File, how: How): Promise<void> {
		this.wrong.value = "";
		this.came.value = null;
		if (file.size === 0) {
			this.wrong.value = t("import_empty");
			return;
		}
		const r = await call<Import>("POST", this.api(""), { name: file.name, size: file.size, ...how });
		if (!r.body) {
			this.failed(r);
			if (r.code === "import_open") await this.load();
			return;
		}
		this.open.value = r.body;
		await this.send(file, r.body);
	}

	/** resume goes on with a file of which a part has come. */
	async resume(file: File): Promise<void> {
		const at = this.open.value;
		if (!at) return;
		this.wrong.value = file.size === at.size ? "" : t("import_other", { name: at.name });
		if (!this.wrong.value) await this.send(file, at);
	}

	/** send sends part after part. What meets no answer is sent again. */
	private async send(file: File, at: Import): Promise<void> {
		const turn = ++this.turn;
		const part = at.part || Math.min(PART, file.size);
		this.sending.value = true;
		let wait = WAIT_FROM;
		for (let n = at.next_part; (n - 1) * part < file.size && turn === this.turn; ) {
			const piece = new Blob([file.slice((n - 1) * part, n * part)], { type: "application/octet-stream" });
			const r = await call<Import>("PUT", this.api(`/${at.id}/parts/${n}`), piece);
			if (turn !== this.turn) return;
			if (r.body) {
				this.take(r.body);
				this.waits.value = "";
				wait = WAIT_FROM;
				n = r.body.next_part;
			} else if (r.status === 0 || r.status === 429 || r.status === 503) {
				this.waits.value = t("import_waits", { why: r.detail });
				await pause(Math.max(wait, r.retry * 1000));
				wait = Math.min(wait * 2, WAIT_TO);
			} else {
				this.failed(r);
				break;
			}
		}
		if (turn !== this.turn) return;
		this.sending.value = false;
		this.waits.value = "";
		await this.look(at.id);
		this.later();
	}

	/** change has the file read anew in another way; false where that is refused. */
	change = (how: How): Promise<boolean> => this.act("PATCH", "", how);

	readonly apply = (): Promise<boolean> => this.act("POST", "/apply");
	readonly halt = (): Promise<boolean> => this.act("POST", "/stop");

	private async act(method: string, path: string, body?: How): Promise<boolean> {
		const at = this.open.value;
		if (!at) return false;
		const r = await call<Import>(method, this.api(`/${at.id}${path}`), body);
		this.wrong.value = r.body ? "" : r.detail;
		if (r.body) this.take(r.body);
		else await this.look(at.id);
		this.later();
		return r.body !== null;
	}

	/** discard throws away what was not applied. */
	readonly discard = async (): Promise<boolean> => {
		const at = this.open.value;
		if (!at) return true;
		this.turn++;
		this.sending.value = false;
		this.waits.value = "";
		const r = await call("DELETE", this.api(`/${at.id}`));
		const gone = r.status === 204 || r.status === 404;
		this.wrong.value = gone ? "" : r.detail;
		await this.load();
		return gone;
	};

	plan = (id: string) => call<Undone>("GET", this.api(`/${id}/undo`));

	/** undo takes back what an import brought; it gives why not. */
	async undo(id: string): Promise<string> {
		const r = await call<Import>("DELETE", this.api(`/${id}`));
		if (r.status !== 202 && r.status !== 204) return r.detail;
		if (this.came.value?.id === id) this.came.value = null;
		await this.load();
		return "";
	}
}
