import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { request } from "../src/shared/api/fetch.ts";

const real = globalThis.fetch;
afterEach(() => {
	globalThis.fetch = real;
});

const answer = (body: string | null, init: ResponseInit) => {
	globalThis.fetch = () => Promise.resolve(new Response(body, init));
};

test("an answer is its status and its JSON, whether it says yes or no", async () => {
	answer('{"a":1}', { status: 201 });
	const yes = await request("/x", {});
	assert.deepEqual([yes.status, yes.ok, yes.body], [201, true, { a: 1 }]);
	answer('{"code":"role"}', { status: 403, headers: { "Retry-After": "3" } });
	const no = await request("/x", {});
	assert.deepEqual([no.status, no.ok, no.body, no.headers?.get("retry-after")], [403, false, { code: "role" }, "3"]);
});

test("what is no JSON is no body, and what is no answer has the status 0", async () => {
	answer("<p>a proxy</p>", { status: 502 });
	assert.deepEqual((await request("/x", {})).body, undefined);
	answer(null, { status: 204 });
	assert.deepEqual((await request("/x", {})).status, 204);
	globalThis.fetch = () => Promise.reject(new TypeError("no line"));
	assert.deepEqual((await request("/x", {})).status, 0);
});
