import { batch, signal } from "@preact/signals";
import { type Desk, day, type Hint, type Params } from "../desk.ts";
import type { AuditEntry } from "../shapes.ts";
import { Listing } from "./listing.ts";

export const kinds = ["", "comment", "person", "thread", "rules", "settings", "ban"] as const;
export type Kind = (typeof kinds)[number];

/** written are the hints that the log has an entry for, by its kind. */
const written: Readonly<Record<string, string>> = {
	decided: "comment",
	undone: "comment",
	person: "person",
	thread: "thread",
	rules: "rules",
	settings: "settings",
	ban: "ban",
};
const kept = new Set(["ban", "suspend", "unban"]); // acts on a person that are told of as a ban as well

/** Audit is the log as it is filtered. What others do waits behind a line: the loaded pages and the focus stay. */
export class Audit {
	readonly kind: Kind;
	readonly keep: Params; // as the address says it
	readonly asked: Params; // as the server is asked
	readonly list: Listing<AuditEntry>;
	readonly missed = signal(false); // the line to the server was down
	readonly late = signal(0); // what arrived since and would be in this list
	private readonly arrived = new Map<string, number>(); // by kind

	constructor(
		readonly desk: Desk,
		p: Params,
	) {
		this.kind = kinds.find((k) => k === p["kind"]) ?? "";
		const said = (name: string) => p[name] ?? "";
		const who = { actor: said("actor"), target: said("target") };
		this.keep = { screen: "audit", kind: this.kind, from: said("from"), to: said("to"), ...who };
		this.asked = { kind: this.kind, from: day(said("from"), false), to: day(said("to"), true), ...who };
		this.list = new Listing<AuditEntry>(desk, "/moderation/audit", this.asked, "entries");
		void this.list.load();
	}

	/** go shows the log with another filter. */
	readonly go = (more: Params): void => this.desk.go({ ...this.keep, ...more });

	/** fresh reads the log anew, with what arrived since; the line stays until settle, for the focus that is on it. */
	async fresh(): Promise<void> {
		this.arrived.clear();
		await this.list.load();
	}

	/** settle says what arrived since. */
	settle(): void {
		batch(() => {
			this.missed.value = false;
			this.count();
		});
	}

	private count(): void {
		this.late.value = [...this.arrived].reduce((sum, [k, n]) => (this.kind === "" || k === this.kind ? sum + n : sum), 0);
	}

	/** file is the address of what is shown, to take out. */
	file(format: string): string {
		const q = new URLSearchParams(Object.entries(this.asked).filter(([, v]) => v));
		return this.desk.api(`/moderation/audit.${format}?${q}`);
	}

	/** hint counts what others do. */
	hint(x: Hint): void {
		if (x.type === "reset") {
			this.missed.value = true;
			return;
		}
		const of = written[x.type];
		if (!of || !this.fits(x)) return;
		const more = (k: string, n: number) => this.arrived.set(k, Math.max(0, (this.arrived.get(k) ?? 0) + n));
		if (of === "person" && kept.has(x.action ?? "")) more("ban", -1); // told of twice, written down once
		more(of, 1);
		this.count();
	}

	private fits(x: Hint): boolean {
		const { actor, target, to } = this.asked;
		return (!actor || x.by_id === actor) && (!target || x.id === target) && (!to || new Date().toISOString() < to);
	}
}
