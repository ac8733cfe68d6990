import { signal } from "@preact/signals";
import type { Answers } from "../../shared/api/generated.d.ts";
import { call } from "../client.ts";

/** How this browser stands: it cannot take messages, its owner has forbidden it, it does not, or it does. */
export type Standing = "unable" | "denied" | "off" | "on";

export const standing = signal<Standing>("unable");
export const ends = signal(""); // of the address of this browser

const ENDS = 12; // signs, as the server shows them

/** worker is an address that the page's policy lets a worker come from. */
function worker(): string {
	const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(s: string): unknown } } }).trustedTypes;
	const url = types ? types.createPolicy("push", { createScriptURL: () => "/push.js" }).createScriptURL("") : "/push.js";
	return url as string;
}

let policy: string | undefined;

/** able tells whether this browser takes messages at all: on iPhones and iPads only what stands on the Home Screen does. */
export const able = (): boolean => "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;

/** look finds out how this browser stands. */
export async function look(): Promise<void> {
	if (!able()) return;
	const had = await navigator.serviceWorker.getRegistration("/").catch(() => undefined);
	const subscription = await had?.pushManager.getSubscription().catch(() => null);
	ends.value = subscription?.endpoint.slice(-ENDS) ?? "";
	standing.value = Notification.permission === "denied" ? "denied" : subscription ? "on" : "off";
}

/** letIn asks the browser, and tells the server; it must be called in a click. "" or why not. */
export async function letIn(): Promise<"" | "denied" | "failed"> {
	try {
		if ((await Notification.requestPermission()) !== "granted") {
			await look();
			return "denied";
		}
		policy ??= worker();
		await navigator.serviceWorker.register(policy, { scope: "/" });
		const registration = await navigator.serviceWorker.ready;
		const key = await call<Answers["GET /api/v1/push/key"]>("GET", "/api/v1/push/key");
		if (!key.body) return "failed";
		const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key.body.key });
		const kept = await call("POST", "/api/v1/me/push", subscription.toJSON());
		if (kept.status !== 201) {
			await subscription.unsubscribe();
			return "failed";
		}
		await look();
		return "";
	} catch {
		await look();
		return "failed";
	}
}

/** letOut ends it in this browser; the server's row is the caller's. */
export async function letOut(): Promise<void> {
	const registration = await navigator.serviceWorker.getRegistration("/");
	const subscription = await registration?.pushManager.getSubscription();
	await subscription?.unsubscribe();
	await look();
}
