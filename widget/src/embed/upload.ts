// The way of an image into a comment: fetched when somebody has one in hand.
import { fill, h, icon, paths } from "../shared/dom/h.ts";
import type { Words } from "../shared/i18n/catalogue.ts";
import type { App } from "./app.ts";
import { type ImageKey, imageWords } from "./pictures.ts";
import { type } from "./view/typing.ts";
import type { Composer } from "./view/composer.ts";

const SIDE = 2048; // pixels, as long as the server keeps one
const MAX = 5 << 20; // bytes that the server takes
const MOST = 4; // in a comment
const QUALITY = 0.86;
const MB = 1 << 20;
const SAID = /!\[((?:[^\]\\]|\\.)*)\]\(parley:([0-9a-f]{32})\)/g;

Object.assign(paths, { alert: "M8 2.4 14.3 13.3H1.7zM8 6.4v3.1M8 11.4h.1" });

interface Uploaded {
	id: string;
	url: string;
	color: string;
}

/** Piece is one image on its way into a text, or in it. */
interface Piece {
	name: string;
	el: HTMLElement;
	id: string; // "" until it has arrived
	alone: boolean; // it is to have no description
	alt: HTMLInputElement;
	stop(): void;
}

const desks = new WeakMap<Composer, Desk>();

/** add takes images into a box. */
export async function add(app: App, box: Composer, files: readonly File[]): Promise<void> {
	const t = await imageWords(app);
	const desk = desks.get(box) ?? new Desk(app, box, t);
	desks.set(box, desk);
	for (const f of files) desk.take(f);
}

/** shrunk is an image small enough to be sent, in a form that the server reads: HEIC becomes JPEG where the browser can. */
async function shrunk(file: File): Promise<Blob> {
	const plain = /^image\/(jpeg|png|webp|gif)$/.test(file.type);
	if (file.type === "image/gif" && file.size <= MAX) return file; // the server takes its first picture
	const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
	if (!bitmap) {
		if (plain && file.size <= MAX) return file; // the server says what is wrong with it
		throw new Error("no picture");
	}
	const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
	if (scale === 1 && plain && file.type !== "image/jpeg" && file.size <= MB) return file; // a drawing keeps its edges; a photograph loses its place and camera here
	const canvas = h("canvas", { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
	const on = canvas.getContext("2d");
	if (!on) return file;
	const kind = file.type === "image/png" ? "image/png" : "image/jpeg";
	on.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
	bitmap.close();
	const made = (as: string) => new Promise<Blob | null>((done) => canvas.toBlob(done, as, QUALITY));
	const first = await made(kind);
	const out = first && first.size > MAX ? await made("image/jpeg") : first;
	return out ?? file;
}

/** escaped is a description as it stands between the brackets of a text. */
const escaped = (s: string): string => s.replace(/\s+/g, " ").replace(/[\\[\]`*_<>!|~:@&]/g, "\\$&");

/** Desk is what stands under a box while images come into its text. */
class Desk {
	private readonly el = h("div.atts");
	private readonly pieces = new Set<Piece>();

	constructor(
		private readonly app: App,
		private readonly box: Composer,
		private readonly t: Words<ImageKey>,
	) {
		box.area.after(this.el);
		// Before the box hands its text over: every picture is there, and described.
		box.hold = () => this.missing();
		box.area.addEventListener("input", () => this.follow());
	}

	/** missing is what keeps the text from being sent; "" nothing. */
	private missing(): string {
		this.follow();
		for (const p of this.pieces) {
			if (!p.id) return this.t.t("arrives");
			if (p.alt.value.trim() === "" && !p.alone) {
				p.alt.focus();
				return this.t.t("describe_first");
			}
		}
		return "";
	}

	/** follow lets go of pieces that the text no longer has. */
	private follow(): void {
		const there = new Set([...this.box.area.value.matchAll(SAID)].map((m) => m[2]));
		for (const p of this.pieces) if (p.id && !there.has(p.id)) this.gone(p);
	}

	private gone(p: Piece): void {
		this.pieces.delete(p);
		p.el.remove();
	}

	/** take sends one file, and says how far it is. */
	take(file: File): void {
		const { t, box, app } = this;
		const named = file.name || "image";
		const bar = h("progress", { max: 100, value: 0, "aria-label": t.t("uploading", { name: named }) });
		const size = h("span.muted.tn");
		const face = h("span.th", {}, icon("image"));
		const line = h("div", {}, bar);
		const request = new XMLHttpRequest();
		const alt = h("input.inp", { type: "text", maxlength: 300, dir: "auto" });
		const none = h("input.chk", { type: "checkbox" });
		const off = h("button.ib", { type: "button", "aria-label": t.t("remove_image", { name: named }) }, icon("x"));
		const p: Piece = { name: named, id: "", alone: false, alt, el: h("div.att.up", { role: "group", "aria-label": named }), stop: () => request.abort() };
		fill(p.el, [
			face,
			h("div", {}, h("div.nm", {}, h("span", {}, named), size, off), line),
			h("label.field", {}, h("b", {}, t.t("describe")), alt, h("span.hint", {}, t.t("describe_says"))),
			h("label.none", {}, none, t.t("describe_none")),
		]);
		off.addEventListener("click", () => {
			p.stop();
			this.gone(p);
			if (p.id) {
				this.write(p, null);
				void app.api.call("DELETE", `/api/v1/sites/${encodeURIComponent(app.o.site)}/images/${p.id}`).catch(() => {}); // it goes by itself within a day
			}
			box.focus();
		});
		alt.addEventListener("input", () => this.write(p, alt.value));
		alt.addEventListener("keydown", (e) => {
			if (e.key === "Enter") e.preventDefault();
		});
		none.addEventListener("change", () => {
			p.alone = none.checked;
			alt.disabled = none.checked;
			if (none.checked) alt.value = "";
			this.write(p, alt.value);
		});
		const fail = (why: string, again = false) => {
			p.el.classList.remove("up");
			for (const el of p.el.querySelectorAll(".field,.none")) el.remove();
			this.pieces.delete(p);
			const retry = h("button.lnk", { type: "button" }, t.t("image_again"));
			retry.addEventListener("click", () => {
				p.el.remove();
				this.take(file);
			});
			fill(line, [h("p.err", { role: "alert" }, icon("alert", "s"), why, " ", again && retry)]);
		};
		this.el.append(p.el);
		if ([...box.area.value.matchAll(SAID)].length + [...this.pieces].filter((x) => !x.id).length >= MOST) {
			fail(t.t("image_many"));
			return;
		}
		this.pieces.add(p);
		box.tell(t.t("arrives"));
		const done = (got: Uploaded) => {
			p.id = got.id;
			p.el.classList.remove("up");
			fill(line, []);
			fill(size, []);
			face.style.background = got.color;
			fill(face, [h("img", { src: got.url, alt: "" })]);
			this.put(p);
			app.frame.say(t.t("arrived", { name: named }));
		};
		const settled = () => {
			if (![...this.pieces].some((x) => !x.id)) box.tell("");
		};
		void shrunk(file)
			.then(
				(blob) => this.send(request, blob, (n) => {
					bar.value = (100 * n) / blob.size;
					size.textContent = t.t("mb", { done: (n / MB).toFixed(1), all: (blob.size / MB).toFixed(1) });
				}),
				() => Promise.reject(new Error(t.t("not_picture"))),
			)
			.then(done, (e: unknown) => {
				if (p.el.isConnected) fail((e instanceof Error && e.message) || t.t("image_failed"), !(e instanceof Error && e.message));
			})
			.finally(settled);
	}

	private send(request: XMLHttpRequest, blob: Blob, far: (n: number) => void): Promise<Uploaded> {
		const { app } = this;
		const form = new FormData();
		form.append("file", blob, "image");
		return new Promise((ok, no) => {
			request.open("POST", `${app.base}/api/v1/sites/${encodeURIComponent(app.o.site)}/images`);
			request.withCredentials = true;
			request.setRequestHeader("X-Parley", "1");
			if (app.api.bearer) request.setRequestHeader("Authorization", `Bearer ${app.api.bearer}`);
			request.upload.addEventListener("progress", (e) => far(e.loaded));
			request.addEventListener("error", () => no(new Error()));
			request.addEventListener("load", () => {
				const said = read(request.responseText);
				if (request.status === 201) ok(said as unknown as Uploaded);
				else no(new Error(problemOf(said)));
			});
			request.send(form);
		});
	}

	/** put writes an image that has arrived into the text, on a line of its own, where the cursor is. */
	private put(p: Piece): void {
		const { area } = this.box;
		const at = area.selectionEnd;
		const before = area.value.slice(0, at).trimEnd();
		const after = area.value.slice(at).trimStart();
		const had = (area.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
		type(area, `${before && "\n\n"}![${escaped(p.alt.value)}](parley:${p.id})\n${after && "\n"}`, before.length, area.value.length - after.length);
		this.box.changed();
		(had === area || !had || !p.el.contains(had) ? p.alt : had).focus();
	}

	/** write changes a description in the text, or takes the image out of it. */
	private write(p: Piece, alt: string | null): void {
		if (!p.id) return;
		const { area } = this.box;
		area.value = area.value.replace(SAID, (all: string, _: string, id: string) => (id !== p.id ? all : alt === null ? "" : `![${escaped(alt)}](parley:${id})`)).replace(/\n{3,}/g, "\n\n");
		this.box.changed();
	}
}

function read(text: string): Record<string, unknown> {
	try {
		const v: unknown = JSON.parse(text);
		return typeof v === "object" && v !== null ? (v as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/** problemOf is what the server says is wrong with a picture. */
function problemOf(p: Record<string, unknown>): string {
	const [first] = Array.isArray(p["errors"]) ? (p["errors"] as { message?: string }[]) : [];
	return first?.message ?? (typeof p["detail"] === "string" ? p["detail"] : "");
}
