// A comment stands once, wherever it was asked for from.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, NEWS, post, shot, shut, token, visit } from "./stage.mjs";

let browser, ann, bo;
before(async () => {
	browser = await launch();
	[ann, bo] = await Promise.all([token("ann@example.com"), token("bo@example.com")]);
});
after(() => browser?.close());

const LONG = "Long enough to take a few lines, as most comments are, so that a list of them is several windows high. ".repeat(3);

/** deep is 25 roots, with a chain of replies under the oldest. */
async function deep(path, levels = 5) {
	const chain = [await post(bo, path, `Level 0. ${LONG}`)];
	for (let i = 1; i < levels; i++) chain.push(await post(i % 2 ? ann : bo, path, `Level ${i}. ${LONG}`, chain.at(-1).id));
	for (let i = 1; i < 25; i++) await post(i % 2 ? ann : bo, path, `Root ${i}. ${LONG}`);
	return chain;
}
/** once fails where a comment stands twice, or more replies are offered than there are. */
const once = async (page, chain) => {
	const got = await page.evaluate(() => {
		const root = document.querySelector("parley-comments").shadowRoot;
		return {
			ids: [...root.querySelectorAll("article.c")].map((a) => a.id),
			more: [...root.querySelectorAll(".c-more .more")].map((b) => b.textContent),
		};
	});
	assert.deepEqual(got.ids, [...new Set(got.ids)], "ids stand once");
	assert.deepEqual(got.more, [], "nothing more is offered where nothing more is");
	for (const c of chain) assert.equal(got.ids.filter((id) => id === `parley-${c.id}`).length, 1, `level ${c.depth} is there`);
};
/** inSight waits until the comment has come to rest in the window. */
const inSight = (page, id) =>
	page.waitForFunction(
		(id) => {
			const r = document.querySelector("parley-comments").shadowRoot.getElementById(`parley-${id}`)?.getBoundingClientRect();
			const still = r && window.lastTop === Math.round(r.top);
			window.lastTop = r && Math.round(r.top);
			return still && r.top >= 0 && r.top < innerHeight / 2;
		},
		id,
		{ polling: 250, timeout: 10_000 },
	);

for (const sort of ["newest", "oldest", "best"]) {
	test(`${sort}: a permalink deep below, and goTo, show every comment once and come to it`, async () => {
		const path = `/p-deep-${sort}`;
		const chain = await deep(path);
		const last = chain.at(-1);
		const address = `${NEWS}${path}?attrs=${encodeURIComponent(`sort="${sort}" page-size="5"`)}`;
		const page = await visit(browser, "about:blank");
		await page.goto(`${address}#parley-${last.id}`);
		await page.locator("article.target", { hasText: "Level 4" }).waitFor();
		await once(page, chain);
		await inSight(page, last.id);
		await shot(page, `deep-${sort}`);
		for (const level of [2, 4, 0]) {
			await page.evaluate((id) => document.querySelector("parley-comments").goTo(id), chain[level].id);
			await inSight(page, chain[level].id);
			await once(page, chain);
		}
		for (let i = 0; i < 5; i++) {
			const more = page.getByRole("button", { name: "Show more comments" });
			if (!(await more.isVisible())) break;
			const had = await page.locator("article.c").count();
			await more.click();
			await page.waitForFunction((n) => document.querySelector("parley-comments").shadowRoot.querySelectorAll("article.c").length > n || document.querySelector("parley-comments").shadowRoot.querySelector(".btn.full").hidden, had);
		}
		await once(page, chain);
		assert.equal(await page.locator("article.c").count(), 29, "all of them, once");
		assert.deepEqual(page.problems, []);
	});
}

test("Show new, for replies deep below and a whole new branch, shows each once", async () => {
	const path = "/p-new";
	const chain = await deep(path);
	const page = await visit(browser, `${path}?attrs=${encodeURIComponent('sort="newest" page-size="5"')}`);
	await page.getByText(/reading now/).or(page.locator(".hd-m button")).first().waitFor();
	await page.locator("article.c").nth(4).waitFor();
	const fresh = [await post(ann, path, "A live reply deep below", chain.at(-1).id)];
	fresh.push(await post(bo, path, "And a reply to that", fresh[0].id));
	fresh.push(await post(bo, path, "A new root"));
	fresh.push(await post(ann, path, "With an answer", fresh[2].id));
	await page.getByRole("button", { name: "Show 4 new comments" }).first().click();
	for (const c of fresh) await page.locator(`#parley-${c.id}`).waitFor();
	await once(page, [...chain, ...fresh]);
	assert.deepEqual(page.problems, []);
});

test("a page with a base, its own or another's, keeps its permalinks", async () => {
	const path = "/p-base";
	const c = await post(ann, path, "A comment to point at.");
	for (const base of ["/", "https://elsewhere.test/x/"]) {
		const page = await visit(browser, `${path}?q=1`);
		await page.locator(`#parley-${c.id}`).waitFor();
		await page.evaluate((href) => document.head.prepend(Object.assign(document.createElement("base"), { href })), base);
		assert.equal(await page.locator("a.c-t").evaluate((a) => a.href), `${NEWS}${path}?q=1#parley-${c.id}`);
		await page.locator("a.c-t").click();
		assert.equal(page.url(), `${NEWS}${path}?q=1#parley-${c.id}`);
		assert.deepEqual(page.problems, []);
		await shut(page.context());
	}
});

for (const mode of ["inline", "frame"]) {
	test(`${mode}: what a page asks for before the reader comes near is done, and so is a hash set later`, async () => {
		const c = await post(bo, `/pl-lazy-${mode}`, "Far below");
		const far = async (ask) => {
			const page = await visit(browser, "about:blank");
			await page.goto(
				`${NEWS}/written?html=${encodeURIComponent(`<!doctype html><html lang="en"><title>Far</title><div style="height:9000px">An article.</div>
<parley-comments site="news" thread="/pl-lazy-${mode}" mode="${mode}"></parley-comments><script src="https://comments.test/embed.js"></script>`)}`,
			);
			const f = mode === "frame" ? page.frameLocator("parley-comments iframe") : page.locator("parley-comments");
			await page.waitForTimeout(300);
			assert.equal(page.requests.filter((r) => /comments\?|\/frame\//.test(r.url())).length, 0, "nothing has been fetched yet");
			await page.evaluate(ask[0], ask[1]);
			return { page, f };
		};
		const done = async ({ page }) => {
			assert.deepEqual(page.problems, []);
			await shut(page.context());
		};
		let at = await far([() => document.querySelector("parley-comments").focusComposer()]);
		await at.f.locator("form.cp.root textarea:focus").waitFor();
		await done(at);
		at = await far([(id) => document.querySelector("parley-comments").goTo(id), c.id]);
		await at.f.locator(`#parley-${c.id}.target`).waitFor();
		await done(at);
		at = await far([
			(id) => {
				location.hash = `#parley-${id}`;
			},
			c.id,
		]);
		await at.f.locator(`#parley-${c.id}.target`).waitFor();
		await done(at);
		at = await far([() => document.querySelector("parley-comments").reload()]);
		await at.f.getByText("Far below").waitFor();
		await done(at);
		at = await far([
			() => document.body.addEventListener("click", () => void document.querySelector("parley-comments").signIn()),
		]);
		if (mode === "inline") {
			const [popup] = await Promise.all([at.page.waitForEvent("popup"), at.page.mouse.click(200, 200)]);
			await popup.waitForLoadState(); // Chromium may never close a window that is still coming
			await shut(popup);
		} else {
			await at.page.mouse.click(200, 200);
			await at.f.getByLabel("Email").waitFor();
		}
		await done(at);
	});
}

// What body{...} sets and elements inherit, with a value that would show.
const INHERITED = {
	"text-align": "center",
	"text-align-last": "right",
	"text-indent": "40px",
	"text-transform": "uppercase",
	"text-shadow": "2px 2px red",
	"text-underline-position": "under",
	"text-wrap": "balance",
	"letter-spacing": "4px",
	"word-spacing": "9px",
	"word-break": "break-all",
	"line-break": "anywhere",
	"white-space": "pre",
	"writing-mode": "vertical-rl",
	"text-orientation": "upright",
	hyphens: "auto",
	"font-variant-caps": "small-caps",
	"font-style": "italic",
	"font-feature-settings": '"smcp"',
	"font-kerning": "none",
	"line-height": "3",
	"tab-size": "1",
	"caret-color": "red",
	"accent-color": "red",
	quotes: '"x" "y"',
	"list-style-type": "upper-roman",
	"pointer-events": "none",
	"user-select": "none",
	cursor: "help",
	visibility: "hidden",
	orphans: "7",
	"image-rendering": "pixelated",
	"border-collapse": "collapse",
	"caption-side": "bottom",
	"empty-cells": "hide",
};

test("nothing that a page's elements inherit comes in", async () => {
	await post(bo, "/p-inherit", "Said **here** and `there`");
	const page = await visit(browser, "/p-inherit");
	await page.locator("article.c").first().waitFor();
	await page.locator("form.cp textarea").waitFor();
	const look = () =>
		page.locator("parley-comments").evaluate(
			(el, names) =>
				[".w", ".hd h2", ".c-b p", ".c-b code", ".c button", "form.cp textarea", ".tabs button"].flatMap((s) => {
					const at = el.shadowRoot.querySelector(s);
					const now = getComputedStyle(at);
					return names.map((n) => `${s} ${n}: ${now.getPropertyValue(n)}`);
				}),
			Object.keys(INHERITED),
		);
	const before = await look();
	await page.addStyleTag({
		content: `body { ${Object.entries(INHERITED)
			.map(([n, v]) => `${n}: ${v}`)
			.join(";")} }`,
	});
	assert.equal(await page.evaluate(() => getComputedStyle(document.body).userSelect), "none", "the page has them");
	assert.deepEqual(await look(), before);
	assert.equal(
		await page.locator("parley-comments").evaluate((el) => getComputedStyle(el.shadowRoot.querySelector(".c-b p")).userSelect),
		"text",
		"comments can be selected",
	);
	assert.deepEqual(page.problems, []);
});
