import type { App } from "../app.ts";
import type { Composer, Written } from "../view/composer.ts";

/** save sends an edited text and closes its box; one that was opened anew meanwhile keeps what is typed there. */
export async function save(app: App, box: Composer, id: string, w: Written, open: () => Composer | undefined, close: () => void): Promise<void> {
	const c = await app.api.edit(id, w.body, w.mentions);
	const was = app.x.d.known.get(id);
	app.acting?.changed({ ...c, replies: was?.replies ?? [] });
	const now = open();
	if (now && now !== box) return;
	box.clear();
	app.acting?.toast.unsay(app.x.words.t("draft"));
	if (now) close();
	app.frame.say(app.x.words.t("saved"));
}
