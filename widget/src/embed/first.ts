// What a press or a key does at once, while the parts that do the rest are on their way.
import type { Hearing } from "./acting.ts";
import type { App } from "./app.ts";
import { fill, set } from "../shared/dom/h.ts";
import css from "./style/first.css";
import { Resting } from "./view/resting.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** opened are the boxes that were opened last, and when: what was pressed before is typed into them. */
const opened = new WeakMap<App, { at: number; area: HTMLTextAreaElement }>();

/** press opens a box to answer in as it is at rest, where one is asked for: what is typed before the composer comes is not lost. */
export function press(app: App, { boxes }: Hearing, [what, id = ""]: string[]): void {
	const { x, list } = app;
	const view = list.get(id);
	if (app.acting || what !== "reply" || !view) return;
	const root = app.frame.el.getRootNode() as ShadowRoot;
	if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	let r = boxes.get(id);
	if (!r) {
		r = new Resting(x, "reply", () => app.acts, id);
		set(r.area, { "aria-label": x.words.t("reply_to", { name: x.d.known.get(id)?.author?.name ?? "" }) });
		r.begin();
		boxes.set(id, r);
	}
	if (!r.el.isConnected) fill(view.slot, [r.el]);
	r.area.focus();
	opened.set(app, { at: performance.now(), area: r.area });
}

/** key keeps a letter that leads through the list for the part that knows it; an answer opens at once, and takes what is typed after it. */
export function key(app: App, hearing: Hearing, e: KeyboardEvent, at: Element): void {
	if (at.closest(".slot") || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
	const box = opened.get(app);
	if (box && e.timeStamp < box.at) {
		const { area } = box;
		if ([...e.key].length === 1) area.setRangeText(e.key, area.selectionStart, area.selectionEnd, "end"); // a letter
		return;
	}
	const root = at.getRootNode() as ShadowRoot;
	const reply = e.key === "r" && at.closest("article")?.querySelector<HTMLElement>('[data-act="reply"]');
	if (reply) {
		e.preventDefault(); // the letter is not typed into the box
		press(app, hearing, ["reply", at.closest("article")?.id.replace("parley-", "") ?? ""]);
		reply.click();
	} else if (/^[jkconN/?[\]]$/.test(e.key)) void app.acts.then(() => root.activeElement?.dispatchEvent(new KeyboardEvent(e.type, e)));
}
