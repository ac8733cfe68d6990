import type { Comment } from "../shared/api/shapes.ts";
import type { Line } from "./view/context.ts";
import { avatar, time, tomb } from "./view/reply-line.ts";
import { fill, h } from "../shared/dom/h.ts";
import { nodes } from "../shared/dom/html.ts";

/** show opens a parent in the box under its reply's line. */
export function show(line: Line, c: Comment): void {
	const { words } = line.x;
	line.shown = c;
	line.inner = line.another(c);
	const head = c.author
		? [avatar(c.author.avatar_url, 24), h("b", {}, h("bdi", {}, c.author.name)), time(line.x, c)]
		: [h("span", {}, words.t(tomb(c)))];
	fill(line.box, [
		h("div.ph", {}, ...head, h("button.lk", { type: "button", onclick: () => void line.x.acts.goTo(c.id) }, words.t("go_to"))),
		line.inner?.el,
		c.author && h("div.c-b", { dir: "auto" }, nodes(c.html)),
	]);
	line.box.hidden = false;
}

/** showError says why there is nothing to show. */
export function showError(line: Line, why: string): void {
	fill(line.box, [h("p.muted", { role: "status" }, why)]);
	line.box.hidden = false;
}

/** follow takes an edit or a removal of the comment that stands open somewhere. */
export function follow(line: Line | null, c: Comment): void {
	if (!line) return;
	if (line.shown?.id === c.id) show(line, c);
	else follow(line.inner, c);
}

/** hide shuts the box under a reply's line. */
export function hide(line: Line): void {
	line.box.hidden = true;
	line.shown = line.inner = null;
	fill(line.box, []);
}
