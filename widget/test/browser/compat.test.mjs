// Pages that were made for another system, with the address of its one script changed.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, NEWS, post, SERVER, token, visit } from "./stage.mjs";

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

test("counts stand where the other system's stood; a script that does not say the site says so", async () => {
	await post(await token("bo@example.com"), `${NEWS}/compat/n`, "One to be counted");
	const page = await visit(browser, "about:blank");
	const links = `<a id="d" href="${NEWS}/compat/n#disqus_thread">?</a><a id="i" href="/compat/n#isso-thread">?</a><span class="remark42__counter" data-url="${NEWS}/compat/n">?</span><a id="o" href="/compat/n#commento">?</a>`;
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><title>Front</title>${links}${tag}`)}`);
	for (const at of ["#d", "#i", ".remark42__counter", "#o"]) await page.locator(`${at} parley-count`).filter({ hasText: /^1$/ }).waitFor();
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><title>Front</title><div id="disqus_thread"></div><script src="${SERVER}/compat.js"></script>`)}`);
	await page.waitForTimeout(300);
	assert.match(page.problems.join(), /compat\.js\?site=KEY/);
});
