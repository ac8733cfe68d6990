import { h, icon } from "../../shared/dom/h.ts";
import type { Acting } from "../acting.ts";
import type { App } from "../app.ts";
import { canWrite } from "../view/context.ts";
import { wordsOf } from "./words.ts";

/** quote offers to answer with what is selected in a comment. */
export async function quote(app: App, acting: Acting, s: Selection): Promise<void> {
	const t = await wordsOf(app);
	const body = s.anchorNode && element(s.anchorNode)?.closest(".c-b");
	const article = body?.closest("article.c");
	if (!body || !article || !s.focusNode || !body.contains(s.focusNode) || !canWrite(app.x)) return;
	const id = article.id.replace(/^parley-/, "");
	if (app.x.d.known.get(id)?.status !== "published") return; // nobody answers what waits, or is on its way
	const text = s.toString();
	const at = s.rangeCount > 0 ? s.getRangeAt(0).getBoundingClientRect() : body.getBoundingClientRect();
	const home = app.frame.el.getBoundingClientRect();
	for (const was of app.frame.el.querySelectorAll(".qr")) was.remove();
	const button = h(
		"button.btn.sm.qr",
		{
			type: "button",
			onpointerdown: (e: Event) => e.preventDefault(), // the selection stays
			onclick: () => {
				button.remove();
				acting.reply(id, text);
			},
		},
		icon("reply", "flip"),
		t.t("quote_reply"),
	);
	button.style.insetBlockStart = `${at.bottom - home.top + 6}px`;
	app.frame.el.append(button);
	button.style.left = `max(0px, min(${at.left - home.left}px, 100% - ${button.offsetWidth}px))`;
	const gone = new AbortController();
	document.addEventListener(
		"selectionchange",
		() => {
			if (s.toString() === text) return;
			gone.abort();
			button.remove();
		},
		{ signal: gone.signal },
	);
}

const element = (n: Node): Element | null => (n instanceof Element ? n : n.parentElement);
