import { signal } from "@preact/signals";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { type Answer, call, type Desk } from "../desk.ts";
import { proving } from "../prove.tsx";

/** Settings are a site's, as the API tells them. */
export type Settings = Answers["GET /api/v1/sites/{site}/settings"];
export type Name = keyof Settings;

/** SiteSettings are the settings that hold, each saved as it is changed; no restart. */
export class SiteSettings {
	readonly now = signal<Settings | null>(null);
	readonly saved = signal(false); // the last change
	readonly failed = signal(""); // why they could not be read

	constructor(readonly desk: Desk) {
		void this.load();
	}

	private async load(): Promise<void> {
		const r = await call<Settings>("GET", this.desk.api("/settings"));
		this.now.value = r.body;
		this.failed.value = r.body ? "" : r.detail;
	}

	/** patch changes some of them. */
	async patch(body: Partial<Record<Name, unknown>>): Promise<Answer<Settings>> {
		this.saved.value = false;
		const r = await proving<Settings>("PATCH", this.desk.api("/settings"), body);
		if (r.body) {
			this.now.value = r.body;
			this.saved.value = true;
		}
		return r;
	}
}
