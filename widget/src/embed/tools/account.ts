import type { SignInMethod } from "../../shared/api/shapes.ts";
import type { App } from "../app.ts";
import { type Item, openMenu } from "../view/menu.ts";
import { methodIcon, methodName } from "../view/sign-in-methods.ts";
import { wordsOf } from "./words.ts";

/** account is the menu of who is signed in. */
export async function account(app: App, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	openMenu(app.frame.el, button, [
		{ icon: "user", label: t.t("account"), act: () => void open(`${app.base}/account`, "_blank", "noopener") },
		{ icon: "out", label: t.t("sign_out"), act: () => void app.acting?.signOut() },
	]);
}

/** others is the menu of the ways in that have no tab. */
export async function others(
	app: App,
	button: HTMLElement,
	ways: SignInMethod[],
	choose: (w: SignInMethod) => void,
): Promise<void> {
	await wordsOf(app);
	openMenu(
		app.frame.el,
		button,
		ways.flatMap((w, i): Item[] => [
			...(i > 0 && w.kind !== "provider" && ways[i - 1]?.kind === "provider" ? (["-"] as const) : []),
			{ node: methodIcon(w), label: methodName(app.x, w), act: () => choose(w) },
		]),
	);
}
