import { signal } from "@preact/signals";
import { type Answer, call, type Desk, type Hint, type Params, t } from "../desk.ts";
import { confirm } from "../question.tsx";
import type { Ban } from "../shapes.ts";
import { Listing } from "./listing.ts";

export const kinds = ["", "person", "domain", "range"] as const;
export type Kind = (typeof kinds)[number];

const ASIDE_MS = 2500; // that a row shows who lifted it
const UNDO_MS = 10_000;

/** whom is what a ban meets, in a word. */
export function whom(b: Ban): string {
	return b.kind === "person" ? b.name : b.what;
}

/** Bans is the list of who is kept from writing, and the form for one more. */
export class Bans {
	readonly kind: Kind;
	readonly q: string;
	readonly here: Params;
	readonly list: Listing<Ban>;
	readonly late = signal(0); // that others have set since
	private readonly arrived = new Set<string>();
	readonly lifted = signal<ReadonlyMap<string, string>>(new Map()); // by whom, by ban
	readonly open = signal(false); // the form for a new one
	private readonly mine = new Set<string>();
	private sending: Promise<unknown> = Promise.resolve();
	private back: { run: () => void; until: number } | null = null;

	constructor(
		readonly desk: Desk,
		p: Params,
	) {
		const asked = p["filter"] === "banned" ? "person" : p["kind"];
		this.kind = kinds.find((k) => k === asked) ?? "";
		this.q = p["q"] ?? "";
		this.here = { screen: "people", filter: "bans", kind: this.kind, q: this.q };
		this.list = new Listing<Ban>(desk, "/moderation/bans", { kind: this.kind, q: this.q }, "bans");
		void this.list.load();
		if (p["new"] === "1") this.open.value = desk.may("sanction");
	}

	/** load reads the list anew, with what arrived since; the line stays until settle, for the focus that is on it. */
	async load(): Promise<void> {
		this.arrived.clear();
		await this.list.load();
	}

	private async reload(): Promise<void> {
		await this.load();
		this.settle();
	}

	/** settle says how many arrived since. */
	settle(): void {
		this.late.value = this.arrived.size;
	}

	/** may tells whether a ban can be lifted here. */
	may(b: Ban): boolean {
		return this.desk.may("sanction") && (!b.instance || this.desk.site.role === "operator");
	}

	/** show opens or closes the form. */
	show(on: boolean): void {
		if (on && !this.desk.may("sanction")) return;
		if (on === this.open.value) return;
		if (this.desk.aside({ ...this.here, ...(on ? { new: "1" } : {}) }, on ? "open" : "close")) return;
		this.open.value = on;
	}

	/** follow goes where the browser's buttons led; false: that is another list. */
	readonly follow = (p: Params): boolean => {
		const same = p["screen"] === "people" && p["filter"] === "bans" && (p["kind"] ?? "") === this.kind && (p["q"] ?? "") === this.q;
		if (same) this.open.value = p["new"] === "1" && this.desk.may("sanction");
		return same;
	};

	/** lift takes a ban back; true: it is gone from the list. */
	async lift(b: Ban): Promise<boolean> {
		this.mine.add(b.id);
		const r = await this.send("DELETE", `/moderation/bans/${b.id}`);
		if (r.status !== 204 && r.status !== 404) {
			this.desk.toast(t("not_done", { why: r.detail }));
			return false;
		}
		this.list.drop((x) => x.id === b.id);
		if (this.list.rows.value.length === 0) void this.reload();
		this.back = { run: () => void this.again(b), until: Date.now() + UNDO_MS };
		this.desk.toast(t("did_lift", { what: whom(b) }), () => this.back?.run());
		return true;
	}

	/** undo sets the last ban again that was lifted; false: there is none, or it is too late. */
	undo(): boolean {
		if (!this.back || Date.now() >= this.back.until) return false;
		this.back.run();
		return true;
	}

	private async again(b: Ban): Promise<void> {
		this.back = null;
		const body = { reason: b.reason, instance: b.instance, ...(b.until ? { until: b.until } : {}) };
		const r =
			b.kind === "person"
				? await this.send<{ id: string }>("POST", `/moderation/people/${b.person}/${b.until ? "suspend" : "ban"}`, body)
				: await this.set({ ...body, ...(b.kind === "domain" ? { email_domain: b.email_domain } : { ip_range: b.ip_range }) });
		if (!r.body) return this.desk.toast(t("not_done", { why: r.detail }));
		this.desk.toast(t("did_ban", { name: whom(b) }));
		await this.reload();
	}

	/** sure asks before a ban meets people: how many it would is told first. */
	async sure(name: string, what: string): Promise<boolean> {
		const r = await this.send<{ people: number }>("GET", `/moderation/bans/reach?${new URLSearchParams({ [name]: what })}`);
		const n = r.body?.people ?? 0; // what is refused is refused again, with its words, by the ban
		return n === 0 || confirm(t("ban_head", { name: what }), t("ban_reach", { n }), t("ban_anyway"));
	}

	/** set keeps a domain or a range from writing. */
	async set(body: object): Promise<Answer<{ id: string }>> {
		const r = await this.send<{ id: string }>("POST", "/moderation/bans", body);
		if (r.body) this.mine.add(r.body.id);
		return r;
	}

	/** taken closes the form after its ban was set. */
	taken(what: string): void {
		this.show(false);
		this.desk.toast(t("did_ban", { name: what }));
		void this.reload();
	}

	/** send keeps hints of our own acts waiting until we know that they are ours. */
	private send<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
		const sent = call<T>(method, this.desk.api(path), body);
		this.sending = sent;
		return sent;
	}

	/** hint takes what others do. */
	async hint(x: Hint): Promise<void> {
		await this.sending;
		if (x.type === "reset") return this.reload();
		const id = x.id ?? "";
		if (this.mine.has(id)) return;
		if (x.type === "ban" && x.action === "ban") {
			this.arrived.add(id);
			this.settle();
		}
		if (x.action !== "unban") return;
		const b = this.list.rows.value.find((row) => id && (row.id === id || row.person === id));
		if (!b) return;
		this.lifted.value = new Map([...this.lifted.value, [b.id, x.by ?? ""]]);
		setTimeout(() => this.list.drop((row) => row.id === b.id), ASIDE_MS);
	}
}
