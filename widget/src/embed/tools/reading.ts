import { fill, h } from "../../shared/dom/h.ts";
import { nodes } from "../../shared/dom/html.ts";
import type { App } from "../app.ts";
import { openDialog } from "../view/dialog.ts";
import { wordsOf } from "./words.ts";

/** standards shows the site's rules beside what is being read. */
export async function standards(app: App, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const dialog = openDialog(app.frame.el, button, { title: t.t("standards"), close: t.t("close") });
	fill(dialog.body, [h("p.muted", { role: "status" }, t.t("loading"))]);
	try {
		const s = await app.api.standards(app.x.words.lang);
		fill(dialog.body, [
			h("div.c-b.text", { dir: "auto", tabindex: 0 }, nodes(s.html)),
			s.updated_at && h("p.hint", {}, t.t("updated", { date: app.x.words.full(new Date(s.updated_at)) })),
			s.url && h("p", {}, h("a", { href: s.url, target: "_blank", rel: "noopener" }, t.t("standards_page"))),
		]);
	} catch {
		fill(dialog.body, [h("p", { role: "alert" }, t.t("failed"))]);
	}
}

/** history shows the texts that a comment had before. */
export async function history(app: App, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const dialog = openDialog(app.frame.el, button, { title: t.t("history"), close: t.t("close") });
	fill(dialog.body, [h("p.muted", { role: "status" }, t.t("loading"))]);
	try {
		const all = await app.api.revisions(id);
		const now = app.x.d.known.get(id);
		const when = (at: string) => h("time", { datetime: at }, app.x.words.full(new Date(at)));
		fill(dialog.body, [
			h(
				"ol.past",
				{ tabindex: 0, "aria-label": t.t("history") },
				now && h("li", {}, h("p.hint", {}, t.t("now_reads")), h("div.c-b", { dir: "auto" }, nodes(now.html))),
				...all.map((r) =>
					h(
						"li",
						{},
						h("p.hint", {}, t.t("until"), " ", when(r.replaced_at), r.public === false ? ` · ${t.t("not_public")}` : null),
						h("div.c-b", { dir: "auto" }, nodes(r.html)),
					),
				),
			),
		]);
	} catch {
		fill(dialog.body, [h("p", { role: "alert" }, t.t("failed"))]);
	}
}
