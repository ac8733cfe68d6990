import assert from "node:assert/strict";
import { test } from "node:test";
import { darkGround } from "../src/embed/scheme.ts";

const light = (rgb: number[]) => {
	const [r = 0, g = 0, b = 0] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a: number[], b: number[]) => {
	const [x, y] = [light(a), light(b)].sort((p, q) => q - p) as [number, number];
	return (x + 0.05) / (y + 0.05);
};
const hex = (s: string) => [1, 3, 5].map((i) => Number.parseInt(s.slice(i, i + 2), 16) / 255);

test("of every grey, the theme with the more legible text is chosen", () => {
	for (let v = 0; v <= 255; v++) {
		const ground = [v, v, v].map((c) => c / 255);
		const [onLight, onDark] = [ratio(ground, hex("#1c1b19")), ratio(ground, hex("#edebe6"))];
		if (Math.max(onLight, onDark) / Math.min(onLight, onDark) < 1.2) continue; // either will do
		assert.equal(darkGround(ground), onDark > onLight, `grey ${v}: ${onLight.toFixed(1)} and ${onDark.toFixed(1)}`);
	}
});

test("grounds that sites have", () => {
	for (const s of ["#ffffff", "#faf9f7", "#fff1e5", "#f5f5dc", "#ffd700", "#add8e6"]) assert.equal(darkGround(hex(s)), false, s);
	for (const s of ["#000000", "#191918", "#0d1117", "#1b2838", "#282c34", "#333333", "#002b36", "#800020"]) assert.equal(darkGround(hex(s)), true, s);
});
