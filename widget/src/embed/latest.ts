import en from "../../../static/i18n/en/read.json";
import type { Comment } from "../shared/api/shapes.ts";
import { Words } from "../shared/i18n/catalogue.ts";
import css from "./style/latest.css";
import { fill, h } from "../shared/dom/h.ts";
import { nodes } from "../shared/dom/html.ts";

const MAX = 20;
const EXCERPT = 140; // characters

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** latest fills <parley-latest>: who wrote, when, and how it begins. */
export async function latest(host: HTMLElement, base: string): Promise<void> {
	const words = new Words(en, host.getAttribute("lang") ?? "");
	const limit = Math.min(Math.max(Number.parseInt(host.getAttribute("limit") ?? "", 10) || 5, 1), MAX);
	let comments: Comment[];
	try {
		const res = await fetch(`${base}/api/v1/sites/${encodeURIComponent(host.getAttribute("site") ?? "")}/latest?limit=${limit}`, {
			credentials: "omit",
		});
		if (!res.ok) return;
		({ comments } = (await res.json()) as { comments: Comment[] });
		await words.fetch(base, "read");
	} catch {
		return; // the page says what it said before
	}
	const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
	root.adoptedStyleSheets = [sheet];
	const one = (c: Comment) => {
		const text = (nodes(c.html).textContent ?? "").replace(/\s+/g, " ").trim();
		const at = new Date(c.created_at);
		return h(
			"li",
			{},
			h(
				"a",
				{ href: `${base}/c/${c.id}`, part: "link" },
				h("b", {}, h("bdi", {}, c.author?.name ?? "")),
				h("span.text", { dir: "auto" }, text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text),
			),
			h("time", { datetime: c.created_at, title: words.full(at) }, words.ago(at, new Date()) || words.t("now")),
		);
	};
	fill(root, [h("ol", { part: "list", lang: words.lang }, ...comments.map(one))]);
}
