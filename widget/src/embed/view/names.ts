import type { Comment } from "../../shared/api/shapes.ts";
import { set } from "../../shared/dom/h.ts";
import type { Words } from "../../shared/i18n/catalogue.ts";
import type { Context, Key } from "./context.ts";
import { tomb } from "./reply-line.ts";

const UNITS = [
	["day", 86_400],
	["hour", 3_600],
	["minute", 60],
] as const;
const WEEK = 7 * 86_400;
const ages = new Map<string, Intl.RelativeTimeFormat>(); // by language: making one is slow

/** heard is an age as it is spoken: "28 minutes ago". */
export function heard(words: Words<Key>, at: Date, now: Date): string {
	const s = Math.max(0, (now.getTime() - at.getTime()) / 1000);
	const [unit, seconds] = UNITS.find(([, n]) => s >= n) ?? [];
	if (!unit) return words.t("now");
	if (s >= WEEK) return words.ago(at, now); // a date
	const ago = ages.get(words.lang) ?? new Intl.RelativeTimeFormat(words.lang);
	ages.set(words.lang, ago);
	return ago.format(-Math.floor(s / seconds), unit);
}

/** nameOf is a comment's name among the others: "Ann, level 2, in reply to Bo, 28 minutes ago". */
export function nameOf(x: Pick<Context, "words" | "flat" | "now">, c: Comment): string {
	const { words } = x;
	const to = c.in_reply_to;
	return [
		c.author?.name ?? words.t(tomb(c)),
		!x.flat && c.depth > 0 && words.t("level", { n: c.depth + 1 }),
		to && (to.author_name === null ? words.t("in_reply_gone") : words.t("in_reply", { name: to.author_name })),
		heard(words, new Date(c.created_at), x.now()),
	]
		.filter(Boolean)
		.join(", ");
}

/** name gives a comment and its buttons names that tell them from those of the others. */
export function name(x: Context, article: HTMLElement, c: Comment): void {
	set(article, { "aria-label": nameOf(x, c), "aria-labelledby": null });
	const button = (act: string) => article.querySelector(`:scope > .c-main > .c-a [data-act="${act}"]`);
	const reply = button("reply");
	if (reply) set(reply, { "aria-label": x.words.t("reply_to", { name: c.author?.name ?? "" }) });
	const more = button("menu");
	if (more) set(more, { "aria-describedby": `n-${c.id}` }); // its name is short: the author is said after it
}
