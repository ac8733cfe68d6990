import { call, why } from "../client.ts";
import { meta } from "./meta.ts";
import { now, problem, show, TXN } from "./state.ts";

const CLOSE_MS = 400; // to read that it worked

/** complete hands the session to the widget that waits, and goes. */
export async function complete(): Promise<void> {
	await now.meeting;
	if (now.txn) {
		const r = await call("POST", "/auth/complete", { txn: now.txn });
		if (r.status !== 204) {
			problem.value = why(r);
			return;
		}
	}
	finish();
}

/** finish goes back to the page, or closes the window. */
export function finish(): void {
	show("done");
	const to = meta.return;
	sessionStorage.removeItem(TXN);
	if (to) location.replace(`${to}#parley-txn=${now.txn}`);
	else setTimeout(() => window.close(), CLOSE_MS);
}
