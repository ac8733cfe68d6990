// How the widget looks on pages that it does not know: their colours, their
// layouts, their width. Pages are written here and served as the newspaper's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { control, launch, live, NEWS, post, SERVER, shot, shut, token, until, visit } from "./stage.mjs";

let browser, ann, bo;
before(async () => {
	browser = await launch();
	[ann, bo] = await Promise.all([token("ann@example.com"), token("bo@example.com")]);
	await control("/run", ["site", "set", "news", "--guests"].join("\n"));
	for (const mode of ["inline", "frame"]) {
		const root = await post(bo, `/l-${mode}`, "A root with a [link](https://example.com/), `code` and ||a spoiler||");
		await post(ann, `/l-${mode}`, "A reply, of ordinary length, which takes a line or two on a phone.", root.id);
	}
});
after(() => browser?.close());

const element = (mode, more = "") =>
	`<parley-comments site="news" thread="/l-${mode}" lazy="off" mode="${mode}" ${more}></parley-comments>`;

/** publish opens a page that is written here, in a window of its own or in one that is there. */
async function publish(html, { head = "", window, ...options } = {}) {
	const page = window ?? (await visit(browser, "about:blank", options));
	page.setDefaultTimeout(15_000);
	const whole = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Ferries</title>${head}<body>${html}<script async src="${SERVER}/embed.js"></script></body></html>`;
	await page.goto(`${NEWS}/written?html=${encodeURIComponent(whole)}`);
	return page;
}
const inside = (page, mode) =>
	mode === "frame" ? page.frameLocator("parley-comments iframe") : page.locator("parley-comments");
const shown = (page, mode) => inside(page, mode).locator("article.c").nth(1).waitFor();

const TEXTS = [".c-b p", ".c-n", "a.c-t", ".c-b a", "[data-act=reply] span", ".hd h2", ".bar h3"];

/**
 * contrast looks at every text in one picture of the page: the ratio of what is
 * there, not of what a style sheet says.
 */
async function contrast(page, mode, texts = TEXTS) {
	const f = inside(page, mode);
	const boxes = [];
	for (const find of texts) boxes.push(await f.locator(find).first().boundingBox());
	const png = await page.screenshot({ animations: "allow" });
	const found = await page.evaluate(
		async ([src, boxes]) => {
			const img = await createImageBitmap(await (await fetch(src)).blob());
			const c = new OffscreenCanvas(img.width, img.height).getContext("2d", { willReadFrequently: true });
			c.drawImage(img, 0, 0);
			return boxes.map((b) => {
				if (b.y < 0 || b.y + b.height > img.height) throw new Error("a text is outside of the picture");
				const [x, y] = [Math.floor(b.x - 1), Math.floor(b.y - 1)];
				const { data } = c.getImageData(x, y, Math.ceil(b.x + b.width + 1) - x, Math.ceil(b.y + b.height + 1) - y);
				const light = (i) => {
					const [r, g, b] = [0, 1, 2].map((k) => {
						const v = data[i + k] / 255;
						return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
					});
					return 0.2126 * r + 0.7152 * g + 0.0722 * b;
				};
				let [min, max] = [1, 0];
				for (let i = 0; i < data.length; i += 4) [min, max] = [Math.min(min, light(i)), Math.max(max, light(i))];
				return { ratio: (max + 0.05) / (min + 0.05), corner: [...data.slice(0, 3)] };
			});
		},
		[`data:image/png;base64,${png.toString("base64")}`, boxes],
	);
	return texts.map((find, i) => [find, found[i]]);
}

test("a page that is written from top to bottom turns nothing in it", async () => {
	const page = await publish(element("inline"), { head: "<style>html{writing-mode:vertical-rl}</style>" });
	await shown(page, "inline");
	const { mode, width, height } = await page.locator("parley-comments").evaluate((e) => {
		const { width, height } = e.getBoundingClientRect();
		return { mode: getComputedStyle(e).writingMode, width, height };
	});
	assert.deepEqual({ mode, width }, { mode: "horizontal-tb", width: 720 });
	assert.ok(height > 400, "and all of it is there");
});

test("in a page of two narrow columns it comes to rest", async () => {
	let parent;
	for (let i = 0; i < 14; i++) {
		const said = await post(i % 2 ? ann : bo, "/l-columns", `Comment ${i}. ${"Words of some length go on here. ".repeat(1 + (i % 4))}`, i % 5 ? parent : undefined);
		parent = said.id;
	}
	for (const width of [320, 390]) {
		const page = await publish(`<h1>Ferries</h1><p>${"Words of it. ".repeat(20)}</p><parley-comments site="news" thread="/l-columns" lazy="off"></parley-comments>`, {
			head: "<style>body{columns:2}</style>",
			viewport: { width, height: 844 },
		});
		await live(page);
		await until("it has one height", () =>
			page.evaluate(async () => {
				const seen = new Set();
				for (let i = 0; i < 8; i++) {
					await new Promise(requestAnimationFrame);
					seen.add(document.querySelector("parley-comments").getBoundingClientRect().height);
				}
				return seen.size === 1;
			}),
		);
		await shot(page, `columns-${width}`);
		await shut(page.context());
	}
});

const WHITE = [255, 255, 255];
const pages = {
	"says nothing": ["", () => WHITE],
	"is white": ["body{background:#fff}", () => WHITE],
	"is dark by its background alone": ["html{background:rgb(18,18,20)} body{color:#ddd}", () => [18, 18, 20]],
	"is dark by color-scheme alone": [":root{color-scheme:dark}", () => null],
	"is light by color-scheme": [":root{color-scheme:light}", () => WHITE],
	"follows the system": [":root{color-scheme:light dark}", () => null],
	"follows the system by media": [
		"@media(prefers-color-scheme:dark){body{background:#101418;color:#eee}}",
		(system) => (system === "dark" ? [16, 20, 24] : WHITE),
	],
	"says light dark and is white all the same": [":root{color-scheme:light dark} body{background:#fff}", () => WHITE],
	"has a dark column on a white page": [
		"body{background:#fff} main{background:oklch(0.2 0.02 260);color:#fff}",
		() => null,
	],
	"has a veil over a white page": ["main{background:rgb(0 0 0/.9);color:#fff}", () => [25, 25, 25]],
	"has a picture behind": ["body{background:linear-gradient(#111,#222) fixed;color:#eee}", () => null],
	"has its ground on a pseudo-element": [
		"body::before{content:'';position:fixed;inset:0;z-index:-1;background:#111}",
		() => [17, 17, 17],
	],
	"has its ground on a pseudo-element of the root": [
		"html::after{content:'';position:fixed;inset:0;z-index:-1;background:#111}",
		() => [17, 17, 17],
	],
	"has a pseudo-element above the body's own ground": [
		"body{background:#fff} body::before{content:'';position:fixed;inset:0;z-index:-1;background:#111}",
		() => [17, 17, 17],
	],
	"hides a pseudo-element under the body's ground": [
		"html{background:#eee} body{background:#fff} body::before{content:'';position:fixed;inset:0;z-index:-1;background:#111}",
		() => WHITE,
	],
	"has its ground on a box before the text": [
		"main{position:relative} .ground{position:fixed;inset:0;background:#111;pointer-events:none}",
		() => [17, 17, 17],
		'<div class="ground"></div>',
	],
	"has its ground on a box at the back": [
		".ground{position:absolute;inset:0;min-height:3000px;background:#111;z-index:-1}",
		() => [17, 17, 17],
		'<div class="ground"></div>',
	],
	"has a veil that is not drawn": [
		"main{position:relative;z-index:1} .ground{position:fixed;inset:0;background:#000} .a{opacity:0} .b{visibility:hidden} .c{display:none} .d{width:20px;height:20px;inset:auto 0 0 auto}",
		() => WHITE,
		'<div class="ground a"></div><div class="ground b"></div><div class="ground c"></div><div class="ground d"></div>',
	],
};
for (const mode of ["inline", "frame"]) {
	for (const system of ["light", "dark"]) {
		test(`${mode}, system ${system}: on any page every text can be read, on the page's own ground`, async () => {
			const window = await visit(browser, "about:blank", { colorScheme: system });
			for (const [name, [css, ground, before = ""]] of Object.entries(pages)) {
				const page = await publish(`${before}<main>${element(mode)}</main>`, { head: `<style>main{padding:20px}${css}</style>`, window });
				await shown(page, mode);
				await inside(page, mode).locator("form.cp").waitFor(); // by then it has looked everywhere
				for (const [find, { ratio, corner }] of await contrast(page, mode)) {
					assert.ok(ratio >= 4.4, `a page that ${name}: ${find} has ${ratio.toFixed(2)} : 1`); // pictures of thin letters lose a little
					const want = ground(system);
					if (want && find !== ".c-b a") assert.deepEqual(corner, want, `a page that ${name}: behind ${find}`);
				}
				if (name === "is white" || name.startsWith("is dark by its")) await shot(page, `theme-${mode}-${system}-${name.replace(/ /g, "-")}`);
				assert.deepEqual(page.problems, []);
			}
		});
	}

	test(`${mode}: it follows the page's own switch, however that works`, async () => {
		const theme = (page) => inside(page, mode).locator("section.w").getAttribute("data-theme");
		const becomes = async (page, what, want) => {
			const f = inside(page, mode);
			await f.locator(`section.w[data-theme="${want}"]`).waitFor().catch(() => {});
			assert.equal(await theme(page), want, what);
			for (const [find, { ratio }] of await contrast(page, mode)) assert.ok(ratio >= 4.4, `${what}: ${find} has ${ratio} : 1`);
		};
		const page = await publish(
			`<input type="checkbox" id="box"><div id="above"><main>${element(mode)}</main></div>`,
			{
				head: `<style>
body{background:#fff} body.dark,[data-theme=dark] body,body:has(#box:checked){background:#111;color:#eee}
.fade{transition:background-color 300ms} #above.night{background:#123}
</style><style id="sheet" media="not all">body{background:#000;color:#fff}</style>`,
			},
		);
		await shown(page, mode);
		await becomes(page, "at first", "light");
		const steps = [
			["a class of the body", () => document.body.classList.toggle("dark")],
			["an attribute of the root", () => (document.documentElement.dataset.theme = document.documentElement.dataset.theme ? "" : "dark")],
			["a class of something between", () => document.getElementById("above").classList.toggle("night")],
			["a box that is checked", () => document.getElementById("box").click()],
			["a style sheet's media", () => {
				const s = document.getElementById("sheet");
				s.media = s.media === "all" ? "not all" : "all";
			}],
			["color-scheme alone", () => {
				const { style } = document.documentElement;
				const dark = style.colorScheme !== "dark";
				style.colorScheme = dark ? "dark" : "";
				document.body.style.background = dark ? "transparent" : "";
			}],
			["a slow fade", () => {
				document.body.classList.add("fade");
				document.body.classList.toggle("dark");
			}],
		];
		for (const [what, step] of steps) {
			await page.evaluate(step);
			await becomes(page, `${what}, to dark`, "dark");
			await page.evaluate(step);
			await becomes(page, `${what}, and back`, "light");
		}
		await page.evaluate(() => document.querySelector("parley-comments").setAttribute("theme", "dark"));
		await inside(page, mode).locator('section.w[data-theme="dark"]').waitFor(); // said is said
		assert.deepEqual(page.problems, []);
	});
}

test("frame: the page's own ground shows through whatever the theme, the system and the page's scheme", async () => {
	for (const system of ["light", "dark"]) {
		const window = await visit(browser, "about:blank", { colorScheme: system });
		for (const scheme of ["normal", "light", "dark", "light dark"])
			for (const theme of ["light", "dark", "auto"]) {
				const page = await publish(`<main>${element("frame", `theme="${theme}"`)}</main>`, {
					head: `<style>:root{color-scheme:${scheme}} html{background:rgb(200,120,40)}</style>`,
					window,
				});
				await shown(page, "frame");
				const [, { corner }] = (await contrast(page, "frame", [".c-b p"]))[0];
				assert.deepEqual(corner, theme === "dark" ? [25, 25, 24] : [200, 120, 40], `theme ${theme}, page ${scheme}, system ${system}`);
			}
	}
});

for (const mode of ["inline", "frame"])
	test(`${mode}: a theme that the page does not have brings its own ground`, async () => {
		for (const [theme, css, ground] of [
			["dark", "body{background:#fff}", [25, 25, 24]],
			["light", "body{background:#111;color:#eee}", WHITE],
			["light", "body{background:rgb(250,240,230)}", [250, 240, 230]],
		]) {
			const page = await publish(`<main>${element(mode, `theme="${theme}"`)}</main>`, { head: `<style>${css}</style>` });
			await shown(page, mode);
			await inside(page, mode).locator("form.cp").waitFor();
			for (const [find, { ratio, corner }] of await contrast(page, mode)) {
				assert.ok(ratio >= 4.4, `${theme} on ${css}: ${find} has ${ratio.toFixed(2)} : 1`);
				if (find === ".c-b p") assert.deepEqual(corner, ground, `${theme} on ${css}`);
			}
			assert.deepEqual(page.problems, []);
			await page.context().close();
		}
	});

const ARTICLE = "<article><h1>Ferries</h1><p>The harbour board voted for a year of night boats, and the last of them leaves at four.</p></article>";
const layouts = {
	"a flex row": (e) => `<div style="display:flex">${e}</div>`,
	"a flex row, as wide as it likes": (e) => `<div style="display:flex;justify-content:center"><div>${e}</div></div>`,
	"a centred flex column": (e) => `<div style="display:flex;flex-direction:column;align-items:center">${e}</div>`,
	"a centred grid": (e) => `<div style="display:grid;place-items:center">${e}</div>`,
	"a centred grid, wrapped": (e) => `<div style="display:grid;place-items:center"><section>${e}</section></div>`,
	"an inline-block": (e) => `<div style="display:inline-block">${e}</div>`,
	"an element that is inline-block": (e) => e.replace("<parley-comments", '<parley-comments style="display:inline-block"'),
	"a float": (e) => `<div style="float:left">${e}</div>`,
	"an element that floats": (e) => e.replace("<parley-comments", '<parley-comments style="float:right"'),
	"fit-content": (e) => `<div style="width:fit-content">${e}</div>`,
	"an element of fit-content": (e) => e.replace("<parley-comments", '<parley-comments style="width:fit-content"'),
	"max-content in a scroller": (e) => `<div style="max-width:100%"><div style="display:table">${e}</div></div>`,
	"absolutely placed": (e) => `<div style="position:relative"><div style="position:absolute">${e}</div></div>`,
	"an element that is absolute": (e) => e.replace("<parley-comments", '<parley-comments style="position:absolute"'),
	"a table cell": (e) => `<table><tr><td>${e}</td></tr></table>`,
	"an open dialog": (e) => `<dialog open>${e}</dialog>`,
	"a fieldset": (e) => `<fieldset style="border:0;padding:0;margin:0">${e}</fieldset>`,
	"a parent of max-content": (e) => `<div style="width:max-content">${e}</div>`,
	"a flex item that neither grows nor shrinks": (e) => `<div style="display:flex"><div style="flex:0 0 auto">${e}</div></div>`,
	"an element that neither grows nor shrinks": (e) =>
		`<div style="display:flex">${e.replace("<parley-comments", '<parley-comments style="flex:0 0 auto"')}</div>`,
	"max-content, right to left": (e) => `<div dir="rtl"><div style="width:max-content">${e}</div></div>`,
	"max-content with padding": (e) => `<div style="padding:0 12px"><div style="width:max-content">${e}</div></div>`,
	"columns of a list": (e) => `<div style="display:inline-grid;grid-template-columns:auto">${e}</div>`,
};
for (const mode of ["inline", "frame"])
	test(`${mode}: it fills what is there in every kind of layout`, async () => {
		for (const width of [1280, 390, 320]) {
			const page = await publish("", { viewport: { width, height: 900 } });
			for (const [name, layout] of Object.entries(layouts)) {
				await page.evaluate((html) => (document.body.innerHTML = html), layout(element(mode)));
				await shown(page, mode);
				await inside(page, mode).locator("form.cp").waitFor();
				// What the page has beside it is reckoned when the rest of the widget has come.
				await page.waitForFunction((w) => document.documentElement.scrollWidth <= w, width, { timeout: 5000 }).catch(() => {});
				const got = await page.evaluate(() => ({
					host: document.querySelector("parley-comments").getBoundingClientRect().width,
					inner: document
						.querySelector("parley-comments")
						.shadowRoot.querySelector("section.w, iframe")
						.getBoundingClientRect().width,
					page: document.documentElement.scrollWidth,
				}));
				const least = Math.min(700, width - 60); // less what dialogs and fieldsets take for themselves
				assert.ok(got.host >= least && got.host <= 720, `${name} at ${width}: the element has ${got.host} px`);
				assert.equal(got.inner, got.host, `${name} at ${width}: what is inside`);
				assert.ok(got.page <= width, `${name} at ${width}: the page is ${got.page} px wide`);
			}
			assert.deepEqual(page.problems, []);
			await page.context().close();
		}
	});

for (const mode of ["inline", "frame"])
	test(`${mode}: beside an article it can be read, from 280 px on`, async () => {
		const beside = {
			"a column of 280 px": (e) => `<div style="display:flex"><div style="flex:1">${ARTICLE}</div><aside style="width:280px">${e}</aside></div>`,
			"a flex row": (e) => `<div style="display:flex">${ARTICLE}${e}</div>`,
			"a flex row with a long article": (e) => `<div style="display:flex"><article>${ARTICLE.repeat(8)}</article>${e}</div>`,
			"a flex row, wrapped": (e) => `<div style="display:flex">${ARTICLE}<aside>${e}</aside></div>`,
			"a flex row, the article takes all": (e) => `<div style="display:flex"><div style="width:100%">${ARTICLE}</div><aside>${e}</aside></div>`,
			"grid, 1fr and 280 px": (e) => `<div style="display:grid;grid-template-columns:1fr 280px;gap:20px">${ARTICLE}${e}</div>`,
			"grid, 1fr and auto": (e) => `<div style="display:grid;grid-template-columns:1fr auto;gap:20px">${ARTICLE}${e}</div>`,
			"a floating article": (e) => `<div style="float:left;width:60%">${ARTICLE}</div><div style="overflow:hidden">${e}</div>`,
			"a table": (e) => `<table><tr><td>${ARTICLE}</td><td>${e}</td></tr></table>`,
		};
		const page = await publish("", { viewport: { width: 800, height: 900 } });
		for (const [name, layout] of Object.entries(beside)) {
			await page.evaluate((html) => (document.body.innerHTML = html), layout(element(mode)));
			await shown(page, mode);
			const got = await page.evaluate(() => ({
				host: document.querySelector("parley-comments").getBoundingClientRect(),
				page: document.documentElement.scrollWidth,
			}));
			assert.ok(got.host.width >= 280, `${name}: ${got.host.width} px`);
			assert.ok(got.host.height < 2500, `${name}: ${got.host.height} px high`);
			assert.ok(got.page <= 800, `${name}: the page is ${got.page} px wide`);
			if (name === "a column of 280 px") await shot(page, `beside-${mode}`);
		}
		assert.deepEqual(page.problems, []);
	});

const SPACING =
	"*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important} p{margin-block-end:2em!important}";

/** wide names whatever makes the page wider than the window or stands out of the widget. */
const wide = (page) =>
	page.evaluate(async () => {
		for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame); // what follows sizes has followed
		const host = document.querySelector("parley-comments");
		const root = host.shadowRoot;
		const out = [];
		const more = document.documentElement.scrollWidth - document.documentElement.clientWidth;
		if (more > 0) out.push(`the page is ${more} px wider than the window`);
		const name = (e) => `${e.localName}.${e.className?.baseVal ?? e.className} “${(e.textContent ?? "").slice(0, 30)}”`;
		const room = host.getBoundingClientRect();
		for (const e of root.querySelectorAll("*")) {
			if (!e.checkVisibility() || e.closest(".sr, pre, table, dialog")) continue;
			const r = e.getBoundingClientRect();
			if (r.width && (r.right > room.right + 0.6 || r.left < room.left - 13))
				out.push(`${name(e)} reaches from ${r.left} to ${r.right} in ${room.left} to ${room.right}`);
			if (e.matches("button, select, h2, b, p, .bdg") && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline")
				out.push(`${name(e)} is cut: ${e.scrollWidth} in ${e.clientWidth}`);
			if (e.matches("[dir=auto]")) {
				const s = getComputedStyle(e);
				if (s.marginLeft !== "0px" || s.marginRight !== "0px") out.push(`${name(e)} has a margin of its own direction`);
			}
		}
		for (const row of root.querySelectorAll(".c-a .ra")) {
			const tops = new Set([...row.querySelectorAll("button")].filter((b) => b.checkVisibility()).map((b) => Math.round(b.getBoundingClientRect().top)));
			if (tops.size > 1) out.push(`the acts of a comment stand on ${tops.size} lines`);
		}
		return out;
	});

for (const lang of ["en", "ru"])
	test(`${lang}: nothing is ever wider than the page, from 320 to 412 px, with text spacing too`, async () => {
		const at = `/l-wide-${lang}`;
		let last = await post(bo, at, "Комментарий с ||тайной||, `code` and https://example.com/a/very/long/address/that/does/not/break/anywhere/by/itself");
		await post(ann, at, "تعليق عربي طويل بما يكفي ليملأ سطرين أو ثلاثة أسطر على شاشة هاتف صغيرة، مع بعض الكلمات الإضافية.");
		for (let i = 0; i < 4; i++) last = await post(i % 2 ? bo : ann, at, `Ответ ${i}, довольно длинный, чтобы занять две строки узкой колонки.`, last.id);
		const page = await publish(`<main>${element("inline", `lang="${lang}"`).replace("/l-inline", at)}</main>`, {
			head: "<style>body{margin:0}</style>",
			viewport: { width: 390, height: 900 },
		});
		await shown(page, "inline");
		const f = page.locator("parley-comments");
		const everywhere = async (what) => {
			for (const rtl of [false, true])
				for (const spaced of [false, true]) {
					await page.evaluate(
						([css, rtl]) => {
							const root = document.querySelector("parley-comments").shadowRoot;
							window.spacing ??= new CSSStyleSheet();
							window.spacing.replaceSync(css);
							if (!root.adoptedStyleSheets.includes(window.spacing)) root.adoptedStyleSheets.push(window.spacing);
							root.querySelector("section.w").dir = rtl ? "rtl" : "ltr";
						},
						[spaced ? SPACING : "", rtl],
					);
					for (const width of [320, 360, 375, 390, 412]) {
						await page.setViewportSize({ width, height: 900 });
						const found = await wide(page);
						if (found.length || (width === 390 && !rtl) || (width === 320 && lang === "ru"))
							await shot(page, `wide-${lang}-${what}-${width}${spaced ? "-spaced" : ""}${rtl ? "-rtl" : ""}`.replace(/ /g, "-"));
						assert.deepEqual(found, [], `${what} at ${width}${spaced ? ", spaced" : ""}${rtl ? ", right to left" : ""}`);
					}
				}
			await page.evaluate(() => {
				window.spacing.replaceSync("");
				document.querySelector("parley-comments").shadowRoot.querySelector("section.w").dir = "ltr";
			});
			await page.setViewportSize({ width: 390, height: 900 });
		};
		await f.locator("form.cp").waitFor();
		await everywhere("signed out");
		await page.evaluate((id) => document.querySelector("parley-comments").goTo(id), last.id);
		await f.locator("article.target").waitFor();
		await everywhere("a permalink's target");
		await f.locator("[data-act=menu]").first().click();
		await f.getByRole("menu").waitFor();
		await everywhere("a menu");
		await page.keyboard.press("Escape");
		await f.getByRole("radio").nth(1).click();
		await f.locator(".c-re button").first().waitFor();
		await f.locator(".c-re button").first().click();
		await f.locator(".par .c-b").first().waitFor();
		await everywhere("flat, with a parent open");
		await post(ann, at, "Пришёл позже");
		await f.locator(".pill").waitFor();
		await everywhere("a new comment");
		assert.deepEqual(page.problems, []);
	});

for (const lang of ["en", "ru"])
	test(`${lang}: the page of its own, without JavaScript, is no wider than the window`, async () => {
		const at = `/l-plain-${lang}`;
		let last = await post(bo, at, "A root with `code that is long enough to need a line of its own`\n\n    and a block of code that is far too wide for any phone that anybody has ever had");
		await post(ann, at, "تعليق عربي طويل بما يكفي ليملأ سطرين أو ثلاثة أسطر على شاشة هاتف صغيرة، مع بعض الكلمات الإضافية.");
		for (let i = 0; i < 7; i++) last = await post(i % 2 ? bo : ann, at, `Reply ${i}, long enough to take two lines. https://example.com/${"long/".repeat(30)}`, last.id);
		for (const javaScriptEnabled of [false, true]) {
			const page = await visit(browser, "about:blank", { javaScriptEnabled, locale: lang, viewport: { width: 390, height: 900 } });
			await page.goto(`${SERVER}/p/news?thread=${at}`);
			await page.locator(`section.${javaScriptEnabled ? "w:not(.plain)" : "plain"} article.c`).nth(3).waitFor();
			for (const width of [320, 360, 375, 390, 412, 1280]) {
				await page.setViewportSize({ width, height: 900 });
				const cdp = await page.context().newCDPSession(page);
				const { cssContentSize } = await cdp.send("Page.getLayoutMetrics");
				if (cssContentSize.width > width || width === 390) await shot(page, `plain-${lang}-${javaScriptEnabled}-${width}`);
				assert.ok(cssContentSize.width <= width, `${cssContentSize.width} px at ${width}, script ${javaScriptEnabled}`);
			}
			await page.context().close();
		}
	});
