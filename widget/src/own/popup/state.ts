import { batch, signal } from "@preact/signals";
import type { Refusal, Sent } from "../ui/form.tsx";
import { meta } from "./meta.ts";
import { t } from "./words.ts";

export const TXN = "parley-txn"; // in sessionStorage: the window leaves for the provider and comes back
export const LAST = "parley-last-way"; // in localStorage: which provider worked the last time
export const MAIL = "parley-email";
const KEPT = "parley-kept"; // in sessionStorage: the page that opened the window holds a text

/** remember keeps a word, or with no value reads what is kept. */
export function remember(store: Storage, key: string, value?: string): string {
	try {
		if (value === undefined) return store.getItem(key) ?? "";
		store.setItem(key, value);
	} catch {
		// a browser without memory: the step is asked again
	}
	return value ?? "";
}

if (!meta.step) remember(sessionStorage, KEPT, new URLSearchParams(location.search).get("kept") ?? "");

/** draftKept tells whether the page that opened the window holds what was typed. */
export const draftKept = remember(sessionStorage, KEPT) === "1";

/** now is what the window has come to, beside what it shows. */
export const now = {
	txn: "", // the transaction in which the widget waits
	meeting: Promise.resolve(), // until the widget has been met
	secondFactor: async (_code: string): Sent => {}, // what is tried again once the second factor is there too
};

/** Confirmation is what the step "continue" asks. */
interface Confirmation {
	head: string;
	button: string;
	other: boolean; // offers another account
	act: () => Promise<void>;
}

export const step = signal(""); // the section that shows
export const turn = signal(0); // counts the steps
export const problem = signal(""); // what went wrong, above the steps
export const email = signal(remember(localStorage, MAIL));
export const provider = signal(meta.label ?? t("the_provider")); // its name, where the steps speak of it
export const confirmation = signal<Confirmation | null>(null);
export const leaving = signal(""); // where to
export const siteFailed = signal(false); // the site's own sign-in did
export const addressRefused = signal<Refusal | null>(null); // by a later step
export const done = signal({ head: t("done_head"), text: t("done_lead") });

/** show goes to a step. */
export function show(name: string): void {
	batch(() => {
		problem.value = "";
		step.value = name;
		turn.value++;
	});
}

/** showDone goes to the last step. */
export function showDone(text: string, head = done.value.head): void {
	done.value = { head, text };
	show("done");
}
