import { fill, h, icon } from "../../shared/dom/h.ts";
import { nodes } from "../../shared/dom/html.ts";
import { problem } from "../api/reader.ts";
import type { App } from "../app.ts";
import { agree, warn } from "../state/doing.ts";
import type { Composer } from "../view/composer.ts";
import { wordsOf } from "./words.ts";

/** preview shows a text as the server renders it. */
export async function preview(app: App, text: string, into: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	if (text.trim() === "") return fill(into, [h("p.muted", {}, t.t("nothing"))]);
	fill(into, [h("p.muted", { role: "status" }, t.t("loading"))]);
	try {
		fill(into, [nodes(await app.api.preview(text))]);
		app.x.pics?.(into);
	} catch (e) {
		fill(into, [h("p.err", { role: "alert" }, problem(e)?.detail || t.t("failed"))]);
	}
}

/** tier says that it takes a subscription to write, and where that is got. */
async function tier(app: App, into: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const { d } = app.x;
	const to = d.site?.subscribe_url;
	const why = t.t(d.user ? "tier_why" : d.site?.write === "tiers" ? "tier_signed_out" : "members_only");
	fill(into, [h("p", { role: "status" }, why, " ", to && h("a", { href: to, target: "_blank", rel: "noopener" }, t.t("tier_go")))]);
}

/** agreement asks the writer to accept the standards, in his box: what is written there stays. */
async function agreement(app: App, box: Composer, into: HTMLElement, at: string): Promise<void> {
	const t = await wordsOf(app);
	const { d } = app.x;
	const id = `a-${box.o.name}`;
	const why = h("p.err", { role: "alert", hidden: true });
	const yes = h("button.btn.pri", { type: "button" }, t.t("agree_yes"));
	yes.addEventListener("click", async () => {
		try {
			await app.api.agree();
		} catch (e) {
			why.textContent = problem(e)?.detail || t.t("failed");
			why.hidden = false;
			return;
		}
		agree(d, "");
		app.acting?.posting.update();
		app.frame.say(t.t("agree_done"));
		box.focus();
	});
	const link = (href: string, text: string) => h("a", { href, target: "_blank", rel: "noopener" }, text);
	fill(into, [
		h(
			"section",
			{ "aria-labelledby": id },
			h("h3", { id }, icon("book", "s"), t.t("agree_head")),
			h("p.hint", {}, t.t("agree_hint"), " ", link(at, t.t("standards")), " · ", link(`${app.base}/p/${encodeURIComponent(app.o.site)}/privacy`, t.t("privacy_page"))),
			why,
			yes,
		),
	]);
	if (box.refused) yes.focus();
	box.refused = false;
}

/** warnings shows what a moderator asks of the writer, in his box: he goes on once he has said that he has read it. */
export async function warnings(app: App, box: Composer, into: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const { d } = app.x;
	if (d.warnings.length === 0 && (d.tierless || !d.user)) return tier(app, into);
	if (d.warnings.length === 0 && d.accept) return agreement(app, box, into, d.accept);
	const shown = [...d.warnings];
	const id = `w-${shown[0]?.id ?? ""}-${box.o.name}`;
	const why = h("p.err", { role: "alert", hidden: true });
	const yes = h("button.btn.pri", { type: "button" }, t.t("warned_yes"));
	const had = into.contains((into.getRootNode() as ShadowRoot).activeElement); // one more has come while they are read
	yes.addEventListener("click", async () => {
		try {
			for (const w of shown) await app.api.seen(w.id);
		} catch (e) {
			why.textContent = problem(e)?.detail || t.t("failed");
			why.hidden = false;
			return;
		}
		warn(
			d,
			d.warnings.filter((w) => !shown.some((s) => s.id === w.id)),
		);
		app.acting?.posting.update();
		app.frame.say(t.t("warned_done"));
		box.focus();
	});
	fill(into, [
		h(
			"section",
			{ "aria-labelledby": id },
			h("h3", { id }, icon("alert", "s"), t.t("warned_head", { site: d.site?.name ?? "" })),
			...shown.map((w) => h("p.c-b", { dir: "auto" }, w.text)),
			h("p.hint", {}, t.t("warned_hint")),
			why,
			yes,
		),
	]);
	app.frame.say(t.t("warned_head", { site: d.site?.name ?? "" }));
	if (box.refused || had) yes.focus();
	box.refused = false;
}
