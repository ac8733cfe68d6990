import { fill, h } from "../../shared/dom/h.ts";
import type { App } from "../app.ts";
import { follow } from "../state/doing.ts";
import { wordsOf } from "../tools/words.ts";
import { openPanel } from "./open.ts";
import { type BellKey, bellWords } from "./words.ts";

const CHOICES = ["now", "hourly", "daily", "off"] as const;
type Choice = (typeof CHOICES)[number];

/** followMenu is how the reader hears of this discussion: each switch takes effect at once. */
export async function followMenu(app: App, button: HTMLElement): Promise<void> {
	const [t] = await Promise.all([bellWords(app), wordsOf(app)]); // the looks of dialogs
	const { x, o, api, base } = app;
	const panel = openPanel(app.frame.el, button, { title: t.t("follow_head"), close: t.t("close") });
	const wrong = h("p.err", { role: "alert", hidden: true });
	const fail = (yes: boolean) => {
		wrong.textContent = yes ? t.t("failed") : "";
		wrong.hidden = !yes;
	};

	const thread = h("input.sw", { type: "checkbox", role: "switch", onchange: () => void setThread() });
	thread.checked = x.d.following;
	async function setThread(): Promise<void> {
		const yes = thread.checked;
		fail(false);
		try {
			await api.follow(o.thread, "", yes);
			follow(x.d, yes);
			app.update();
		} catch {
			thread.checked = !yes;
			fail(true);
		}
	}

	const at = `/api/v1/me/mail?${new URLSearchParams({ site: o.site })}`;
	const mail = h(
		"div.seg.wide",
		{ role: "radiogroup", "aria-label": t.t("by_mail"), onkeydown: (e: KeyboardEvent) => arrow(e) },
		...CHOICES.map((c) => h("button", { type: "button", role: "radio", "data-c": c, onclick: () => void choose(c) }, t.t(`mail_${c}` as BellKey))),
	);
	const radios = [...mail.querySelectorAll("button")];
	let chosen: Choice = "now";
	const draw = (c: Choice) => {
		chosen = c;
		for (const b of radios) {
			const on = b.dataset["c"] === c;
			b.setAttribute("aria-checked", String(on));
			b.tabIndex = on ? 0 : -1;
		}
	};
	async function choose(c: Choice): Promise<void> {
		const was = chosen;
		fail(false);
		draw(c);
		try {
			await api.call("PUT", at, { replies: c });
		} catch {
			draw(was);
			fail(true);
		}
	}
	function arrow(e: KeyboardEvent): void {
		const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key] ?? 0;
		if (!by) return;
		e.preventDefault();
		const turned = /Left|Right/.test(e.key) && getComputedStyle(mail).direction === "rtl" ? -by : by;
		const next = radios[(radios.indexOf(root.activeElement as HTMLButtonElement) + turned + radios.length) % radios.length];
		next?.focus();
		void choose((next?.dataset["c"] ?? "now") as Choice);
	}
	const root = app.frame.el.getRootNode() as ShadowRoot;
	draw("now");
	const q = encodeURIComponent(x.d.site?.key ?? o.site);
	const none = h("p.hint", { hidden: true }, t.t("no_address"));
	fill(panel.body, [
		h("div.sws", {}, h("label", {}, h("span", {}, t.t("this_thread"), h("small", {}, t.t("this_thread_more"))), thread)),
		h("div.field", {}, h("b", {}, t.t("by_mail")), mail, h("p.hint", {}, t.t("by_mail_more")), none),
		// Not on iPhones, nor in an app's own browser: there is nothing that takes messages.
		"PushManager" in globalThis && h(
			"div.field",
			{},
			h("b", {}, t.t("push_head")),
			h("p.hint", {}, t.t("push_more", { site: x.d.site?.name ?? "" })),
			h("p", {}, h("button.btn.sm", { type: "button", onclick: () => openPush(app) }, t.t("push_open"))),
		),
		x.d.thread && h("p.hint", {}, h("a", { href: `${base}/feeds/${q}.atom?${new URLSearchParams({ thread: x.d.thread.key })}`, target: "_blank", rel: "noopener" }, t.t("feed_link"))),
		wrong,
	]);
	thread.focus();
	try {
		const got = await api.call<{ replies: Choice; address: boolean }>("GET", at);
		draw(got.replies);
		none.hidden = got.address;
	} catch {
		fail(true);
	}
}

/** openPush opens our own small page, which explains and then asks: a page of another origin may not. */
function openPush(app: App): void {
	open(`${app.base}/push?${new URLSearchParams({ site: app.o.site, lang: app.x.words.lang })}`, "parley-push", "popup,width=460,height=620");
}
