import assert from "node:assert/strict";
import { test } from "node:test";
import { lines, parse } from "../src/own/dashboard/state/wordlist.ts";

test("a word list is written one to a line, and read back the same", () => {
	const list = [
		{ word: "spam", lang: "" },
		{ word: "wort", lang: "de" },
		{ word: "two words", lang: "pt-BR" },
	];
	assert.equal(lines(list), "spam\nde: wort\npt-BR: two words");
	assert.deepEqual(parse(lines(list)), list);
});

test("room and empty lines are nothing; what looks like no language belongs to the word", () => {
	assert.deepEqual(parse("  a \n\n \nhttp://x\nnote: me\n"), [
		{ word: "a", lang: "" },
		{ word: "http://x", lang: "" },
		{ word: "note: me", lang: "" },
	]);
});
