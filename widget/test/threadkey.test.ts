import assert from "node:assert/strict";
import { test } from "node:test";
import table from "../../internal/discuss/testdata/threadkey.json";
import { threadKeyFromURL } from "../src/embed/threadkey.ts";

test("a page's identity is the same here and on the server", () => {
	assert.ok(table.length > 20);
	for (const { in: url, key } of table) assert.equal(threadKeyFromURL(url), key, url);
});
