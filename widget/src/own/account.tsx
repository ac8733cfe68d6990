import { render } from "preact";
import { Page } from "./account/page.tsx";
import { load, meta, type Note, note } from "./account/state.ts";
import { t } from "./account/words.ts";

/**
 * The account's own page: profile, ways to sign in, sessions, tokens, export
 * and erasure. A first-party document; a widget can do none of this.
 */
const main = document.getElementById("main") as HTMLElement;

const added: Record<string, Note> = {
	done: { text: t("it_is_added"), kind: "ok" },
	denied: { text: t("that_was_cancelled_nothing_has"), kind: "bad" },
	failed: { text: t("the_provider_didnt_answer_as"), kind: "bad" },
	taken: { text: t("that_identity_belongs_to_another"), kind: "bad" },
};

async function start(): Promise<void> {
	if (meta.signed) {
		note.value = added[meta.identity] ?? null;
		if (meta.identity) history.replaceState(null, "", location.pathname);
		await load();
	}
	main.replaceChildren();
	render(<Page signed={meta.signed} />, main);
	if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView(); // the page was empty when its address was looked at
}

void start();
