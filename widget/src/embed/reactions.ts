import en from "../../../static/i18n/en/reactions.json";
import { paths, fill, h, icon, set } from "../shared/dom/h.ts";
import { Words } from "../shared/i18n/catalogue.ts";
import type { App } from "./app.ts";
import css from "./style/reactions.css";
import type { Shown } from "./view/context.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** The drawings of the reactions, by their names, and that of the button for more. */
Object.assign(paths, {
	agree: "M2.75 7.25h2.1v6h-2.1zM4.85 7.4 7.6 2.5c1 .05 1.6.75 1.45 1.7L8.7 6.4h3.5c.85 0 1.45.75 1.3 1.6l-.8 4.1c-.13.7-.7 1.15-1.4 1.15H4.85",
	disagree: "M2.75 8.75h2.1v-6h-2.1zM4.85 8.6l2.75 4.9c1-.05 1.6-.75 1.45-1.7L8.7 9.6h3.5c.85 0 1.45-.75 1.3-1.6l-.8-4.1c-.13-.7-.7-1.15-1.4-1.15H4.85",
	thanks: "M8 13.4 3.2 8.7a3 3 0 0 1 0-4.3 3.05 3.05 0 0 1 4.3 0l.5.5.5-.5a3.05 3.05 0 0 1 4.3 0 3 3 0 0 1 0 4.3z",
	insightful: "M5.9 11.1c0-1.2-1.9-1.9-1.9-4.2a4 4 0 0 1 8 0c0 2.3-1.9 3-1.9 4.2zM6.2 13.5h3.6",
	funny: "M8 13.9A5.9 5.9 0 1 0 8 2.1a5.9 5.9 0 0 0 0 11.8zM4.9 8.6h6.2c-.2 1.8-1.4 2.9-3.1 2.9S5.1 10.4 4.9 8.6zM5.4 6.4l.9-.6.9.6M8.8 6.4l.9-.6.9.6",
	surprising: "M8 13.9A5.9 5.9 0 1 0 8 2.1a5.9 5.9 0 0 0 0 11.8zM6 6.2v.2M10 6.2v.2M8 11.6a1.5 1.7 0 1 0 0-3.4 1.5 1.7 0 0 0 0 3.4z",
	sad: "M8 13.9A5.9 5.9 0 1 0 8 2.1a5.9 5.9 0 0 0 0 11.8zM6 6.4v.2M10 6.4v.2M5.5 11c.5-1 1.4-1.6 2.5-1.6s2 .6 2.5 1.6",
	curious: "M8 13.9A5.9 5.9 0 1 0 8 2.1a5.9 5.9 0 0 0 0 11.8zM6.3 6.4c0-1 .75-1.7 1.75-1.7s1.7.65 1.7 1.6c0 1.3-1.7 1.4-1.7 2.7M8.05 11.2h.1",
	smile: "M8 13.9A5.9 5.9 0 1 0 8 2.1a5.9 5.9 0 0 0 0 11.8zM6 6.5v.2M10 6.5v.2M5.6 9.3c.5 1 1.3 1.5 2.4 1.5s1.9-.5 2.4-1.5",
});

const begun = new WeakSet<App>();

/** begin draws the reactions, where a site has them in the place of votes. */
export async function begin(app: App, root: ShadowRoot): Promise<void> {
	if (begun.has(app)) return;
	begun.add(app);
	const { x, frame } = app;
	const words = new Words<keyof typeof en>(en, x.words.lang);
	await words.fetch(app.base, "reactions");
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	const at = new WeakMap<object, HTMLElement>();
	/** group is the buttons of a comment, or with "" of the page, drawn anew where their facts have changed. */
	const group = (owner: object, id: string, counts: Readonly<Record<string, number>>): HTMLElement => {
		const el = at.get(owner) ?? h("span.rxs", { role: "group" });
		at.set(owner, el);
		const offered = x.d.site?.reactions ?? [];
		const own = x.d.reacted.get(id);
		const mine = x.d.mine.has(id) || x.readOnly;
		const shown = offered.filter((name, i) => counts[name] || (i === 0 && !mine));
		const facts = [words.lang, mine, ...shown.flatMap((name) => [name, counts[name], own?.has(name)])].join();
		if (el.dataset["facts"] === facts) return el;
		el.dataset["facts"] = facts;
		set(el, { "aria-label": words.t(id ? "reactions" : "to_page") });
		const had = (root.activeElement as HTMLElement | null)?.dataset["name"];
		const within = el.contains(root.activeElement);
		fill(el, [
			...shown.map((name) =>
				h(
					"button.rx",
					{
						type: "button",
						"data-act": "react",
						"data-name": name,
						title: words.t(name as "agree"),
						"aria-label": words.t("n_of", { name: words.t(name as "agree"), n: counts[name] ?? 0 }),
						"aria-pressed": String(own?.has(name) ?? false),
						"aria-disabled": mine ? "true" : null,
					},
					icon(name),
					counts[name] ? words.number(counts[name]) : null,
				),
			),
			!mine &&
				offered.length > shown.length &&
				h(
					"button.rx",
					{ type: "button", "data-act": "reactions", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": words.t("add") },
					icon("smile"),
				),
		]);
		el.hidden = el.childElementCount === 0;
		if (within) (el.querySelector<HTMLElement>(`[data-name="${had}"]`) ?? el.querySelector("button"))?.focus();
		return el;
	};
	x.also.push((view?: Shown, c?) => {
		if (view && c) {
			if (!view.bar.childElementCount) return; // it is gone, or far from the window
			if (!x.d.site?.reactions) return at.get(view)?.remove(); // they vote again
			const el = group(view, c.id, c.reactions ?? {});
			if (el.parentNode !== view.bar) view.bar.prepend(el);
			return;
		}
		if (!x.d.site?.reactions) return at.get(frame)?.remove();
		const el = group(frame, "", x.d.thread?.reactions ?? {});
		if (el.parentNode !== frame.meta) frame.meta.append(el);
	});
	frame.meta.addEventListener("click", (e) => {
		const button = (e.target as Element).closest<HTMLElement>("[data-act]");
		if (button) x.acts.press(button.dataset["act"] ?? "", "", button);
	});
	app.list.updateAll();
	app.update();
}
