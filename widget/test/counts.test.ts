import { equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { questions } from "../src/embed/counts.ts";

test("counts are asked for in questions that every proxy passes on", () => {
	const keys = (n: number, long: number) => Array.from({ length: n }, (_, i) => `https://news.example/${i}/${"a".repeat(long)}`);
	equal(questions([]).length, 0);
	equal(questions(keys(100, 10)).length, 1);
	equal(questions(keys(101, 10)).length, 2);
	for (const long of [10, 260, 2000, 7000]) {
		const all = questions(keys(130, long));
		const asked = all.flatMap((q) => new URLSearchParams(q).getAll("thread"));
		equal(asked.join(), keys(130, long).join(), "each once, in order");
		ok(long > 2000 || all.every((q) => q.length <= 6000));
	}
});
