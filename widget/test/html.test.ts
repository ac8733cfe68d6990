import assert from "node:assert/strict";
import { test } from "node:test";
import { allowed, tokens } from "../src/shared/dom/html.ts";

const text = (html: string) =>
	tokens(html)
		.map((t) => (t.kind === "text" ? t.text : ""))
		.join("");

test("our own tags are tags, everything else is text", () => {
	assert.deepEqual(tokens('<p>a <a href="https://x.test/?a=1&amp;b=2" rel="nofollow">b</a></p>'), [
		{ kind: "open", tag: "p", attrs: {} },
		{ kind: "text", text: "a " },
		{ kind: "open", tag: "a", attrs: { href: "https://x.test/?a=1&b=2", rel: "nofollow" } },
		{ kind: "text", text: "b" },
		{ kind: "close", tag: "a" },
		{ kind: "close", tag: "p" },
	]);
	for (const bad of [
		"<script>alert(1)</script>",
		"<img src=x onerror=alert(1)>",
		"<svg/onload=alert(1)>",
		"<P onclick='x'>",
		"<!-- -->",
		"<a href=javascript:x>",
		"<",
	]) {
		assert.ok(
			tokens(bad).every((t) => t.kind !== "open"),
			bad,
		);
		assert.equal(text(bad).includes("<"), true, bad);
	}
});

test("entities are read once", () => {
	assert.equal(text("&amp;lt;b&amp;gt; &lt;i&gt; &#39;&#x41;&#0;&#xD800;&nope;"), "&lt;b&gt; <i> 'A\ufffd\ufffd&nope;");
});

test("attributes keep what is harmless", () => {
	assert.deepEqual(allowed("a", { href: "javascript:alert(1)", onclick: "x", id: "y" }), {});
	assert.deepEqual(allowed("a", { href: "https://x.test" }), {
		href: "https://x.test",
		rel: "nofollow ugc noopener noreferrer",
		target: "_blank",
	});
	assert.deepEqual(allowed("span", { class: "spoiler" }), { class: "spoiler" });
	assert.deepEqual(allowed("span", { class: "btn pri", style: "x" }), {});
	assert.deepEqual(allowed("code", { class: "language-go" }), { class: "language-go" });
	assert.deepEqual(allowed("ol", { start: "3" }), { start: "3" });
});

test("no text is lost and nothing hangs, whatever comes", () => {
	const parts = [
		"<",
		">",
		"p",
		"</",
		"a",
		' href="',
		'"',
		"&",
		";",
		"#",
		"x",
		" ",
		"\u0000",
		"script",
		"=",
		"'",
		"<p>",
		"</p>",
		"<a",
	];
	let x = 42;
	for (let i = 0; i < 20_000; i++) {
		let s = "";
		for (let n = 0; n < 12; n++) {
			x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
			s += parts[x % parts.length];
		}
		for (const t of tokens(s)) if (t.kind !== "text") assert.match(t.tag, /^(p|a)$/);
	}
	const began = performance.now();
	tokens("<a ".repeat(200_000));
	tokens("<".repeat(400_000));
	tokens(`<p ${'a="b" '.repeat(50_000)}`);
	assert.ok(performance.now() - began < 20_000, "not quadratic without end");
});
