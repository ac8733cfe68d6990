import type { Acting } from "../acting.ts";
import { problem } from "../api/reader.ts";
import type { App } from "../app.ts";
import { follow as following, mark } from "../state/doing.ts";
import { wordsOf } from "./words.ts";

/** followThread asks to hear of the thread, or no longer; who signs in for it wants it. */
export async function followThread(app: App, acting: Acting, want?: boolean): Promise<void> {
	const { x, api, o, frame } = app;
	const was = x.d.user;
	const wants = want ?? !x.d.following;
	if (!(await acting.signedIn({ act: "follow" }, () => frame.follow))) return;
	const yes = was ? wants : true;
	const set = (on: boolean) => {
		following(x.d, on);
		app.update();
	};
	if (!was && x.d.following) return; // already, as it turns out
	set(yes);
	try {
		await api.follow(o.thread, "", yes, { url: o.url, title: o.title });
		acting.toast.show("bell", x.words.t(yes ? "followed" : "unfollowed"), yes && { label: x.words.t("how"), act: () => acting.followMenu() });
	} catch (e) {
		set(!yes);
		if (problem(e)?.status === 401) acting.forget();
		acting.showError(e, () => acting.follow());
	}
}

/** followReplies asks to hear of answers to one comment, or no longer. */
export async function followReplies(app: App, acting: Acting, id: string, yes: boolean): Promise<void> {
	const t = await wordsOf(app);
	if (!(await acting.signedIn({ act: "replies", id }, () => acting.button(id, "menu")))) return;
	try {
		await app.api.follow(app.o.thread, id, yes, { url: app.o.url, title: app.o.title });
		mark(app.x.d, "follows", id, yes);
		acting.toast.show("bell", t.t(yes ? "replies_on" : "replies_off"));
	} catch (e) {
		acting.showError(e, () => void followReplies(app, acting, id, yes));
	}
}
