import { fill, h } from "../view/h.ts";
import { clock, type Desk, t } from "./desk.ts";
import { icon } from "./icons.ts";
import type { Controls, Refused, Settings } from "./setting.ts";

/** snippet is what goes into the article template. */
export function snippet(desk: Desk, s: Settings): HTMLElement {
	const text = `<script async src="${desk.meta.base}/embed.js"></script>\n<parley-comments site="${s.key}"></parley-comments>`;
	const copy = h(
		"button.btn.sm",
		{
			type: "button",
			onclick: async () => {
				try {
					await navigator.clipboard.writeText(text);
					copy.lastChild?.replaceWith(t("copied"));
				} catch {
					getSelection()?.selectAllChildren(pre);
				}
			},
		},
		icon("copy"),
		t("copy"),
	);
	const pre = h("pre.snip", { tabindex: "0" }, text);
	return h("div.snipw", {}, pre, copy);
}

/** origins are the addresses that may show the comments; the last one stays. */
export function origins(c: Controls, s: Settings): HTMLElement {
	const wrap = h("div.field", {});
	const say = h("p.err", { role: "alert" });
	const box = h("input.inp", { type: "url", placeholder: "https://", "aria-label": t("origin_new") });
	const put = async (list: string[]) => {
		const r = await c.patch({ origins: list });
		if (r.body) paint(r.body.origins, r.body.refused_origins);
		else say.textContent = r.detail;
		return r.body !== null;
	};
	const add = async () => {
		if (box.value.trim() && (await put([...(c.now()?.origins ?? s.origins), box.value.trim()]))) box.value = "";
	};
	box.addEventListener("keydown", (e) => {
		if (e.key === "Enter") void add();
	});
	const rows = h("div.rows", {});
	const refused = h("div.rows", {});
	const paint = (list: string[], asked: Refused[]) => {
		say.textContent = "";
		fill(
			refused,
			asked.map((x) =>
				h(
					"div",
					{},
					icon("alert"),
					h(
						"span.grow",
						{},
						t("origin_refused", { origin: x.origin, n: x.count, first: clock(x.first_at) }),
					),
					h(
						"button.btn.sm",
						{
							type: "button",
							"aria-label": t("origin_add", { origin: x.origin }),
							onclick: () => void put([...(c.now()?.origins ?? s.origins), x.origin]).then((ok) => ok && box.focus()),
						},
						t("add"),
					),
				),
			),
		);
		fill(
			rows,
			list.map((o, i) =>
				h(
					"div",
					{},
					icon("globe"),
					h("code.grow", {}, o),
					list.length > 1
						? h(
								"button.ib",
								{
									type: "button",
									"aria-label": t("origin_remove", { origin: o }),
									onclick: () => void put(list.filter((x) => x !== o)).then((gone) => gone && next(i)),
								},
								icon("x"),
							)
						: null,
				),
			),
		);
	};
	/** next goes on where the origin at i stood. */
	const next = (i: number) => {
		const left = [...rows.querySelectorAll("button")];
		(left[Math.min(i, left.length - 1)] ?? box).focus();
	};
	paint(s.origins, s.refused_origins);
	fill(wrap, [
		h("span.lbl", {}, t("origins")),
		rows,
		refused,
		h("div.fx", {}, h("span.grow", {}, box), h("button.btn", { type: "button", onclick: () => void add() }, t("add"))),
		say,
	]);
	return wrap;
}
