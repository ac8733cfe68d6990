import { isWord, t } from "./desk.ts";

/** reasons are the clauses that a rejection or a ban may name by key; whom it meets reads each in their own language. */
export const reasons = ["off_topic", "abuse", "hate", "advertising", "personal", "illegal", "false", "quality"] as const;

/** reasonText is a decision's reason: one of those that are kept by key, or what was typed. */
export function reasonText(reason: string): string {
	const key = `reason_${reason}`;
	return isWord(key) ? t(key) : reason;
}

/** reasonKey is what is kept of a reason as it stands in a box: the key of a clause, or what was typed. */
export function reasonKey(text: string): string {
	return [...reasons, "standards"].find((key) => reasonText(key) === text) ?? text;
}
