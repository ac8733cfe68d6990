import en from "../../../../static/i18n/en/dashboard.json";
import { isWord, t, type Word, words } from "./desk.ts";
import { settingsText, threadText } from "./entry-changes.ts";
import type { AuditEntry } from "./shapes.ts";

const levels = ["new", "member", "regular", "trusted"] as const;
const stamp = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;

/** actor is who did it. */
export const actor = (e: AuditEntry): string => (e.erased ? t("erased") : e.by || t("the_program"));

/** entryText is what was done, as a verb. */
export const entryText = (e: AuditEntry): string => {
	const of = (key: string): key is Word => isWord(key);
	const own = `act_${e.kind}_${e.action}`.replace(/ /g, "_"); // of one kind alone
	const kept = e.action === "approve" && e.before === e.after; // it was published, and reported
	const key = kept ? "act_keep" : `act_${e.action.replace(/ /g, "_")}`;
	return of(own) ? t(own) : of(key) ? t(key) : e.action;
};

/** changed is what became of it, in sentences where it is more than from what to what. */
export const changed = (e: AuditEntry): string[] => {
	if (e.action === "rules") return e.after.split("\n").map(sentence);
	if (e.action === "settings") return settingsText(e.before, e.after).map(sentence);
	if (e.action === "thread") return threadText(e.before, e.after).map(sentence);
	if (e.action === "merge") return [sentence(t("was_key", { key: e.before }))];
	if (e.before === e.after) return [];
	if (e.action === "invite" || e.action === "uninvite" || e.action === "join") return [t("as_role", { role: plain(e, e.after) })];
	const both = [e.before, e.after].filter(Boolean).map((v) => plain(e, v));
	return both.length > 0 ? [both.join(" → ")] : [];
};

const sentence = (s: string): string => s.charAt(0).toLocaleUpperCase(words.lang) + s.slice(1);

/** plain turns what a machine wrote into words: times, levels, statuses. */
function plain(e: AuditEntry, v: string): string {
	if (e.action === "trust") return t(`level_${levels[Number(v)] ?? "new"}`);
	if (e.action === "discount") return t("until_date", { date: words.full(new Date(v)) });
	const status = `status_${v}`;
	if (status in en) return t(status as "status_spam");
	const role = `role_${v}`;
	if (role in en) return t(role as "role_admin");
	return v.replace(stamp, (iso) => words.full(new Date(iso)));
}
