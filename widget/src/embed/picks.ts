import en from "../../../static/i18n/en/picks.json";
import css from "./style/picks.css";
import { h, set } from "../shared/dom/h.ts";
import { Words } from "../shared/i18n/catalogue.ts";
import type { App } from "./app.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

const begun = new WeakSet<App>();

/** begin puts the picks of a discussion into a tab of their own beside all comments. */
export async function begin(app: App, root: ShadowRoot): Promise<void> {
	if (begun.has(app)) return;
	begun.add(app);
	const { x, frame } = app;
	const words = new Words<keyof typeof en>(en, x.words.lang);
	await words.fetch(app.base, "picks");
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	const tab = (filter: string, label: string) =>
		h("button", { type: "button", role: "radio", "data-filter": filter, onclick: () => choose(filter) }, label);
	const tabs = h(
		"div.seg.pk",
		{
			role: "radiogroup",
			"aria-label": words.t("show"),
			onkeydown: (e: KeyboardEvent) => {
				if (!/^Arrow/.test(e.key)) return;
				e.preventDefault();
				choose(app.filter ? "" : "picks");
			},
		},
		tab("", x.words.t("all")),
		tab("picks", words.t("picks")),
	);
	const show = () => {
		const there = !!app.x.d.thread?.picks || app.filter !== "";
		tabs.hidden = !there;
		frame.heading.classList.toggle("sr", there);
		for (const b of tabs.querySelectorAll("button")) {
			const on = b.dataset["filter"] === app.filter;
			set(b, { "aria-checked": String(on), tabindex: on ? 0 : -1 });
		}
		frame.el.toggleAttribute("data-filter", app.filter !== "");
	};
	const choose = (filter: string) => {
		if (filter === app.filter) return;
		app.filter = filter;
		show();
		tabs.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
		void app.reload();
	};
	x.also.push((view) => {
		if (!view) show();
	});
	app.host.addEventListener("parley:count", show, { signal: app.signal });
	frame.heading.after(tabs, h("span.fill"));
	show();
}
