import type { SignInMethod } from "../../shared/api/shapes.ts";
import { fill, h } from "../../shared/dom/h.ts";
import type { App } from "../app.ts";
import { openDialog } from "../view/dialog.ts";
import type { Then } from "../view/signin.ts";
import { methodIcon, methodName, methodsOf } from "../view/sign-in-methods.ts";
import { noticeLink } from "./notice.ts";
import { wordsOf } from "./words.ts";

/**
 * signInFirst lets the reader choose by which way to sign in before an act
 * that needs it. Nothing opens by itself, the page stays where it is, and the
 * focus goes back to what was pressed.
 */
export async function signInFirst(app: App, then: Then, back: () => HTMLElement | null | undefined): Promise<boolean> {
	const t = await wordsOf(app);
	const { words, d } = app.x;
	const posting = app.acting?.posting;
	const all = methodsOf(d.site);
	let shut = (_then: () => void) => {};
	const law = then.act === "report" && then.id && (await noticeLink(app, then.id, (go) => shut(go), back));
	return new Promise((done) => {
		let ok = false;
		const dialog = openDialog(app.frame.el, back, { title: t.t(`to_${then.act}`), hint: t.t("to_hint"), close: t.t("close") });
		shut = dialog.close;
		const said = h("p", { role: "status", hidden: true });
		const say = (text: string) => {
			said.textContent = text;
			said.hidden = text === "";
		};
		const panel = h("div");
		const way = async (w: SignInMethod) => {
			const inside = w.kind === "site" && app.panel !== null;
			say(inside ? "" : words.t("waiting_window"));
			choices.hidden = inside;
			ok = (await posting?.signIn(w.id, { next: then, slot: panel, say, closed: (sure) => say(words.t(sure ? "window_closed" : "window_perhaps")) })) ?? false;
			if (ok) return dialog.close();
			if (inside) say("");
			choices.hidden = false;
			choices.querySelector("button")?.focus();
		};
		const choices = h(
			"div.ways",
			{},
			...all
				.filter((w) => w.kind !== "guest")
				.map((w) =>
					h(
						"button.btn.full",
						{ type: "button", onclick: () => void way(w) },
						methodIcon(w),
						words.t("continue", { name: methodName(app.x, w) }),
					),
				),
			then.act === "vote" && all.some((w) => w.kind === "guest") && h("p.hint", {}, t.t("guests_vote")),
			then.act === "follow" && d.site?.guests && h("button.btn.full", { type: "button", onclick: () => void byMail() }, t.t("follow_mail")),
		);
		/** byMail follows without an account. */
		const byMail = async () => {
			const m = await import("../told.ts").catch(() => null);
			if (!m) return say(t.t("failed"));
			choices.hidden = true;
			await m.followByMail(app, panel, () => {
				fill(panel, []);
				choices.hidden = false;
				choices.querySelector("button")?.focus();
			});
			panel.querySelector("input")?.focus();
		};
		fill(dialog.body, [choices, panel, said, law]);
		dialog.body.closest("dialog")?.addEventListener("close", () => {
			if (!ok) posting?.stopSignIn();
			done(ok);
		});
		choices.querySelector("button")?.focus();
	});
}
