import type { Acting } from "../acting.ts";
import type { App } from "../app.ts";
import { mark } from "../state/doing.ts";
import { wordsOf } from "./words.ts";

/** allOf draws every comment of one author anew. */
function allOf(app: App, author: string): void {
	for (const c of app.x.d.known.values()) if (c.author?.id === author) app.list.update(c.id);
}

/** mute folds what somebody writes for this reader, or no longer. */
export async function mute(app: App, acting: Acting, id: string, author: string, name: string, yes: boolean): Promise<void> {
	const t = await wordsOf(app);
	const { d } = app.x;
	if (!(await acting.signedIn({ act: "mute", id }, () => acting.button(id, "menu")))) return;
	const set = (on: boolean) => {
		mark(d, "mutes", author, on);
		allOf(app, author);
	};
	set(yes);
	acting.button(id, "menu")?.focus({ preventScroll: true }); // what had it is folded
	try {
		await app.api.mute(author, yes);
		acting.toast.show("mute", t.t(yes ? "muted" : "unmuted", { name }), {
			label: t.t("undo"),
			act: () => void mute(app, acting, id, author, name, !yes),
		});
	} catch (e) {
		set(!yes);
		acting.showError(e, () => void mute(app, acting, id, author, name, yes));
	}
}
