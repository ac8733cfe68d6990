import { fill, h } from "../../shared/dom/h.ts";
import type { Acting } from "../acting.ts";
import { problem } from "../api/reader.ts";
import type { App } from "../app.ts";
import { insist } from "../state/discussion.ts";
import { report as reported } from "../state/doing.ts";
import { openDialog } from "../view/dialog.ts";
import { chosen, imagesIn, noticeLink } from "./notice.ts";
import { type ToolKey, wordsOf } from "./words.ts";

const reasons = ["harassment", "spam", "private", "false", "off_topic", "other"] as const;
const explained = new Set<string>(["harassment", "private", "false"]);

/** report asks why, tells the moderators, and hides the comment for its reader. */
export async function report(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const c = app.x.d.known.get(id);
	const back = () => acting.button(id, "menu") ?? button;
	if (!c?.author || !(await acting.signedIn({ act: "report", id }, back))) return;
	const dialog = openDialog(app.frame.el, back, {
		title: t.t("report_head"),
		hint: t.t("report_hint", { name: c.author.name }),
		close: t.t("close"),
	});
	const note = h("textarea.inp", { rows: 3, maxlength: 1000, dir: "auto" });
	const problemLine = h("p.err", { role: "alert", hidden: true });
	const option = (key: (typeof reasons)[number]) =>
		h(
			"label",
			{},
			h("input.chk", { type: "radio", name: "reason", value: key, required: true }),
			h("span", {}, t.t(`reason_${key}`), explained.has(key) && h("small", {}, t.t(`reason_${key}_more` as ToolKey))),
		);
	const send = h("button.btn.pri", { type: "submit" }, t.t("report_send"));
	const images = imagesIn(c.html);
	const which = chosen(images, t, () => {
		// It goes as what the law calls it; a moderator answers first of all.
		for (const r of form.querySelectorAll<HTMLInputElement>('[name="reason"]')) r.required = which.value === "";
	});
	const form = h(
		"form",
		{
			onsubmit: async (e: Event) => {
				e.preventDefault();
				if (send.hasAttribute("aria-disabled")) return; // on its way
				const image = which.value;
				const reason = image ? "illegal" : String(new FormData(form).get("reason") ?? "");
				send.setAttribute("aria-disabled", "true");
				try {
					await app.api.report(id, reason, note.value, image);
				} catch (e) {
					send.removeAttribute("aria-disabled");
					problemLine.textContent = problem(e)?.detail || t.t("failed");
					problemLine.hidden = false;
					return;
				}
				reported(app.x.d, id);
				app.list.update(id);
				fill(dialog.body, [
					h("p", { role: "status" }, t.t("report_thanks")),
					h(
						"div.acts",
						{},
						h("button.btn.ghost", { type: "button", onclick: () => dialog.close(() => unreport(app, acting, id)) }, t.t("undo")),
						h("button.btn.pri", { type: "button", onclick: () => dialog.close() }, t.t("close")),
					),
				]);
				dialog.body.querySelector<HTMLElement>(".pri")?.focus();
			},
		},
		h("fieldset", {}, h("legend.sr", {}, t.t("reason")), h("div.opts", {}, ...reasons.map(option))),
		which.el,
		h("label.field", {}, h("span", {}, h("b", {}, t.t("note")), " ", h("span.muted", {}, t.t("optional"))), note),
		problemLine,
		h("div.acts", {}, h("button.btn.ghost", { type: "button", onclick: () => dialog.close() }, t.t("cancel")), send),
	);
	fill(dialog.body, [form, await noticeLink(app, id, dialog.close, back)]);
	form.querySelector<HTMLElement>("input")?.focus();
}

function unreport(app: App, acting: Acting, id: string): void {
	acting.unreport(id);
	insist(app.x.d, id);
	app.list.update(id);
}
