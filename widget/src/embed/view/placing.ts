import { remove } from "../state/discussion.ts";
import type { Place } from "../state/following.ts";
import type { ListView } from "./list.ts";
import type { Outgoing } from "./outgoing.ts";

// What happens to a list after it has been drawn.

/** placeAll shows comments where state put them. */
export function placeAll(list: ListView, places: Place[]): void {
	for (const p of places) {
		const parent = p.in === "replies" ? p.parent : "";
		list.sync(parent);
		list.get(p.id)?.article.classList.add("arrive");
		list.update(parent);
	}
}

/** hold shows a comment that is on its way. */
export function hold(list: ListView, o: Outgoing, atEnd: boolean): void {
	const parent = o.sent.parent && !list.x.flat ? list.get(o.sent.parent) : undefined;
	if (parent) parent.kids.append(o.el);
	else if (atEnd) list.el.append(o.el);
	else list.el.prepend(o.el);
}

/** drop takes a comment away. Focus that was in it goes to its neighbour. */
export function drop(list: ListView, id: string): void {
	const v = list.get(id);
	if (!v) return;
	const root = v.el.getRootNode() as ShadowRoot;
	const held = root.activeElement !== null && v.el.contains(root.activeElement);
	const next = (
		v.el.nextElementSibling ??
		v.el.previousElementSibling ??
		v.el.parentElement?.closest("li")
	)?.querySelector<HTMLElement>("article");
	const parent = list.x.d.known.get(id)?.parent_id;
	remove(list.x.d, id);
	v.el.remove();
	list.views.delete(id);
	if (parent) list.update(parent);
	if (held) next?.focus();
}
