import { problem } from "../api/client.ts";
import type { Acting } from "../acting.ts";
import type { App } from "../app.ts";
import { react as change, reactions } from "../state/following.ts";
import { icon } from "../../shared/dom/h.ts";
import { Words } from "../../shared/i18n/catalogue.ts";
import { openMenu } from "../view/menu.ts";
import { wordsOf } from "./words.ts";
import en from "../../../../static/i18n/en/reactions.json";

const sending = new Set<string>(); // what is on its way

/** draw shows a comment, or with "" the page, with its reactions. */
function draw(app: App, id: string): void {
	if (id) app.list.update(id);
	else app.update();
}

function button(app: App, acting: Acting, id: string, name: string): HTMLElement | null | undefined {
	const within = id ? app.list.get(id)?.article : app.frame.meta;
	return within?.querySelector<HTMLElement>(`[data-name="${name}"]`) ?? acting.button(id, "reactions");
}

/** react begins a reaction to a comment, or with "" to the page, or ends it. Who signs in for it wants it. */
export async function react(app: App, acting: Acting, id: string, name: string): Promise<void> {
	const { x, api, o } = app;
	const was = x.d.user;
	const key = `${id} ${name}`;
	if (x.d.mine.has(id) || sending.has(key)) return;
	if (!(await acting.signedIn({ act: "react", id, name }, () => button(app, acting, id, name)))) return;
	if (x.d.mine.has(id)) return; // nobody reacts to their own
	const had = x.d.reacted.get(id)?.has(name) ?? false;
	const on = was ? !had : true;
	if (on === had) return;
	sending.add(key);
	change(x.d, id, name, on);
	draw(app, id);
	try {
		const at = id ? `/api/v1/comments/${id}/reactions/${name}` : `/api/v1/sites/${encodeURIComponent(o.site)}/reactions/${name}?${new URLSearchParams({ thread: o.thread })}`;
		const got = await api.call<{ reactions: Record<string, number> }>("PUT", at, { on });
		reactions(x.d, id, got.reactions);
		app.emit("react", { id, name, on });
	} catch (e) {
		change(x.d, id, name, !on);
		if (problem(e)?.status === 401) acting.forget();
		acting.showError(e, () => void react(app, acting, id, name));
	} finally {
		sending.delete(key);
		draw(app, id);
	}
}

/** reactionMenu offers all of them, with their words. */
export async function reactionMenu(app: App, acting: Acting, id: string, at: HTMLElement): Promise<void> {
	const words = new Words<keyof typeof en>(en, app.x.words.lang);
	await Promise.all([words.fetch(app.base, "reactions"), wordsOf(app)]); // which dresses the menu
	const own = app.x.d.reacted.get(id);
	openMenu(
		app.frame.el,
		at,
		(app.x.d.site?.reactions ?? []).map((name) => ({
			node: icon(name),
			label: words.t(name as "agree"),
			checked: own?.has(name) ?? false,
			act: () => void react(app, acting, id, name),
		})),
		"rxm",
	);
}
