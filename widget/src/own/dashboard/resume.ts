import { call, type Desk, t } from "./desk.ts";
import type { Decided } from "./shapes.ts";

const KEPT = "parley-dashboard-decisions"; // of this tab, until it is closed

interface Kept {
	site: string;
	name: string; // who decided: nobody else's session carries it out
	decisions: object[];
}

/** keepDecisions keeps those that the end of a session has caught, until who took them is back. */
export function keepDecisions(desk: Desk, decisions: object[]): void {
	try {
		const kept: Kept = { site: desk.site.key, name: desk.meta.user?.name ?? "", decisions };
		sessionStorage.setItem(KEPT, JSON.stringify(kept));
	} catch {
		/* a private window keeps nothing: it is to be decided again */
	}
}

/** resume carries out what was kept, once the same person is back. */
export async function resume(desk: Desk): Promise<void> {
	let kept: Kept | null = null;
	try {
		kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Kept | null;
		sessionStorage.removeItem(KEPT);
	} catch {
		return;
	}
	if (!kept || kept.site !== desk.site.key || kept.name !== desk.meta.user?.name) return;
	const r = await call<Decided>("POST", desk.api("/moderation/decisions"), kept.decisions);
	const n = r.body?.results.filter((v) => v.ok).length ?? 0;
	if (n < kept.decisions.length) desk.toast(t("not_done", { why: r.body ? t("gone") : r.detail }), undefined, true);
	else desk.toast(t("resumed", { n }));
	desk.counts();
}
