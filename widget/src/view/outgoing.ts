import type { Context } from "./context.ts";
import { fill, h, icon } from "./h.ts";

/** Sent is a comment on its way: shown at once, and honest about where it is. */
export interface Sent {
	key: string; // of idempotency: made once, so that a retry posts once
	body: string;
	parent: string | null;
	guest: string;
}

export class Outgoing {
	readonly el: HTMLLIElement;
	private readonly meta = h("div.c-m");

	constructor(
		private readonly x: Context,
		readonly sent: Sent,
		private readonly retry: () => void,
		private readonly discard: () => void,
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
				{ tabindex: "-1" },
				h(
					"div.c-av",
					{},
					d.user ? h("img.av", { src: d.user.avatar_url, alt: "", width: 36, height: 36 }) : h("span.ghost-av", {}, icon("mark")),
				),
				h(
					"div.c-main",
					{},
					h("div.c-h", {}, h("b.c-n", {}, h("bdi", {}, name)), h("span.bdg", {}, x.words.t("you"))),
					text,
					this.meta,
				),
			),
		);
		this.sending();
	}

	sending(): void {
		fill(this.meta, [h("span", {}, this.x.words.t("sending"))]);
	}

	/** failed keeps the text in sight with the ways out. */
	failed(why: string): void {
		const { words } = this.x;
		const button = (label: string, act: (e: Event) => void) => h("button", { type: "button", onclick: act }, label);
		fill(this.meta, [
			h("span.bad", { role: "alert" }, h("b", {}, words.t("not_posted")), " ", why),
			button(words.t("try_again"), () => this.retry()),
			button(words.t("copy_text"), (e) => void this.copy(e.currentTarget as HTMLElement)),
			button(words.t("discard"), () => this.discard()),
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
