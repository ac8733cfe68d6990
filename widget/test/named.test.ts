import assert from "node:assert/strict";
import { test } from "node:test";
import { beingNamed, chosenIn, matches } from "../src/embed/named.ts";

test("a name is being typed behind an @ that no letter stands before, to the end of at most four words", () => {
	for (const [text, want] of [
		["see @ru", "ru"],
		["@", ""],
		["@Ruth Ad", "Ruth Ad"],
		["(@ru", "ru"],
		["«@Бор", "Бор"],
		["mail@ru", null],
		["https://x/@ru", null],
		["@ ru", null],
		["@ru\nnext", null],
		["@one two three four five", null],
		["@@ru", null],
		["@Ruth Adeyemi ", null], // it is done with
		["@김", "김"],
	] as const) {
		const got = beingNamed(text, text.length);
		assert.equal(got?.text ?? null, want, text);
		if (got) assert.equal(text[got.from], "@");
	}
	assert.equal(beingNamed("@ru and", 3)?.text, "ru", "at the cursor, not at the end");
});

test("who is meant begins so, in whatever letters", () => {
	const people = ["Rui Castanho", "Castor", "Élodie", "Ann Lee", "Борис Ельский"].map((name) => ({ name }));
	const names = (typed: string) => matches(people, typed).map((p) => p.name);
	assert.deepEqual(names("cast"), ["Castor", "Rui Castanho"]);
	assert.deepEqual(names("elo"), ["Élodie"]);
	assert.deepEqual(names("Ann_Le"), ["Ann Lee"]);
	assert.deepEqual(names("ел"), ["Борис Ельский"]);
	assert.equal(names("").length, 5);
	assert.deepEqual(names("zz"), []);
});

test("who was picked is sent in the order of the text, and only while the name stands there", () => {
	const a = { id: "1", name: "Ann Lee" };
	const b = { id: "2", name: "Ann Lee" };
	const c = { id: "3", name: "Bo" };
	assert.deepEqual(chosenIn("@Bo and @Ann Lee, not @Ann Lee", [a, c, b]), [c, a, b]);
	assert.deepEqual(chosenIn("@Bo", [a, c]), [c]);
});
