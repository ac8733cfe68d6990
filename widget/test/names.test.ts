import assert from "node:assert/strict";
import { test } from "node:test";
import news from "../../static/i18n/en/news.json" with { type: "json" };
import read from "../../static/i18n/en/read.json" with { type: "json" };
import rest from "../../static/i18n/en/rest.json" with { type: "json" };
import type { Comment } from "../src/shared/api/shapes.ts";
import { type Message, Words } from "../src/shared/i18n/catalogue.ts";
import { heard, nameOf } from "../src/embed/view/names.ts";
import type { Key } from "../src/embed/view/context.ts";

Object.assign(globalThis, { LANGUAGES: ["en"], document: { documentElement: { lang: "en" } } });
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: { language: "en" } });
const words = new Words<Key>({ ...read, ...rest, ...news } as Record<Key, Message>, "en");
const now = new Date("2026-03-04T12:00:00Z");
const ago = (minutes: number) => new Date(+now - minutes * 60_000);

test("an age is heard whole", () => {
	for (const [minutes, want] of [
		[0, "now"],
		[1, "1 minute ago"],
		[28, "28 minutes ago"],
		[60, "1 hour ago"],
		[3 * 1440, "3 days ago"],
		[30 * 1440, "Feb 2"],
	] as const)
		assert.equal(heard(words, ago(minutes), now), want);
});

test("a comment's name tells it from the others", () => {
	const x = { words, flat: false, now: () => now };
	const c = {
		depth: 1,
		author: { name: "Ann" },
		status: "published",
		created_at: ago(28).toISOString(),
		in_reply_to: { id: "1", author_name: "Bo" },
	} as unknown as Comment;
	assert.equal(nameOf(x, c), "Ann, level 2, in reply to Bo, 28 minutes ago");
	assert.equal(nameOf({ ...x, flat: true }, c), "Ann, in reply to Bo, 28 minutes ago");
	assert.equal(nameOf(x, { ...c, depth: 0, in_reply_to: null }), "Ann, 28 minutes ago");
	assert.equal(
		nameOf(x, { ...c, author: null, status: "deleted", in_reply_to: { id: "1", author_name: null } }),
		"Comment deleted by its author, level 2, in reply to a removed comment, 28 minutes ago",
	);
});
