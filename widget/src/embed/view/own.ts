import type { Comment } from "../../shared/api/shapes.ts";
import type { Context, Shown } from "./context.ts";
import { fill, h, icon } from "../../shared/dom/h.ts";

/** editLeft is for how many seconds the reader may still change a comment of his; 0: not at all. */
export function editLeft(x: Context, c: Comment): number {
	const window = x.d.site?.edit_window_seconds ?? 0;
	if (!x.d.mine.has(c.id) || x.d.user === null || c.author === null) return 0;
	return window < 0 ? Number.POSITIVE_INFINITY : Math.max(0, window - (x.now().getTime() - Date.parse(c.created_at)) / 1000);
}

/** own draws what the author alone sees of a comment that waits. */
export function own(x: Context, view: Shown, c: Comment): void {
	if (c.status !== "pending" && !view.made.has("div.c-m")) return;
	const { words } = x;
	const mine = x.d.mine.has(c.id);
	const editable = editLeft(x, c) > 0;
	const button = (name: "edit" | "withdraw") => h("button", { type: "button", "data-act": name }, words.t(name));
	view.when("meta", [words.lang, c.status, editable, mine], () =>
		fill(
			view.part("div.c-m", view.main, view.bar),
			c.status === "pending"
				? [
						h("span.bdg.warn", {}, icon("clock"), words.t("awaiting")),
						h("span", {}, words.t(c.held ? (`held_${c.held}` as "held_night") : "only_you")),
						editable && button("edit"),
						mine && button("withdraw"),
					]
				: [],
		),
	);
}
