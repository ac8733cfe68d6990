import type { Answers } from "../../shared/api/generated.d.ts";
import { fill, h } from "../../shared/dom/h.ts";
import { call, type Desk, t } from "./desk.ts";
import { icon } from "./icons.ts";

type Alert = Answers["GET /api/v1/sites/{site}/settings/alerts"]["alerts"][number];

const AGAIN_MS = 5 * 60_000;
const worst = new Set(["read_only", "disk", "mail_failing"]);

/** alerts are the lines above every screen that say what needs whoever runs the site, or the server. */
export function alerts(desk: Desk): { el: HTMLElement; ask: () => Promise<void> } {
	const el = h("div.alerts", { role: "status" });
	let open = "";
	const line = (a: Alert) =>
		h(
			`div.note.apart.${worst.has(a.code) ? "bad" : "warn"}`,
			{},
			icon("alert"),
			h("span.grow", {}, h("b", {}, a.sentence), " ", a.do),
			a.section
				? h(
						"button.btn.sm",
						{
							type: "button",
							onclick: () => desk.go(a.section === "server" ? { screen: "server" } : { screen: "settings", part: a.section }),
						},
						t("alert_open"),
					)
				: null,
		);
	const ask = async () => {
		if (!desk.may("settings")) return void fill(el, []);
		const of = desk.site;
		const r = await call<{ alerts: Alert[] }>("GET", desk.api("/settings/alerts"));
		if (of !== desk.site || !r.body) return;
		const said = JSON.stringify(r.body.alerts);
		if (said === open) return; // what stands there is not read aloud again
		open = said;
		fill(el, r.body.alerts.map(line));
	};
	setInterval(() => document.visibilityState === "visible" && void ask(), AGAIN_MS);
	return { el, ask };
}
