import { fill, h } from "../../shared/dom/h.ts";
import { type Answer, call, clock, type Desk, t } from "./desk.ts";
import { icon } from "./icons.ts";

interface Life {
	archived_at: string | null;
	deletes_at: string | null;
	name?: string;
}

/** standing is the line above every screen of a site that is archived or will be deleted. */
export function standing(desk: Desk): { el: HTMLElement; show: () => void; again: () => Promise<void> } {
	const el = h("div.standing", { role: "status" });
	const show = () => {
		const { archived_at: archived, deletes_at: deletes, name } = desk.site;
		const off = async () => {
			const r: Answer<Life> = await call<Life>("POST", desk.api("/settings/life"), { act: "keep" });
			if (r.body) Object.assign(desk.site, { archived_at: r.body.archived_at, deletes_at: r.body.deletes_at });
			else desk.toast(t("not_done", { why: r.detail }));
			show();
		};
		fill(el, [
			deletes
				? h(
						"div.note.bad.apart",
						{},
						icon("alert"),
						h("span.grow", {}, t("deleting", { name, date: clock(deletes) })),
						desk.may("settings") ? h("button.btn.sm", { type: "button", onclick: () => void off() }, t("site_keep")) : null,
					)
				: archived
					? h("div.note.apart", {}, icon("lock"), h("span", {}, t("archived_line", { name, date: clock(archived) })))
					: null,
		]);
	};
	return {
		el,
		show,
		/** again asks how the site stands, after somebody has changed it. */
		again: async () => {
			const of = desk.site;
			const r = await call<Life>("GET", desk.api("/settings"));
			if (!r.body) return;
			Object.assign(of, { archived_at: r.body.archived_at, deletes_at: r.body.deletes_at });
			if (of !== desk.site) return;
			if (r.body.name && r.body.name !== of.name) desk.renamed(r.body.name);
			show();
		},
	};
}
