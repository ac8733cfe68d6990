import en from "../../../static/i18n/en/panel.json";
import { problem } from "./api/reader.ts";
import type { User } from "../shared/api/shapes.ts";
import type { App } from "./app.ts";
import { type Message, Words } from "../shared/i18n/catalogue.ts";
import { fill, h, icon } from "../shared/dom/h.ts";
import { signIn } from "./view/signin.ts";

type PanelKey = keyof typeof en;

/**
 * panel is signing in inside the frame, where the document is our own and so
 * may take a password. It stands in the composer's place, or in slot; what was written is
 * shown, and is there again when the panel goes.
 */
export async function panel(app: App, site: string, signal: AbortSignal, slot: HTMLElement = app.frame.composer): Promise<User | null> {
	const t = new Words<PanelKey>(en as Record<PanelKey, Message>, app.x.words.lang);
	await t.fetch(app.base, "panel");
	const was = [...slot.childNodes];
	const written = slot.querySelector("textarea")?.value.trim() ?? "";
	return new Promise((done, fail) => {
		const end = (user: User | null) => {
			slot.replaceChildren(...was);
			done(user);
		};
		signal.addEventListener("abort", () => end(null), { once: true });
		const wrong = h("p.err", { role: "alert", hidden: true });
		const email = h("input.inp", { type: "email", name: "email", autocomplete: "username", required: true });
		const password = h("input.inp", { type: "password", name: "password", autocomplete: "current-password", required: true });
		const send = h("button.btn.pri.full", { type: "submit" }, t.t(written === "" ? "sign_in" : "sign_in_post"));
		const submit = async (e: Event) => {
			e.preventDefault();
			send.setAttribute("aria-disabled", "true");
			try {
				const got = await app.api.call<{ user: User }>("POST", `/api/v1/sites/${encodeURIComponent(app.o.site)}/login`, {
					email: email.value,
					password: password.value,
					session: "frame",
				});
				end(got.user);
			} catch (e) {
				send.removeAttribute("aria-disabled");
				const p = problem(e);
				wrong.textContent =
					p?.status === 429 ? t.t("too_many", { n: Number(p.headers?.get("retry-after")) || 60 }) : p?.detail || t.t("no_answer");
				wrong.hidden = false;
				password.focus();
				password.select();
			}
		};
		const elsewhere = () => {
			slot.replaceChildren(...was);
			signIn(app.api, "site", signal, { kept: written !== "" }).then(done, fail);
		};
		fill(slot, [
			h(
				"form.cp.login",
				{ onsubmit: (e: Event) => void submit(e), onkeydown: (e: KeyboardEvent) => e.key === "Escape" && end(null) },
				h(
					"div.cp-h",
					{},
					h("b", {}, t.t("head", { name: site })),
					h("button.ib", { type: "button", "aria-label": t.t("close"), onclick: () => end(null) }, icon("x")),
				),
				h(
					"div.in",
					{},
					written !== "" &&
						h(
							"p.kept",
							{},
							icon("check", "s"),
							h("span", {}, t.t("kept", { text: written.length > 120 ? `${written.slice(0, 120)}…` : written })),
						),
					h("label.field", {}, h("b", {}, t.t("email")), email),
					h("label.field", {}, h("b", {}, t.t("password")), password),
					wrong,
					send,
					h("button.btn.ghost", { type: "button", onclick: elsewhere }, t.t("elsewhere")),
				),
			),
		]);
		email.focus();
	});
}
