import assert from "node:assert/strict";
import { test } from "node:test";
import { continued, marked, pasted } from "../src/embed/view/typing.ts";

test("marks stand inside the blanks of a selection", () => {
	const over = (value: string, mark: string, from = 0, to = value.length) => {
		const m = marked(value, from, to, mark);
		const out = value.slice(0, m.from) + m.text + value.slice(m.to);
		return [out, out.slice(...m.select)];
	};
	assert.deepEqual(over("one two three", "**", 4, 8), ["one **two** three", "two"]);
	assert.deepEqual(over(" two ", "*"), [" *two* ", "two"]);
	assert.deepEqual(over("", "**"), ["****", ""]);
	assert.deepEqual(over("a **two** b", "**", 4, 7), ["a two b", "two"]);
	assert.deepEqual(over("a **two** b", "*", 4, 7), ["a ***two*** b", "two"], "italic in bold leaves the bold");
	assert.deepEqual(over("a ***two*** b", "*", 5, 8), ["a **two** b", "two"]);
	assert.deepEqual(over("a ***two*** b", "**", 5, 8), ["a *two* b", "two"]);
	assert.deepEqual(over("||two||", "||", 2, 5), ["two", "two"]);
});

test("Enter goes on with a list, and ends it at an empty item", () => {
	const at = (s: string) => {
		const c = continued(s, s.length);
		return c && s.slice(0, c.from) + c.text;
	};
	assert.equal(at("- one"), "- one\n- ");
	assert.equal(at("x\n  * one"), "x\n  * one\n  * ");
	assert.equal(at("9. nine"), "9. nine\n10. ");
	assert.equal(at("1) a"), "1) a\n2) ");
	assert.equal(at("> said"), "> said\n> ");
	assert.equal(at("- one\n- "), "- one\n");
	assert.equal(at("plain"), null);
	assert.equal(at("-no item"), null);
	assert.equal(at("3.14 is no list"), null);
});

test("a paste is cut where it would never fit; an address over words links them", () => {
	const long = "x".repeat(500_000);
	assert.deepEqual(pasted("", 0, 0, long, 3000), { text: "x".repeat(3000), changed: true, cut: true });
	assert.equal(pasted("y".repeat(2000), 2000, 2000, long, 3000).text.length, 1000);
	assert.equal(pasted("", 0, 0, "x".repeat(3100), 3000).changed, false, "a little over is the writer's to shorten");
	assert.equal(pasted("", 0, 0, long, 0).changed, false);
	assert.deepEqual(pasted("see the ferry plan", 8, 13, " https://x.example/a ", 3000), {
		text: "[ferry](https://x.example/a)",
		changed: true,
		cut: false,
	});
	assert.equal(pasted("https://y.example", 0, 17, "https://x.example", 3000).changed, false, "an address over an address");
	assert.equal(pasted("abc", 3, 3, "https://x.example", 3000).changed, false);
});
