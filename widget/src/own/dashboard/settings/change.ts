import { type Signal, useSignal } from "@preact/signals";
import type { Body, SiteSettings } from "../state/settings.ts";

/** Change is how a setting is changed: at once; wrong says why not, clash holds what was not applied because a colleague was first. */
export interface Change {
	wrong: Signal<string>;
	clash: Signal<Body | null>;
	change: (body: Body, anyway?: boolean) => Promise<boolean>;
}

/** useChange changes one setting. */
export function useChange(s: SiteSettings): Change {
	const wrong = useSignal("");
	const clash = useSignal<Body | null>(null);
	const change = async (body: Body, anyway = false): Promise<boolean> => {
		const r = await s.patch(body, anyway);
		const first = r.code === "edited";
		clash.value = first ? body : null;
		wrong.value = r.body || first ? "" : r.detail;
		return r.body !== null;
	};
	return { wrong, clash, change };
}
