import type { Context } from "./context.ts";
import type { Frame } from "./frame.ts";
import { h, icon, paths } from "../../shared/dom/h.ts";

paths["off"] =
	"m2.25 2.25 11.5 11.5M1.75 6.3A9.4 9.4 0 0 1 5 4.25M8 3.5c2.5 0 4.7 1 6.25 2.8M4.1 9a6 6 0 0 1 2.8-1.65M10 7.75c.7.3 1.35.73 1.9 1.25M8 12.1h.1";

/** How says how the connection stands. */
export interface How {
	down: boolean; // the live connection, for so long that the reader should know
	queued: number; // comments that wait for it
	acting: unknown; // the part that writing takes, if it is there
}

/** showConnection says in the banner that something is amiss, and what can be done; again tries once more to bring what a press has asked for. */
export function showConnection(x: Context, frame: Frame, { down, queued, acting }: How, again: (() => void) | null, retry: () => void): void {
	const { words } = x;
	const { banner } = frame;
	const off = !navigator.onLine;
	const button = (label: string, act: () => void) => h("button.btn.sm", { type: "button", onclick: act }, label);
	banner.hidden = !off && !down && !again;
	banner.className = `ban ${off ? "off" : again ? "lost" : ""}`;
	frame.put(banner, [off, down, queued, !again, !acting], () =>
		again && !off
			? [icon("refresh"), h("span", {}, words.t("failed")), button(words.t("try_again"), again)]
			: [
					icon(off ? "off" : "refresh"),
					h(
						"span",
						{},
						h("b", {}, words.t(off ? "offline_head" : "reconnecting_head")),
						" ",
						off ? !!acting && words.t("offline") : words.t("reconnecting"),
						off && queued > 0 && ` ${words.t("offline_queue", { n: queued })}`,
					),
					!off && button(words.t("retry_now"), retry),
				],
	);
}
