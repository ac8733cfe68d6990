import { fill, h } from "../../shared/dom/h.ts";
import type { Picture } from "../../shared/dom/html.ts";
import { t } from "./desk.ts";
import type { Image } from "./shapes.ts";

/** ImageAct is what can be done to an image. */
export type ImageAct = "blur" | "unblur" | "open" | "clear" | "illegal";

/** Doing does it, and gives the image as it is then, or why not. */
export type Doing = (id: string, act: ImageAct) => Promise<Image | string>;

/** places fills the places of a text's images: what is behind a veil is blurred, what is hidden is a colour. */
export function places(body: Element, images: readonly Image[]): void {
	for (const el of body.querySelectorAll<Picture>(".pic")) {
		const m = images.find((i) => el.of?.["src"]?.includes(i.id));
		if (m) drawn(el, m);
		else el.textContent = el.of?.["alt"] || t("image_lost");
	}
}

function drawn(el: Picture, m: Image): void {
	const alt = el.of?.["alt"] ?? "";
	el.style.background = m.color;
	el.classList.toggle("blur", m.blur !== "");
	const words = m.state === "illegal" ? t("image_erased") : t("image_hidden");
	fill(el, [
		m.url === "" ? h("span.veil", {}, h("b", {}, words), alt && h("span", { dir: "auto" }, `“${alt}”`)) : h("img", { src: m.url, alt, loading: "lazy" }),
	]);
	if (m.url !== "" && m.blur !== "") el.addEventListener("click", () => el.classList.remove("blur"), { once: true });
}

/** strip is what can be done to each image of a comment. */
export function strip(body: Element, images: readonly Image[], act: Doing): HTMLElement {
	const el = h("div.k-i");
	const said = h("p.hint", { role: "status" });
	const line = (m: Image, n: number): HTMLElement => {
		const row = h("div.fx", { role: "group", "aria-label": t("image_n", { n }) });
		const button = (a: ImageAct) =>
			h("button.btn.sm", { type: "button", "data-image": a, onclick: (e: Event) => { e.stopPropagation(); void go(a); } }, t(`image_${a}`));
		const can: ImageAct[] =
			m.state === "held" ? ["open", "clear", "illegal"] : m.state === "illegal" ? [] : m.blur ? ["unblur", "illegal"] : ["blur", "illegal"];
		const go = async (a: ImageAct) => {
			if (a === "illegal" && !row.hasAttribute("data-sure")) {
				row.dataset["sure"] = "";
				said.textContent = t("image_illegal_says");
				return;
			}
			const now = await act(m.id, a);
			if (typeof now === "string") {
				said.textContent = now;
				return;
			}
			const place = [...body.querySelectorAll<Picture>(".pic")].find((p) => p.of?.["src"]?.includes(m.id));
			if (place) drawn(place, a === "open" ? { ...now, blur: "" } : now);
			const next = line(now, n);
			row.replaceWith(next);
			next.querySelector("button")?.focus();
			said.textContent = t(a === "open" ? "image_opened" : "image_done");
		};
		fill(row, [h("b", {}, t("image_n", { n })), ...can.map(button), m.state === "illegal" && h("span", {}, t("image_erased"))]);
		return row;
	};
	fill(el, [...images.map((m, i) => line(m, i + 1)), said]);
	return el;
}
