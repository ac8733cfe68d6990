// Images in comments: fetched where a discussion has any.
import en from "../../../static/i18n/en/images.json";
import { fill, h, icon, paths } from "../shared/dom/h.ts";
import type { Picture } from "../shared/dom/html.ts";
import { Words } from "../shared/i18n/catalogue.ts";
import type { App } from "./app.ts";
import css from "./style/images.css";

/** ImageKey is what is said of images. */
export type ImageKey = keyof typeof en;

Object.assign(paths, {
	eye: "M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8zM8 9.9a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8z",
	image: "M2.25 3h11.5v10H2.25zM5.4 6.9a1.1 1.1 0 1 0 0-2.2 1.1 1.1 0 0 0 0 2.2M2.5 11.4l3.4-3 2.6 2.2 2.2-2 2.9 2.7",
});

const OURS = /^\/media\/[\da-f]{32}\.\w+(\?[\w=&-]+)?$/;
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
const dressed = new WeakSet<ShadowRoot>();
const spoken = new WeakMap<App, { lang: string; words: Words<ImageKey> }>();

/** imageWords are this part's texts in the widget's language; the style comes with them. */
export async function imageWords(app: App): Promise<Words<ImageKey>> {
	const root = app.frame.el.getRootNode();
	if (root instanceof ShadowRoot && !dressed.has(root)) {
		dressed.add(root);
		root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	}
	const { lang } = app.x.words;
	const had = spoken.get(app);
	if (had?.lang === lang) return had.words;
	const words = new Words<ImageKey>(en, lang);
	spoken.set(app, { lang, words });
	await words.fetch(app.base, "images");
	return words;
}

/** pictures draws the images within el into their places. */
export async function pictures(app: App, el: Element): Promise<void> {
	const t = await imageWords(app);
	for (const place of el.querySelectorAll<Picture>(".pic:empty")) {
		const { src = "", alt = "", "data-color": colour = "", "data-blur": blur } = place.of ?? {};
		if (/^#\w{6}$/.test(colour)) place.style.background = colour;
		if (!OURS.test(src)) place.textContent = alt;
		else if (blur) veil(app, place, t);
		else draw(app, place, t);
	}
}

function draw(app: App, place: Picture, t: Words<ImageKey>): HTMLElement {
	const { src = "", alt = "" } = place.of ?? {};
	place.classList.remove("shut");
	const at = app.base + src;
	const img = h("img", { src: at, alt, loading: "lazy", decoding: "async" });
	const link = h("a", { href: at, target: "_blank", rel: "noopener", "aria-label": alt ? null : t.t("image_open") }, img);
	img.addEventListener("error", () => fill(place, [h("span.veil", {}, alt || t.t("image_gone"))]));
	fill(place, [link]);
	return link;
}

/** veil says why an image does not show by itself, and what is on it. */
function veil(app: App, place: Picture, t: Words<ImageKey>): void {
	const { "data-blur": blur = "", alt = "" } = place.of ?? {};
	const why = `veil_${blur}`;
	place.classList.add("shut");
	const show = () => draw(app, place, t).focus();
	fill(place, [
		h(
			"span.veil",
			{},
			h("span", {}, t.t((why in en ? why : "veil_mod") as ImageKey)),
			alt !== "" && h("span", { dir: "auto" }, `“${alt}”`),
			blur !== "held" && h("button.btn", { type: "button", onclick: show }, icon("eye"), t.t("image_show")),
		),
	]);
}
