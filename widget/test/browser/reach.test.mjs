// Everything that can be pressed can be reached: nothing lies over it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, post, shot, signIn, token, visit } from "./stage.mjs";

let browser, ann, bo;
before(async () => {
	browser = await launch();
	[ann, bo] = await Promise.all([token("ann@example.com"), token("bo@example.com")]);
});
after(() => browser?.close());

/** covered lists every control whose middle, or a point a little inside an edge, belongs to something else. */
const covered = (page) =>
	page.evaluate(() => {
		const root = document.querySelector("parley-comments").shadowRoot;
		const out = [];
		let n = 0;
		for (const e of root.querySelectorAll("button, a[href], select, textarea, input, summary")) {
			if (e.matches(".c-line, :disabled, .sr, .sr *") || !e.checkVisibility({ visibilityProperty: true })) continue;
			e.scrollIntoView({ block: "center", behavior: "instant" });
			const r = [...e.getClientRects()][0];
			if (!r || r.width < 2 || r.height < 2) continue;
			n++;
			for (const [x, y] of [
				[0.5, 0.5],
				[0.12, 0.5],
				[0.88, 0.5],
			]) {
				const at = root.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
				if (!at || !(e.contains(at) || at.contains(e)))
					out.push(`${e.className || e.nodeName} ${e.getAttribute("aria-label") ?? e.textContent} at ${x}: ${at?.className}`);
				else if (at !== e && at.contains(e)) out.push(`${e.className || e.nodeName} ${e.textContent} at ${x}: nothing but ${at.className}`);
			}
		}
		return { out, n };
	});

/** thread has every level, a branch with more replies than are shown, and two roots. */
async function thread(path) {
	const chain = [await post(bo, path, "Level 0 says a sentence that is long enough to take two lines on a phone.")];
	for (let i = 1; i < 9; i++) chain.push(await post(i % 2 ? ann : bo, path, `Level ${i} answers, in a line or two of ordinary text.`, chain.at(-1).id));
	for (const at of [0, 1, 2, 5]) await post(bo, path, `A second answer at level ${at + 1}`, chain[at].id);
	const busy = await post(ann, path, "Many answer this one.");
	for (let i = 0; i < 12; i++) await post(i % 2 ? ann : bo, path, `Answer ${i}`, busy.id);
	return chain;
}

test("no control lies under anything, at any width, level and direction", async () => {
	await thread("/r-rail");
	for (const width of [320, 390, 600, 1280])
		for (const view of ["threads", "flat"])
			for (const signed of [false, true]) {
				if (view === "flat" && signed) continue;
				const page = await visit(browser, `/r-rail?attrs=${encodeURIComponent(`view="${view}"`)}`, { viewport: { width, height: 900 } });
				await page.locator("article.c").nth(9).waitFor();
				await page.getByLabel("Join the discussion").waitFor();
				if (signed) {
					await signIn(page);
					for (const n of [0, 2, 4]) await page.locator("article.c").nth(n).locator(":scope [data-act=reply]").first().click(); // boxes at several levels
				}
				for (const dir of ["ltr", "rtl"]) {
					await page.locator("section.w").evaluate((e, dir) => e.setAttribute("dir", dir), dir);
					const { out, n } = await covered(page);
					if (out.length) await shot(page, `covered-${width}-${view}-${dir}`);
					assert.ok(n > 40, `${n} controls looked at`);
					assert.deepEqual(out, [], `${view} at ${width} px, ${dir}${signed ? ", signed in" : ""}`);
				}
				assert.deepEqual(page.problems, []);
				await page.context().close();
			}
});

test("a rail still folds, and lies beside the replies alone where there is no room beside the text", async () => {
	await thread("/r-fold");
	for (const [width, least] of [
		[390, 2],
		[1280, 5],
	])
		for (const dir of ["ltr", "rtl"]) {
			const page = await visit(browser, "/r-fold", { viewport: { width, height: 900 } });
			await page.locator("article.c").nth(9).waitFor();
			await page.locator("section.w").evaluate((e, dir) => e.setAttribute("dir", dir), dir);
			const rails = await page.evaluate(() => {
				const root = document.querySelector("parley-comments").shadowRoot;
				return [...root.querySelectorAll(".c-line")]
					.filter((b) => b.checkVisibility() && b.clientHeight > 10)
					.map((b) => {
						b.scrollIntoView({ block: "center", behavior: "instant" });
						const r = b.getBoundingClientRect();
						const x = r.left + r.width / 2;
						const y = Math.min(innerHeight, r.bottom) - 20;
						const text = b.parentElement.querySelector(":scope > article .c-b").getBoundingClientRect();
						return { hit: root.elementFromPoint(x, y) === b, over: r.left < text.right && r.right > text.left && r.top < text.bottom };
					});
			});
			assert.ok(rails.length >= least, `${rails.length} rails at ${width}`);
			assert.ok(rails.every((r) => r.hit), `every rail can be pressed at ${width}, ${dir}: ${JSON.stringify(rails)}`);
			assert.ok(!rails.some((r) => r.over), `no rail lies over a text at ${width}, ${dir}`);
			const rail = page.locator("li > .c-line").first();
			await rail.scrollIntoViewIfNeeded();
			const b = await rail.boundingBox();
			await page.evaluate((y) => scrollBy(0, y - innerHeight / 2), b.y + Math.min(b.height, 400) / 2);
			const now = await rail.boundingBox();
			await page.mouse.click(now.x + now.width / 2, Math.min(now.y + now.height, 890) - 10);
			await page.getByRole("button", { name: "Open thread" }).first().waitFor();
			assert.deepEqual(page.problems, []);
			await page.context().close();
		}
});

test("by keyboard: one tab stop a comment, keys inside it, letters between them, and a way past all of them", async () => {
	for (let i = 0; i < 30; i++) await post(i % 2 ? ann : bo, "/r-keys", `Comment ${i} of thirty`);
	const page = await visit(browser, `/r-keys?attrs=${encodeURIComponent('sort="oldest" page-size="50"')}`);
	await page.locator("article.c").nth(29).waitFor();
	await page.getByLabel("Join the discussion").focus(); // the keys come with who uses them
	await page.getByRole("link", { name: "Skip comments" }).waitFor({ state: "attached" });
	const at = () =>
		page.evaluate(() => {
			const e = document.querySelector("parley-comments").shadowRoot.activeElement;
			const article = e?.closest("article.c");
			return { tag: e?.tagName, act: e?.dataset.act ?? "", in: article?.querySelector(".c-b").textContent ?? "", cls: e?.className };
		});
	const press = async (...all) => {
		for (const key of all) await page.keyboard.press(key);
		return at();
	};
	await page.getByRole("link", { name: "Skip comments" }).focus();
	const stops = [];
	for (let i = 0; i < 30; i++) stops.push((await press("Tab")).in);
	assert.deepEqual(stops, Array.from({ length: 30 }, (_, i) => `Comment ${i} of thirty`), "thirty comments, thirty stops");
	assert.equal((await press("Shift+Tab")).in, "Comment 28 of thirty");
	assert.equal((await press("Enter")).act, "up");
	assert.equal((await press("ArrowRight", "Tab")).act, "reply");
	assert.equal((await press("ArrowRight", "ArrowRight")).act, "menu");
	assert.equal((await press("Home")).cls.includes("c-t"), true, "to the first of what the arrows reach");
	assert.equal((await press("ArrowLeft")).cls.includes("c-t"), true);
	assert.equal((await press("End")).act, "menu");
	assert.equal((await press("Tab")).in, "Comment 29 of thirty", "out at the end");
	assert.equal((await press("Shift+Tab", "Enter", "Escape")).tag, "ARTICLE");
	assert.equal((await at()).in, "Comment 28 of thirty");
	assert.equal((await press("j")).in, "Comment 29 of thirty");
	assert.equal((await press("k", "k")).in, "Comment 27 of thirty");
	await page.evaluate(() => {
		window.heard = "";
		for (const type of ["keydown", "keypress", "keyup"]) document.addEventListener(type, (e) => (window.heard += e.key));
	});
	assert.equal((await press("r")).tag, "TEXTAREA");
	await page.keyboard.type("jkcr");
	assert.equal(await page.getByLabel("Your reply to Ann Lee").inputValue(), "jkcr", "in a box letters are letters");
	assert.doesNotMatch(await page.evaluate(() => window.heard), /[jkc]/, "and the page has no use for them");
	assert.equal((await press("Escape")).act, "reply");
	assert.equal((await press("c")).tag, "TEXTAREA");
	await page.getByRole("link", { name: "Skip comments" }).focus();
	assert.match((await press("Enter")).cls, /ft/);
	assert.equal((await at()).in, "");
	const names = await page.locator("article.c").nth(3).evaluate((a) => [a.ariaLabel, a.querySelector('[data-act="reply"]').ariaLabel]);
	assert.match(names.join(" | "), /^Ann Lee, now \| Reply to Ann Lee$|^Ann Lee, 1 minute ago \| Reply to Ann Lee$/);
	assert.deepEqual(page.problems, []);
	await page.context().close();
});
