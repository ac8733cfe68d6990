import { signal } from "@preact/signals";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { type Answer, call, type Desk, type Hint } from "../desk.ts";
import { proving } from "../prove.tsx";

/** Settings are a site's, as the API tells them. */
export type Settings = Answers["GET /api/v1/sites/{site}/settings"];
export type Name = Exclude<keyof Settings, "changes" | "refused_origins" | "archived_at" | "deletes_at">;

/** Body is a change of some of them. */
export type Body = Partial<Record<Name | "add_origins" | "remove_origins", unknown>>;

const secrets: readonly string[] = ["akismet_key", "scorer_key", "hook_secret"]; // told to be set, and never what they are

/** SiteSettings are the settings that hold, each saved as it is changed; no restart. */
export class SiteSettings {
	readonly now = signal<Settings | null>(null);
	readonly saved = signal(false); // the last change
	readonly failed = signal(""); // why they could not be read
	private readonly seen = new Map<string, unknown>(); // what the page shows of each: a colleague's change is not undone unseen

	constructor(readonly desk: Desk) {
		void this.load();
	}

	private async load(): Promise<void> {
		const r = await call<Settings>("GET", this.desk.api("/settings"));
		if (r.body) this.now.value = r.body;
		this.failed.value = r.body ? "" : r.detail;
	}

	/** hint follows what colleagues change. */
	hint(x: Hint): void {
		if (x.type === "settings" || x.type === "reset") void this.load();
	}

	/** saw notes that the page shows this of a setting. */
	saw(name: Name, v: unknown): void {
		this.seen.set(name, v);
	}

	/** patch changes some of them; anyway does so whatever a colleague has set meanwhile. */
	async patch(body: Body, anyway = false): Promise<Answer<Settings>> {
		this.saved.value = false;
		const was = Object.fromEntries(
			Object.keys(body)
				.filter((k) => this.seen.has(k) && !secrets.includes(k))
				.map((k) => [k, this.seen.get(k)]),
		);
		const ask = anyway || Object.keys(was).length === 0 ? body : { ...body, was };
		const r = await proving<Settings>("PATCH", this.desk.api("/settings"), ask);
		if (r.body) this.hold(r.body, Object.keys(body) as Name[]);
		else if (r.code === "edited") await this.load();
		return r;
	}

	/** act changes the site as a whole. */
	async act(act: "archive" | "reopen" | "delete" | "keep", confirm = ""): Promise<Answer<Settings>> {
		const r = await proving<Settings>("POST", this.desk.api("/settings/life"), { act, ...(confirm ? { confirm } : {}) });
		if (r.body) this.hold(r.body, []);
		return r;
	}

	private hold(now: Settings, own: Name[]): void {
		this.now.value = now;
		for (const k of own) if (k in now) this.seen.set(k, now[k]);
		this.saved.value = true;
		if (now.name !== this.desk.site.name) this.desk.renamed(now.name);
	}
}
