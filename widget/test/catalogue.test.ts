import assert from "node:assert/strict";
import { test } from "node:test";
import { tagOf, Words } from "../src/shared/i18n/catalogue.ts";

test("languages are read as pages write them", () => {
	for (const [said, want] of [
		["en", "en"],
		["en_US", "en-US"],
		["ru_RU", "ru-RU"],
		["zh_CN", "zh-CN"],
		["en-US.UTF-8", "en-US"],
		["de_DE@euro", "de-DE"],
		["PT-br", "pt-BR"],
		["sr_Latn_RS", "sr-Latn-RS"],
		[" fr ", "fr"],
		["x", ""],
		["C", ""],
		["", ""],
		["english", ""],
		["x-klingon", ""],
		["??", ""],
	] as const)
		assert.equal(tagOf(said), want, `lang="${said}"`);
});

test("a formatter is made once for each language and form, however many texts there are", () => {
	Object.assign(globalThis, { LANGUAGES: ["en", "ru"], document: { documentElement: { lang: "en" } } });
	if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: { language: "en" } });
	const was = { ...Intl, DateTimeFormat: Intl.DateTimeFormat, NumberFormat: Intl.NumberFormat, PluralRules: Intl.PluralRules };
	let count = 0;
	const kinds = ["DateTimeFormat", "NumberFormat", "PluralRules"] as const;
	for (const kind of kinds)
		Object.defineProperty(Intl, kind, {
			configurable: true,
			writable: true,
			value: new Proxy(was[kind], {
				construct(Kind, args) {
					count++;
					return new (Kind as new (...a: unknown[]) => object)(...(args as unknown[]));
				},
			}),
		});
	const now = new Date("2026-03-04T12:00:00Z");
	const before = (ms: number) => new Date(+now - ms);
	for (let i = 0; i < 500; i++) {
		const w = new Words({ n: { one: "{n} reply", other: "{n} replies" } }, "en");
		assert.equal(w.t("n", { n: 1200 }), "1,200 replies");
		assert.equal(w.ago(before(5 * 60_000), now), "5 min");
		assert.equal(w.ago(before(26 * 3600_000), now), "1 day");
		assert.equal(w.ago(new Date("2026-01-02T12:00:00Z"), now), "Jan 2");
		assert.equal(w.ago(new Date("2025-01-02T12:00:00Z"), now), "Jan 2, 2025");
		assert.match(w.full(now), /^March 4, 2026/);
	}
	assert.ok(count <= 8, `${count} formatters`);
	assert.equal(new Words({}, "ru").number(1200), "1\u00a0200", "another language has its own");
	for (const kind of kinds) Object.defineProperty(Intl, kind, { configurable: true, writable: true, value: was[kind] });
});
