import { fill, h } from "../../shared/dom/h.ts";
import { problem } from "../api/reader.ts";
import type { App } from "../app.ts";
import { bellWords } from "./words.ts";

/** followByMail is a form for whoever has no account: it answers the same whatever the address is. */
export async function followByMail(app: App, into: HTMLElement, signIn: () => void): Promise<void> {
	const t = await bellWords(app);
	const address = h("input.inp", { type: "email", name: "email", autocomplete: "email", required: true, dir: "ltr", maxlength: 254 });
	const wrong = h("p.err", { role: "alert", hidden: true });
	const form = h(
		"form",
		{
			novalidate: true,
			onsubmit: async (e: Event) => {
				e.preventDefault();
				wrong.hidden = true;
				try {
					const { o } = app;
					await app.api.call("POST", `/api/v1/sites/${encodeURIComponent(o.site)}/follow/guest?${new URLSearchParams({ thread: o.thread })}`, { email: address.value });
					const said = h("p", { role: "status", tabindex: -1 }, t.t("guest_sent"));
					fill(into, [said]);
					said.focus();
				} catch (e) {
					const p = problem(e);
					wrong.textContent = p?.status === 422 ? t.t("guest_wrong") : p?.detail || t.t("failed");
					wrong.hidden = false;
					address.focus();
				}
			},
		},
		h("label.field", {}, h("b", {}, t.t("guest_email")), address),
		wrong,
		h("button.btn.pri", { type: "submit" }, t.t("guest_send")),
	);
	const all = h("div.in", {}, h("div.field", {}, h("b", {}, t.t("guest_head")), h("p.hint", {}, t.t("guest_hint"))), form, h("p.hint", {}, t.t("guest_or"), " ", h("button.lnk", { type: "button", onclick: signIn }, t.t("sign_in"))));
	fill(into, [all]);
}
