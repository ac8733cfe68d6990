import { signal } from "@preact/signals";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { call, type Desk, t } from "../desk.ts";

type Got = Answers["GET /api/v1/sites/{site}/moderation/claims"];
export type Claim = Got["claims"][number];

/** Claims are of people who say that imported comments are theirs. */
export class Claims {
	readonly list = signal<readonly Claim[]>([]);
	readonly wrong = signal("");

	constructor(private readonly desk: Desk) {
		void this.load();
	}

	async load(): Promise<void> {
		if (!this.desk.may("role")) return;
		const r = await call<Got>("GET", this.desk.api("/moderation/claims"));
		if (r.body) this.list.value = r.body.claims;
	}

	/** decide says yes or no for the site. */
	async decide(c: Claim, approve: boolean): Promise<void> {
		const r = await call("POST", this.desk.api(`/moderation/claims/${c.id}`), { approve });
		this.wrong.value = r.status === 204 ? "" : t("not_done", { why: r.detail });
		if (r.status === 204) this.desk.toast(t(approve ? "did_claim_approve" : "did_claim_decline", { name: c.name, by: c.by }));
		await this.load();
	}
}
