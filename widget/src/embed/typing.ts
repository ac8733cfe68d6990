// What keys, the clipboard and the tools make of a text: fetched when a box is first typed in.
import en from "../../../static/i18n/en/writing.json";
import type { App } from "./app.ts";
import { beingNamed } from "./named.ts";
import type { Composer } from "./view/composer.ts";
import { h } from "../shared/dom/h.ts";
import { makeToolbar } from "./view/toolbar.ts";

// What the lazy parts share with this one; see lazy in widget/main.go.
export * from "./view/typing.ts";
export * from "./named.ts";

const named = new WeakSet<Composer>();

/** begin has the people of the thread come up behind an @ in a box. */
export function begin(app: App, box: Composer): void {
	if (named.has(box)) return;
	named.add(box);
	const over = new AbortController();
	const look = () => {
		const { area } = box;
		if (over.signal.aborted || !beingNamed(area.value, area.selectionStart)) return;
		over.abort();
		import("./naming.ts").then((m) => new m.Naming(app, box)).catch(() => named.delete(box)); // the next box tries again
	};
	box.area.addEventListener("input", look, { signal: over.signal });
	look();
}

/** toolbar puts the formatting tools into el. */
export async function toolbar(app: App, box: Composer, el: HTMLElement): Promise<void> {
	const { words } = app.x;
	words.add(en);
	await words.fetch(app.base, "writing");
	makeToolbar(box, el, words, app.x.d.images ? () => picked(app, box) : undefined);
	if (app.x.d.images) drops(app, box);
}

const upload = () => import("./upload.ts");
const KINDS = "image/jpeg,image/png,image/webp,image/gif"; // a phone makes a JPEG of what it takes

/** picked asks for images. */
function picked(app: App, box: Composer): void {
	const ask = h("input", { type: "file", accept: KINDS, multiple: true });
	ask.addEventListener("change", () => send(app, box, ask.files));
	ask.click();
}

function send(app: App, box: Composer, files: FileList | null | undefined): void {
	const list = [...(files ?? [])];
	if (list.length > 0) void upload().then((m) => m.add(app, box, list), (e: unknown) => app.acting?.showError(e));
}

const taking = new WeakSet<Composer>();

/** drops takes images that are dropped on a box, or pasted into it. */
function drops(app: App, box: Composer): void {
	if (taking.has(box)) return;
	taking.add(box);
	const { el } = box;
	const has = (t: DataTransfer | null) => app.x.d.images && t?.types.includes("Files");
	const over = (yes: boolean) => el.classList.toggle("over-it", yes);
	el.addEventListener("dragover", (e) => {
		if (!has(e.dataTransfer)) return;
		e.preventDefault();
		over(true);
	});
	el.addEventListener("dragleave", () => over(false));
	el.addEventListener("drop", (e) => {
		over(false);
		if (!has(e.dataTransfer)) return;
		e.preventDefault();
		send(app, box, e.dataTransfer?.files);
	});
	el.addEventListener(
		"paste",
		(e) => {
			if (!has(e.clipboardData) || e.clipboardData?.getData("text/plain")) return; // a table from a spreadsheet is a picture too
			e.preventDefault();
			e.stopPropagation();
			send(app, box, e.clipboardData?.files);
		},
		true,
	);
}
