import { call, why } from "../client.ts";
import { complete } from "./finish.ts";
import { meta } from "./meta.ts";
import { leaving, now, problem, provider, remember, show, siteFailed, TXN } from "./state.ts";
import { t } from "./words.ts";

/**
 * sentByPage tells whether the widget's own page sent the reader here. A
 * challenge in the address could be anybody's, and whoever holds its verifier
 * gets the session.
 */
export function sentByPage(): boolean {
	try {
		return new URL(document.referrer).origin === meta.origin;
	} catch {
		return false; // nobody says
	}
}

/** meet: the widget answers with the hash of what only it knows. */
export function meet(): Promise<void> {
	const { opener } = window;
	const origin = meta.origin;
	if (!origin) return Promise.resolve();
	if (meta.challenge) return begin({ challenge: meta.challenge, return: meta.return ?? "", proof: meta.proof ?? "" });
	if (!opener) return Promise.resolve();
	return new Promise((resolve) => {
		addEventListener("message", async (e: MessageEvent) => {
			const data = e.data as { type?: unknown; challenge?: unknown } | null;
			if (
				e.source !== opener ||
				e.origin !== origin ||
				data?.type !== "parley:begin" ||
				typeof data.challenge !== "string" ||
				now.txn
			)
				return;
			await begin({ challenge: data.challenge });
			(opener as Window).postMessage({ type: "parley:txn", txn: now.txn }, origin);
			resolve();
		});
		(opener as Window).postMessage({ type: "parley:hello" }, origin);
	});
}

/** begin opens the transaction in which the widget waits. */
async function begin(more: object): Promise<void> {
	const r = await call<{ txn?: string }>("POST", "/auth/begin", { site: meta.site, origin: meta.origin, ...more });
	if (!r.body?.txn) {
		problem.value = why(r);
		return;
	}
	now.txn = r.body.txn;
	remember(sessionStorage, TXN, now.txn);
}

/** tellAway says that another's page comes into this window: it may cut the tie, and the widget then takes the window for closed. */
function tellAway(): void {
	if (window.opener && meta.origin) (window.opener as Window).postMessage({ type: "parley:away" }, meta.origin);
}

/** leave goes to the provider's own sign-in. */
export async function leave(id: string, label: string): Promise<void> {
	leaving.value = t("going", { name: label });
	meta.way = id;
	meta.label = label;
	provider.value = label;
	show("away");
	await now.meeting;
	tellAway();
	const r = await call<{ url?: string }>("POST", "/auth/login", {
		site: meta.site,
		origin: meta.origin,
		provider: id,
		txn: now.txn,
		return: meta.return ?? "",
		proof: meta.proof ?? "",
	});
	if (r.body?.url) {
		location.assign(r.body.url);
		return;
	}
	show(r.code === "provider" ? "failed" : "choose");
	if (r.code !== "provider") problem.value = why(r);
}

/** leaveForSite goes to the site's own log-in page, which leads back with a token. */
export async function leaveForSite(to: string): Promise<void> {
	leaving.value = t("going_site");
	show("away");
	await now.meeting;
	tellAway();
	if (meta.return) remember(sessionStorage, `${TXN}-return`, meta.return);
	const url = new URL(to);
	url.searchParams.set("return", `${location.origin}/auth/sso?site=${encodeURIComponent(meta.site ?? "")}`);
	location.assign(url.href);
}

/** returnFromSite takes the token that the site's page brought. It counts only in a window that asked for it. */
export async function returnFromSite(): Promise<void> {
	const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
	history.replaceState(null, "", location.pathname);
	now.txn = remember(sessionStorage, TXN);
	meta.return = remember(sessionStorage, `${TXN}-return`);
	if (!now.txn || !token) return show("expired");
	const r = await call("POST", "/auth/sso", { site: meta.site, token });
	if (r.status === 200) return complete();
	siteFailed.value = true;
	show("failed");
}
