import { fill, h } from "../../shared/dom/h.ts";
import { problem } from "../api/reader.ts";
import type { App } from "../app.ts";
import { openDialog } from "../view/dialog.ts";
import { tokens } from "../../shared/dom/html.ts";
import type { Words } from "../../shared/i18n/catalogue.ts";
import { type ToolKey, wordsOf } from "./words.ts";

/** imagesIn are the images of a comment: their ids, and what they show. */
export function imagesIn(html: string): { id: string; alt: string }[] {
	return tokens(html).flatMap((x) => {
		const id = x.kind === "open" && x.tag === "img" ? /\/media\/([0-9a-f]{32})\./.exec(x.attrs["src"] ?? "")?.[1] : "";
		return id && x.kind === "open" && x.attrs["data-blur"] !== "held" ? [{ id, alt: x.attrs["alt"] ?? "" }] : [];
	});
}

/** chosen asks which image of a comment is meant to be illegal; nothing where it has none. */
export function chosen(images: readonly { id: string; alt: string }[], t: Words<ToolKey>, changed: () => void = () => {}): { el: HTMLElement | null; readonly value: string } {
	if (images.length === 0) return { el: null, value: "" };
	const pick = h(
		"select.inp",
		{ onchange: changed },
		h("option", { value: "" }, t.t("image_none")),
		...images.map((m, i) => h("option", { value: m.id }, m.alt || t.t("image_n", { n: i + 1 }))),
	);
	return {
		el: h("label.field", {}, h("b", {}, t.t("image_illegal")), pick, h("span.hint", {}, t.t("image_illegal_says"))),
		get value() {
			return pick.value;
		},
	};
}

/** noticeLink opens the form about illegal content from another dialog. */
export async function noticeLink(app: App, id: string, close: (then: () => void) => void, back: () => HTMLElement | null | undefined): Promise<HTMLElement> {
	const t = await wordsOf(app);
	const go = () => close(() => void notice(app, id, back));
	return h("p.hint.law", {}, t.t("notice_hint"), " ", h("button.lnk", { type: "button", onclick: go }, t.t("notice_link")));
}

/** notice takes a notice of illegal content: who says so, which law, why. It needs no account. */
export async function notice(app: App, id: string, back: () => HTMLElement | null | undefined): Promise<void> {
	const t = await wordsOf(app);
	const { d } = app.x;
	const c = d.known.get(id);
	if (!c?.author) return;
	const dialog = openDialog(app.frame.el, back, { title: t.t("notice_link"), hint: t.t("notice_lead", { name: c.author.name }), close: t.t("close") });
	const name = h("input.inp", { type: "text", autocomplete: "name", maxlength: 200, required: true });
	name.value = d.user?.name ?? "";
	const email = h("input.inp", { type: "email", autocomplete: "email", required: true });
	const why = h("textarea.inp", { rows: 4, maxlength: 1000, required: true, dir: "auto" });
	const faith = h("input.chk", { type: "checkbox", required: true });
	const problemLine = h("p.err", { role: "alert", hidden: true });
	const send = h("button.btn.pri", { type: "submit" }, t.t("notice_send"));
	const which = chosen(imagesIn(c.html), t);
	const submit = async (e: Event) => {
		e.preventDefault();
		if (send.hasAttribute("aria-disabled")) return; // on its way
		send.setAttribute("aria-disabled", "true");
		try {
			const receipt = await app.api.notice(id, { name: name.value, email: email.value, why: why.value, good_faith: faith.checked, ...(which.value ? { image: which.value } : {}) });
			const close = h("button.btn.pri", { type: "button", onclick: () => dialog.close() }, t.t("close"));
			fill(dialog.body, [h("p", { role: "status" }, t.t("notice_thanks", { receipt, email: email.value })), h("div.acts", {}, close)]);
			close.focus();
		} catch (e) {
			send.removeAttribute("aria-disabled");
			problemLine.textContent = problem(e)?.detail || t.t("failed");
			problemLine.hidden = false;
		}
	};
	const field = (label: string, box: HTMLElement) => h("label.field", {}, h("b", {}, label), box);
	fill(dialog.body, [
		h(
			"form",
			{ onsubmit: (e: Event) => void submit(e) },
			field(t.t("notice_name"), name),
			field(t.t("notice_email"), email),
			which.el,
			field(t.t("notice_why"), why),
			h("div.opts", {}, h("label", {}, faith, h("span", {}, t.t("notice_good_faith")))),
			problemLine,
			h("div.acts", {}, h("button.btn.ghost", { type: "button", onclick: () => dialog.close() }, t.t("cancel")), send),
		),
	]);
	(name.value ? email : name).focus();
}
