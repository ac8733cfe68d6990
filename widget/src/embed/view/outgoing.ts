import type { Sent } from "../state/queue.ts";
import type { Context, Key } from "./context.ts";
import { fill, h, icon } from "../../shared/dom/h.ts";
import { avatar } from "./reply-line.ts";

export interface OutgoingActs {
	retry(): void;
	edit(): void;
	discard(): void;
}

/** Outgoing shows a comment on its way: at once, and honest about where it is. */
export class Outgoing {
	readonly el: HTMLLIElement;
	state: "sending" | "queued" | "failed" = "sending";
	private readonly when = h("span.c-t");
	private readonly meta = h("div.c-m");

	constructor(
		private readonly x: Context,
		readonly sent: Sent,
		private readonly acts: OutgoingActs,
	) {
		const { d } = x;
		const name = d.user?.name ?? sent.guest;
		const text = h(
			"div.c-b",
			{ dir: "auto" },
			...sent.body.split("\n").flatMap((line, i) => (i === 0 ? [line] : [h("br"), line])),
		);
		this.el = h(
			"li.out",
			{},
			h(
				"article.c.wait",
				{ tabindex: "-1", "aria-label": name },
				h(
					"div.c-av",
					{},
					d.user ? avatar(d.user.avatar_url, 36) : h("span.gone", {}, icon("mark")),
				),
				h(
					"div.c-main",
					{},
					h("div.c-h", {}, h("b.c-n", {}, h("bdi", {}, name)), h("span.bdg", {}, x.words.t("you")), this.when),
					text,
					this.meta,
				),
			),
		);
		this.sending();
	}

	private button(key: Key, act: (e: Event) => void): HTMLElement {
		return h("button", { type: "button", onclick: act }, this.x.words.t(key));
	}

	sending(): void {
		this.state = "sending";
		this.when.textContent = "";
		fill(this.meta, [h("span", {}, this.x.words.t("sending"))]);
	}

	/** queued says that it goes when the connection is back. */
	queued(): void {
		const { words } = this.x;
		this.state = "queued";
		this.when.textContent = words.t("not_sent_yet");
		fill(this.meta, [
			h("span.bdg", {}, icon("clock"), words.t("queued")),
			this.button("edit", () => this.acts.edit()),
			this.button("discard", () => this.acts.discard()),
		]);
	}

	/** failed keeps the text in sight with the ways out. */
	failed(why: string): void {
		const { words } = this.x;
		this.state = "failed";
		this.when.textContent = words.t("not_sent");
		fill(this.meta, [
			h("span.bad", { role: "alert" }, icon("alert", "s"), " ", words.t("not_posted"), " ", why),
			this.button("try_again", () => this.acts.retry()),
			this.button("copy_text", (e) => void this.copy(e.currentTarget as HTMLElement)),
			this.button("edit", () => this.acts.edit()),
			this.button("discard", () => this.acts.discard()),
		]);
	}

	private async copy(button: HTMLElement): Promise<void> {
		try {
			await navigator.clipboard.writeText(this.sent.body);
			button.textContent = this.x.words.t("copied");
		} catch {
			// the text stands right above
		}
	}
}
