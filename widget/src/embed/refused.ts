import type { Ban } from "../shared/api/shapes.ts";
import { problem } from "./api/reader.ts";
import type { App } from "./app.ts";
import { agree, bar, lack, warn } from "./state/doing.ts";
import type { Composer } from "./view/composer.ts";

const NAME = "guest.name "; // what is said of a guest's name begins so

/** refused shows in a box why the server said no; guest is the name that it was written under, "" who is signed in. */
export function refused(app: App, box: Composer, e: unknown, guest: string): void {
	const { words } = app.x;
	const p = problem(e);
	const retry = Number(p?.headers?.get("retry-after")); // seconds
	if (!p || p.status === 0) box.say(words.t("no_answer"));
	else if (p.status === 429 && retry > 0) box.wait(retry);
	else if (p.code === "warned" && p.body.warnings) {
		warn(app.x.d, p.body.warnings);
		box.refused = true;
		app.acting?.posting.update();
	} else if (p.code === "banned") {
		box.tell(p.detail, true);
		const { reason = "", until = null } = p.body as Partial<Ban>;
		bar(app.x.d, { reason, until });
		app.acting?.posting.update();
	} else if (p.code === "standards") {
		agree(app.x.d, `${app.base}/p/${encodeURIComponent(app.o.site)}/standards`);
		box.refused = true;
		app.acting?.posting.update();
	} else if (p.code === "tier") {
		lack(app.x.d);
		app.acting?.posting.update();
	} else if (p.code === "parent_removed") box.tell(words.t("parent_gone"), true);
	else if (p.code === "thread_closed") box.tell(words.t("closed_now"), true);
	else if (p.detail?.startsWith(NAME)) box.misnamed(words.t("this_name", { why: p.detail.slice(NAME.length) }));
	else box.say(p.status === 401 ? words.t(guest ? "no_guests" : "sign_in_again") : p.detail || words.t("failed"));
}
