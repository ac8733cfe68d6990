import { SAVE_AFTER_MS } from "../state/draft.ts";
import type { Context } from "./context.ts";
import { fill, h } from "./h.ts";

const MIN_LENGTH = 2; // code points, as the server counts
const WARN_AT = 100; // left

/** What a composer hands over. */
export interface Written {
	body: string;
	guest: string; // the name of a guest; "" when signed in
}

export interface ComposerOptions {
	name: string; // of its draft: "root", the id of the comment answered, or "" for none
	kind: "root" | "reply" | "edit";
	to: string; // the name of who is answered
	text: string; // to begin with
	send(w: Written): void;
	cancel(): void;
	signIn(): void;
	signOut(): void;
}

/**
 * Composer is the text box. It takes text before its writer has signed in, and
 * never loses any: the draft stays until the server has said 201.
 */
export class Composer {
	readonly el: HTMLElement;
	readonly area: HTMLTextAreaElement;
	private readonly who = h("div.cp-who");
	private readonly foot = h("div.cp-f");
	private readonly note = h("p.hint");
	private readonly guestName: HTMLInputElement;
	private readonly problem = h("p.err", { role: "alert", hidden: true });
	private readonly counter = h("span.cnt");
	private readonly draftNote = h("span.muted", { "aria-live": "polite" });
	private way: "site" | "guest" = "site";
	private timer = 0;
	private waiting = false;

	constructor(
		private readonly x: Context,
		private readonly o: ComposerOptions,
	) {
		const { words } = x;
		const label = o.kind === "reply" ? words.t("reply_placeholder", { name: o.to }) : words.t("placeholder");
		this.area = h("textarea", {
			rows: o.kind === "root" ? 3 : 2,
			placeholder: label,
			"aria-label": label,
			dir: "auto",
			oninput: () => this.changed(),
			onkeydown: (e: KeyboardEvent) => this.key(e),
		});
		this.area.value = o.text || (o.name ? x.drafts.get(o.name) : "");
		this.guestName = h("input.inp", {
			type: "text",
			maxlength: 40,
			autocomplete: "nickname",
			placeholder: words.t("your_name"),
			"aria-label": words.t("your_name"),
		});
		this.el = h(
			`form.cp.${o.kind}`,
			{ part: "composer", onsubmit: (e: Event) => this.submit(e) },
			this.who,
			this.area,
			this.problem,
			this.foot,
		);
		this.update();
	}

	/** update follows the session and the site. */
	update(): void {
		const { d, words } = this.x;
		const site = d.site?.name ?? "";
		if (this.o.kind === "edit") {
			fill(this.who, []);
		} else if (d.user) {
			fill(this.who, [
				h("img.av", { src: d.user.avatar_url, alt: "", width: 28, height: 28 }),
				h("span.grow", {}, words.t("as", { name: "" }).trim(), " ", h("b", {}, h("bdi", {}, d.user.name))),
				h("button.lk", { type: "button", onclick: () => this.o.signOut() }, words.t("sign_out")),
			]);
		} else {
			fill(this.who, this.tabs(site));
		}
		this.who.classList.toggle("tabbed", !d.user);
		this.count();
	}

	private tabs(site: string): Node[] {
		const { words, d } = this.x;
		if (!d.site?.guests) this.way = "site";
		const tab = (way: "site" | "guest", label: string) =>
			h(
				"button",
				{
					type: "button",
					role: "tab",
					"aria-selected": String(this.way === way),
					tabindex: this.way === way ? 0 : -1,
					onclick: () => this.choose(way),
				},
				label,
			);
		const list = h(
			"div.tabs",
			{ role: "tablist", "aria-label": words.t("via_short"), onkeydown: (e: KeyboardEvent) => this.tabKey(e) },
			tab("site", words.t("via", { name: site })),
		);
		if (d.site?.guests) list.append(tab("guest", words.t("as_guest")));
		return [list];
	}

	private choose(way: "site" | "guest"): void {
		this.way = way;
		this.update();
		this.who.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
	}

	private tabKey(e: KeyboardEvent): void {
		if ((e.key === "ArrowRight" || e.key === "ArrowLeft") && this.x.d.site?.guests) {
			e.preventDefault();
			this.choose(this.way === "site" ? "guest" : "site");
		}
	}

	private get signedOut(): boolean {
		return this.x.d.user === null && this.o.kind !== "edit";
	}

	private drawFoot(): void {
		const { words, d } = this.x;
		const site = d.site?.name ?? "";
		const bySite = this.signedOut && this.way === "site";
		const over = this.over();
		const cancel =
			this.o.kind !== "root" && h("button.btn.ghost", { type: "button", onclick: () => this.o.cancel() }, words.t("cancel"));
		const label =
			this.o.kind === "edit"
				? words.t("save")
				: bySite
					? words.t("continue", { name: site })
					: this.signedOut
						? words.t("post_guest")
						: this.o.kind === "reply"
							? words.t("reply")
							: words.t("post");
		const button = h("button.btn.pri", { type: "submit", part: "button", "aria-disabled": over > 0 ? "true" : null }, label);
		fill(this.note, [
			this.waiting
				? words.t("waiting_window")
				: bySite
					? words.t("site_note", { name: site })
					: this.signedOut
						? words.t("guest_note")
						: this.o.kind === "root"
							? words.t("foot")
							: "",
		]);
		fill(this.foot, [
			this.signedOut && this.way === "guest" && this.guestName,
			this.note,
			this.draftNote,
			this.counter,
			cancel,
			button,
		]);
	}

	private length(): number {
		return [...this.area.value.normalize("NFC").trim()].length;
	}

	private over(): number {
		return this.length() - (this.x.d.site?.max_length ?? Number.POSITIVE_INFINITY);
	}

	private drawn = "";

	private count(): void {
		const max = this.x.d.site?.max_length ?? 0;
		const over = this.over();
		this.counter.textContent =
			this.length() === 0 || !max
				? ""
				: over > 0
					? this.x.words.t("over", { n: over })
					: this.x.words.t("count", { n: this.length(), max });
		this.counter.classList.toggle("bad", over > 0);
		this.counter.setAttribute("aria-live", over > -WARN_AT ? "polite" : "off");
		const facts = [over > 0, this.way, this.x.d.user?.id, this.waiting, this.x.d.site?.name].join();
		if (facts !== this.drawn) {
			this.drawn = facts;
			this.drawFoot();
		}
		this.grow();
	}

	/** grow lets the box follow its text to half the window, then it scrolls. */
	private grow(): void {
		if (!this.area.isConnected || this.area.value === "") return;
		this.area.style.blockSize = "auto";
		this.area.style.blockSize = `${Math.min(this.area.scrollHeight + 2, innerHeight / 2)}px`;
	}

	private changed(): void {
		this.say("");
		this.count();
		clearTimeout(this.timer);
		this.draftNote.textContent = "";
		if (!this.o.name) return;
		this.timer = setTimeout(() => {
			if (this.x.drafts.set(this.o.name, this.area.value)) this.draftNote.textContent = this.x.words.t("draft");
		}, SAVE_AFTER_MS);
	}

	/** keep saves the draft at once: the page may be about to go. */
	keep(): void {
		clearTimeout(this.timer);
		if (this.o.name) this.x.drafts.set(this.o.name, this.area.value);
	}

	private key(e: KeyboardEvent): void {
		if (e.key === "Enter" && (e.metaKey || e.ctrlKey)) {
			e.preventDefault();
			this.el.querySelector<HTMLButtonElement>('[type="submit"]')?.click();
		} else if (e.key === "Escape" && this.o.kind !== "root") {
			e.stopPropagation();
			this.keep();
			this.o.cancel();
		}
	}

	private submit(e: Event): void {
		e.preventDefault();
		const { words } = this.x;
		this.keep();
		if (this.signedOut && this.way === "site") {
			this.o.signIn();
			return;
		}
		const over = this.over();
		const guest = this.signedOut ? this.guestName.value.trim() : "";
		if (over > 0) this.say(words.t("over_why", { n: over }));
		else if (this.length() < MIN_LENGTH) this.say(words.t("short_why"), this.area);
		else if (this.signedOut && [...guest].length < MIN_LENGTH) this.say(words.t("name_why"), this.guestName);
		else this.o.send({ body: this.area.value, guest });
	}

	/** say shows why the text was not taken; the text stays. */
	say(why: string, at?: HTMLElement): void {
		this.problem.textContent = why;
		this.problem.hidden = why === "";
		at?.focus();
	}

	/** waitForWindow says that signing in goes on elsewhere. */
	waitForWindow(yes: boolean): void {
		this.waiting = yes;
		this.count();
	}

	/** clear empties the box on the page; the draft stays until the server has it. */
	clear(): void {
		clearTimeout(this.timer);
		this.area.value = "";
		this.area.style.blockSize = "";
		this.draftNote.textContent = "";
		this.say("");
		this.count();
	}

	/** put gives a text back that was not taken. */
	put(text: string): void {
		if (this.area.value.trim() === "") this.area.value = text;
		else if (this.area.value !== text) this.area.value = `${text}\n\n${this.area.value}`;
		this.keep();
		this.count();
	}

	focus(): void {
		this.area.focus();
		this.grow();
	}
}
