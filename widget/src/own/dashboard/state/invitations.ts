import { signal } from "@preact/signals";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { call, type Desk, t } from "../desk.ts";
import { proving } from "../prove.tsx";

type Got = Answers["GET /api/v1/sites/{site}/moderation/invitations"];
export type Invitation = Got["invitations"][number];

/** Invitations are those of a site that nobody has accepted yet. */
export class Invitations {
	readonly list = signal<readonly Invitation[]>([]);
	readonly wrong = signal("");

	constructor(private readonly desk: Desk) {
		void this.load();
	}

	async load(): Promise<void> {
		if (!this.desk.may("role")) return;
		const r = await call<Got>("GET", this.desk.api("/moderation/invitations"));
		if (r.body) this.list.value = r.body.invitations;
	}

	/** again sends another link to the same address; the one before works no more. */
	async again(v: Invitation): Promise<void> {
		const r = await proving("POST", this.desk.api("/moderation/invitations"), { email: v.email, name: v.name, role: v.role });
		this.wrong.value = r.body ? "" : t("not_done", { why: r.detail });
		if (r.body) this.desk.toast(t("did_invite", { email: v.email }));
		await this.load();
	}

	/** revoke takes one back. */
	async revoke(v: Invitation): Promise<void> {
		const r = await call("DELETE", this.desk.api(`/moderation/invitations/${v.id}`));
		this.wrong.value = r.status === 204 ? "" : t("not_done", { why: r.detail });
		if (r.status === 204) this.desk.toast(t("did_uninvite", { email: v.email }));
		await this.load();
	}
}
