// Pages that were made for another system, with the address of its one script changed.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { control, launch, NEWS, post, SERVER, token, visit } from "./stage.mjs";

const browser = await launch();
after(() => browser.close());

const tag = `<script async src="${SERVER}/compat.js?site=news"></script>`;
const pages = {
	"Disqus, by its address": `<div id="disqus_thread"></div><script>var disqus_config = function () { this.page.url = "${NEWS}/compat/a"; this.page.title = "A" };</script>${tag}`,
	"Disqus, by its identifier": `<div id="disqus_thread"></div><script>var disqus_config = function () { this.page.url = "${NEWS}/compat/elsewhere"; this.page.identifier = "ident-7" };</script>${tag}`,
	"Disqus, an identifier that was never imported": `<div id="disqus_thread"></div><script>var disqus_identifier = "never", disqus_url = "${NEWS}/compat/a";</script>${tag}`,
	remark42: `<div id="remark42"></div><script>var remark_config = { host: "x", site_id: "y", url: "${NEWS}/compat/a?utm_source=x" };</script>${tag}`,
	Isso: `<section id="isso-thread" data-isso-id="/compat/a" data-title="A"><noscript>No script</noscript></section>${tag}`,
	Commento: `<div id="commento"></div><script defer data-page-id="/compat/a" src="${SERVER}/compat.js?site=news"></script>`,
	Comentario: `<comentario-comments page-id="/compat/a"></comentario-comments>${tag}`,
	Artalk: `<div id="c"></div><script src="${SERVER}/compat.js?site=news"></script><script>Artalk.init({ el: "#c", pageKey: "/compat/a", pageTitle: "A", server: "x", site: "y" })</script>`,
	Waline: `<div id="waline"></div><script src="${SERVER}/compat.js?site=news"></script><script>Waline.init({ el: "#waline", path: "/compat/a", serverURL: "x" })</script>`,
	Coral: `<div id="coral_thread"></div><script src="${SERVER}/compat.js?site=news"></script><script>Coral.createStreamEmbed({ id: "coral_thread", autoRender: true, rootURL: "x", storyURL: "${NEWS}/compat/a" }).render()</script>`,
};

for (const [name, body] of Object.entries(pages))
	test(`${name}: the old tag shows the old comments`, async () => {
		const bo = await token("bo@example.com");
		const key = name.includes("by its identifier") ? "ident-7" : `${NEWS}/compat/a`;
		const words = `Written in the days of ${name}`;
		await post(bo, key, words);
		const page = await visit(browser, "about:blank");
		await page.goto(`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><title>Old</title>${body}`)}`);
		await page.locator("parley-comments").getByText(words).waitFor();
		assert.equal(await page.locator("parley-comments").count(), 1);
		assert.deepEqual(page.problems, []);
	});

// Where only the host in a page is changed, the file that its old script was is asked for here.
for (const [name, body] of Object.entries({
	"remark42, by its own name": `<div id="remark42"></div><script>var remark_config = { host: "${SERVER}", site_id: "y", url: "${NEWS}/compat/a", components: ["embed"] };</script><script data-site="news" src="${SERVER}/web/embed.js"></script>`,
	"remark42, as a module": `<div id="remark42"></div><script>var remark_config = { host: "${SERVER}", site_id: "y", url: "${NEWS}/compat/a" };</script><script type="module" data-site="news" src="${SERVER}/web/embed.mjs"></script>`,
	"Isso, by its own name": `<section id="isso-thread" data-isso-id="/compat/a"></section><script data-isso="${SERVER}/" data-site="news" src="${SERVER}/js/embed.min.js"></script>`,
	"Coral, by its own name": `<div id="coral_thread"></div><script data-site="news" src="${SERVER}/assets/js/embed.js"></script><script>Coral.createStreamEmbed({ id: "coral_thread", storyURL: "${NEWS}/compat/a" }).render()</script>`,
}))
	test(`${name}: the old tag shows the old comments`, async () => {
		const words = `Written in the days of ${name}`;
		await post(await token("bo@example.com"), `${NEWS}/compat/a`, words);
		const page = await visit(browser, "about:blank");
		await page.goto(`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><title>Old</title>${body}`)}`);
		await page.locator("parley-comments").getByText(words).waitFor();
		assert.deepEqual(page.problems, []);
	});

test("counts stand where the other system's stood; one site needs no name", async () => {
	await post(await token("bo@example.com"), `${NEWS}/compat/n`, "One to be counted");
	const page = await visit(browser, "about:blank");
	const links = `<a id="d" href="${NEWS}/compat/n#disqus_thread">?</a><a id="i" href="/compat/n#isso-thread">?</a><span class="remark42__counter" data-url="${NEWS}/compat/n">?</span><a id="o" href="/compat/n#commento">?</a>`;
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><title>Front</title>${links}${tag}`)}`);
	for (const at of ["#d", "#i", ".remark42__counter", "#o"]) await page.locator(`${at} parley-count`).filter({ hasText: /^1$/ }).waitFor();
	// A server with one site needs no name of it.
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><title>Front</title><div id="disqus_thread"></div><script>var disqus_url = "${NEWS}/compat/n"</script><script src="${SERVER}/compat.js"></script>`)}`);
	await page.locator("parley-comments").getByText("One to be counted").waitFor();
});

// What an importer brought is what the old tag shows, and an old link to a comment leads to it.
test("an export of Disqus, its old tag and its old links", async () => {
	const dir = mkdtempSync(join(tmpdir(), "parley-compat-"));
	const file = join(dir, "export.xml");
	const post = (id, words, parent = "") =>
		`<post dsq:id="${id}"><message><![CDATA[<p>${words}</p>]]></message><createdAt>2014-05-06T07:0${id % 10}:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Old Reader</name><isAnonymous>true</isAnonymous></author><thread dsq:id="77"/>${parent && `<parent dsq:id="${parent}"/>`}</post>`;
	const words = Array.from({ length: 30 }, (_, i) => post(1000 + i, `Written in 2014, number ${i}`)).join("");
	writeFileSync(
		file,
		`<?xml version="1.0"?><disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"><thread dsq:id="77"><id>old-ident</id><link>${NEWS}/compat/moved</link><title>Old</title><createdAt>2014-05-06T07:00:00Z</createdAt><isClosed>false</isClosed><isDeleted>false</isDeleted></thread>${words}${post(1040, "The one that is linked to", "1003")}</disqus>`,
	);
	const { text } = await control("/run", ["import", "--site", "news", file].join("\n"));
	rmSync(dir, { recursive: true });
	assert.match(text, /Added 31 comments/);
	const page = await visit(browser, "about:blank");
	const old = `<!doctype html><title>Old</title><div style="height: 3000px">An article</div><div id="disqus_thread"></div><script>var disqus_identifier = "old-ident"</script>${tag}`;
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(old)}#comment-1040`);
	const linked = page.locator("parley-comments").getByText("The one that is linked to");
	await linked.waitFor();
	await page.waitForFunction(() => /^#parley-/.test(location.hash));
	await page.waitForFunction(() => document.querySelector("parley-comments").shadowRoot.querySelector(".target")?.textContent.includes("The one that is linked to"));
	// The same with our own tag, and a fragment of the page's own is left alone.
	const now = `<!doctype html><title>Old</title><div style="height: 3000px">An article</div><parley-comments site="news" thread="old-ident"></parley-comments><script async src="${SERVER}/embed.js"></script>`;
	await page.goto("about:blank");
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(now)}#comment-1005`);
	await page.waitForFunction(() => document.querySelector("parley-comments").shadowRoot?.querySelector(".target")?.textContent.includes("number 5"));
	await page.goto("about:blank");
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(now)}`);
	await page.evaluate(() => (location.hash = "#comment-1010")); // a link on the page itself
	await page.waitForFunction(() => document.querySelector("parley-comments").shadowRoot?.querySelector(".target")?.textContent.includes("number 10"));
	await page.evaluate(() => (location.hash = "#comment-1012"));
	await page.waitForFunction(() => document.querySelector("parley-comments").shadowRoot.querySelector(".target")?.textContent.includes("number 12"));
	await page.goto("about:blank");
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(now)}#comment-section`);
	await page.waitForTimeout(500);
	assert.equal(await page.evaluate(() => location.hash), "#comment-section");
});

// For each system: what its own export holds, and its own tag on the same page.
const moved = {
	remark42: {
		file: (url, words) =>
			`{"version":1,"users":[],"posts":[]}\n{"id":"r-${words.length}","pid":"","text":"<p>${words}</p>","user":{"name":"Ann","id":"github_1"},"locator":{"site":"s","url":"${url}"},"score":0,"votes":{},"time":"2021-02-03T04:05:06Z"}`,
		page: (url) => `<div id="remark42"></div><script>var remark_config = { host: "x", site_id: "y", url: "${url}" }</script>${tag}`,
		link: (words) => `#remark42__comment-r-${words.length}`,
	},
	Isso: {
		file: (url, words) => JSON.stringify([{ id: new URL(url).pathname, title: "Page", comments: [{ id: 1, author: "Ann", created: "2013-07-01 12:00:00", text: words }] }]),
		page: (url) => `<section id="isso-thread" data-isso-id="${new URL(url).pathname}"></section>${tag}`,
	},
	Commento: {
		file: (url, words) =>
			JSON.stringify({ version: 1, comments: [{ commentHex: "c0ffee01", domain: new URL(url).host, url: new URL(url).pathname, commenterHex: "anonymous", markdown: words, html: `<p>${words}</p>`, parentHex: "root", score: 0, state: "approved", creationDate: "2020-01-02T03:04:05Z" }], commenters: [] }),
		page: (url) => `<div id="commento"></div><script defer data-page-id="${new URL(url).pathname}" src="${SERVER}/compat.js?site=news"></script>`,
		link: () => "#commento-c0ffee01",
	},
	Comentario: {
		file: (url, words) =>
			JSON.stringify({
				version: 3,
				pages: [{ id: "p1", path: new URL(url).pathname, title: "Page", isReadonly: false }],
				comments: [{ id: "3f2a", pageId: "p1", url, parentId: null, userCreated: "u1", markdown: words, html: `<p>${words}</p>`, isApproved: true, isPending: false, isDeleted: false, createdTime: "2022-01-02T03:04:05Z" }],
				commenters: [{ id: "u1", name: "Ann" }],
			}),
		page: (url) => `<comentario-comments page-id="${new URL(url).pathname}"></comentario-comments>${tag}`,
		link: () => "#comentario-3f2a",
	},
	Artalk: {
		file: (url, words) =>
			JSON.stringify([{ id: "7", rid: "0", content: words, nick: "Ann", created_at: "2021-05-06 07:08:09 +0000", page_key: new URL(url).pathname, page_title: "Page", site_name: "s", site_urls: new URL(url).origin, is_pending: "false", is_pinned: "false", vote_up: "0", vote_down: "0" }]),
		page: (url) => `<div id="c"></div><script src="${SERVER}/compat.js?site=news"></script><script>Artalk.init({ el: "#c", pageKey: "${new URL(url).pathname}", server: "x", site: "s" })</script>`,
		link: () => "#atk-comment-7",
	},
	Waline: {
		file: (url, words) => JSON.stringify({ type: "waline", version: 1, tables: ["Comment"], data: { Comment: [{ objectId: 9, nick: "Ann", comment: words, insertedAt: "2023-01-02T03:04:05.000Z", url: new URL(url).pathname, status: "approved" }] } }),
		page: (url) => `<div id="waline"></div><script src="${SERVER}/compat.js?site=news"></script><script>Waline.init({ el: "#waline", path: "${new URL(url).pathname}", serverURL: "x" })</script>`,
	},
	Coral: {
		file: (url, words) =>
			[
				{ id: "s9", tenantID: "t", url, metadata: { title: "Page" }, createdAt: { $date: "2022-01-01T00:00:00Z" } },
				{ id: "u9", tenantID: "t", username: "Ann" },
				{ id: "k9", tenantID: "t", storyID: "s9", authorID: "u9", status: "APPROVED", createdAt: { $date: "2022-01-02T03:04:05Z" }, revisions: [{ body: words }] },
			]
				.map((d) => JSON.stringify(d))
				.join("\n"),
		page: (url) => `<div id="coral_thread"></div><script src="${SERVER}/compat.js?site=news"></script><script>Coral.createStreamEmbed({ id: "coral_thread", autoRender: true, rootURL: "x", storyURL: "${url}" })</script>`,
	},
};

for (const [name, is] of Object.entries(moved))
	test(`what came from ${name} stands under its old tag`, async () => {
		const dir = mkdtempSync(join(tmpdir(), "parley-moved-"));
		const file = join(dir, "export");
		const url = `${NEWS}/moved/${name.toLowerCase()}`;
		const words = `Brought from ${name}`;
		writeFileSync(file, is.file(url, words));
		const { text } = await control("/run", ["import", "--site", "news", file].join("\n"));
		rmSync(dir, { recursive: true });
		assert.match(text, /Added 1 comment /);
		const page = await visit(browser, "about:blank");
		await page.goto(`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><title>Old</title>${is.page(url)}`)}${is.link?.(words) ?? ""}`);
		await page.locator("parley-comments").getByText(words).waitFor();
		if (is.link) await page.waitForFunction(() => /^#parley-/.test(location.hash) && document.querySelector("parley-comments").shadowRoot.querySelector(".target"));
		assert.deepEqual(page.problems, []);
	});
