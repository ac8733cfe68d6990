import type { SignInMethod } from "../../shared/api/shapes.ts";
import { SAVE_AFTER_MS } from "../state/draft.ts";
import type { Context } from "./context.ts";
import { fill, h, icon, paths, set } from "../../shared/dom/h.ts";
import { here } from "../../shared/in-app.ts";
import { avatar } from "./reply-line.ts";
import { IME, type Kind, Resting, type Taker } from "./resting.ts";

const WARN_AT = 100; // left
const TWICE_MS = 1_000; // a second press within it is the same one

Object.assign(paths, { x: "m4 4 8 8M12 4l-8 8", check: "m3.25 8.5 3.1 3.1 6.4-6.85" });

/** What a composer hands over. */
export interface Written {
	body: string;
	mentions: { id: string; name: string }[]; // whom the writer has picked for names in it
	guest: string; // the name of a guest; "" when signed in
}

export interface ComposerOptions {
	name: string; // of its draft: "root", the id of the comment answered, or "edit-" and that of the one edited
	kind: Kind;
	rest?: Resting; // the box that stands there already
	to: string; // the name of who is answered
	text: string; // to begin with, where there is no draft
	send(w: Written): void;
	/** cancel closes the box; kept says that its text is kept. */
	cancel(kept: boolean): void;
	signIn(way: string): void;
	/** asks is there while it is not known yet who is here. */
	asks(): Promise<unknown> | null;
	/** stopSignIn no longer waits for the window. */
	stopSignIn(): void;
	/** outside says in el how to get out of an app's own browser. */
	outside(c: Composer, el: HTMLElement): void;
	/** account opens the menu of the signed-in reader. */
	account(button: HTMLElement): void;
	/** others opens the menu of the ways that have no tab. */
	others(button: HTMLElement, ways: SignInMethod[], choose: (w: SignInMethod) => void): void;
	/** tools brings the toolbar into el. */
	tools(c: Composer, el: HTMLElement): void;
	/** typing fetches what keys and the clipboard do; until it is there they do what they do anywhere. */
	typing(): Promise<typeof import("../typing.ts")>;
	preview(text: string, into: HTMLElement): void;
	standards(button: HTMLElement): void;
	/** warn brings the warnings that are to be acknowledged first into el. */
	warn(c: Composer, el: HTMLElement): void;
}

/** SignInWindow is how the sign-in window stands, as far as it is known. */
export type SignInWindow = "" | "open" | "closed" | "perhaps";

/** link is a button within a sentence. */
const link = (label: string, act: (e: Event) => void): HTMLElement => h("button.lnk", { type: "button", onclick: act }, label);

/**
 * Composer is the text box. It takes text before its writer has signed in, and
 * never loses any: the draft stays until the server has said 201.
 */
export class Composer implements Taker {
	readonly el: HTMLElement;
	readonly area: HTMLTextAreaElement;
	private readonly rest: Resting;
	private readonly head = h("div.cp-h");
	private readonly who: HTMLElement;
	private readonly view = h("div.pv.c-b", { hidden: true, dir: "auto" });
	private readonly toolbar = h("div.cp-tb");
	private readonly tools: HTMLElement;
	private typing: typeof import("../typing.ts") | null = null;
	/** people are those who were picked for names in the text. */
	readonly people: { id: string; name: string }[] = [];
	private readonly status: HTMLElement;
	private foot: HTMLElement;
	private readonly guestName: HTMLInputElement;
	private readonly notice = h("p.note.warn", { role: "status", hidden: true });
	private readonly warning = h("div.wrn", { hidden: true });
	private readonly waits = h("p.note", { hidden: true });
	private readonly problem = h("p.err", { role: "alert", hidden: true });
	private readonly counter = h("span.cnt");
	private readonly draftNote = h("span.sv", { "aria-live": "polite" });
	private timer = 0;
	private waiting: SignInWindow = "";
	private asking = false; // who writes, before it is submitted
	private sent = 0; // when a text was handed over
	private readonly out = h("div", { hidden: true }); // of an app's own browser
	private until = 0; // when it may be sent again, milliseconds
	private tick = 0;
	private barred = false;
	private due = ""; // the warnings that the box shows
	private hasTools = false;
	/** hold says what is to be done before the text can be sent; "" nothing. */
	hold: () => string = () => "";
	refused = false; // for a warning: what was sent has come back
	private drawn = "";

	constructor(
		private readonly x: Context,
		readonly o: ComposerOptions,
	) {
		this.rest = o.rest ?? new Resting(x, o.kind);
		this.rest.take(this);
		({ el: this.el, area: this.area, who: this.who, foot: this.foot, guestName: this.guestName, status: this.status } = this.rest);
		set(this.area, {
			oninput: () => this.changed(),
			onfocus: () => this.begin(),
			onkeydown: (e: KeyboardEvent) => this.key(e),
			onpaste: (e: ClipboardEvent) => this.paste(e),
		});
		this.status.append(this.draftNote, this.counter);
		this.tools = h("div.cp-t", {}, this.toolbar);
		// What is there stays where it is: the cursor may be in it.
		if (o.kind !== "root") this.el.prepend(this.head);
		this.area.before(this.out, this.warning, this.waits, this.notice);
		this.area.after(this.view, this.problem, this.tools);
		this.tools.hidden = true;
		if (o.rest) this.drawn = this.facts(false); // what it shows is not drawn anew: it may be pressed right now
		this.speak(!o.rest);
		// What was written in it meanwhile stays by itself: a draft of the same name is its own, or another tab's.
		if (!o.rest) this.load();
		else if (this.area.value !== this.rest.kept) {
			this.keep();
			this.changed();
		}
		if ((this.el.getRootNode() as Partial<ShadowRoot>).activeElement === this.area) this.begin();
	}

	/** begin brings what writing takes. */
	private begin(): void {
		this.bringTools();
		this.o.typing().then(
			(t) => (this.typing = t),
			() => {}, // the keys do what they do anywhere
		);
	}

	/** speak says what does not change but with the language. */
	speak(anew = true): void {
		const { o } = this;
		const { words } = this.x;
		if (anew) {
			this.rest.speak();
			this.drawn = "";
		}
		if (o.kind !== "root")
			set(this.area, {
				placeholder: words.t(o.kind === "reply" ? "reply_hint" : "placeholder"),
				"aria-label": o.kind === "reply" ? words.t("reply_placeholder", { name: o.to }) : words.t("editing"),
			});
		const [before = "", after = ""] = words.t("replying_to", { name: "\u0000" }).split("\u0000");
		fill(this.head, [
			o.kind === "edit" ? h("b", {}, words.t("editing")) : h("span", {}, before, h("b", {}, h("bdi", {}, o.to)), after),
			h("button.ib", { type: "button", "aria-label": words.t("cancel"), onclick: () => this.cancel() }, icon("x")),
		]);
		fill(this.draftNote, []);
		if (this.hasTools) this.o.tools(this, this.toolbar);
		this.update();
	}

	/** load begins with the draft that there is of this text, or with what it was. */
	load(): void {
		const { o } = this;
		clearTimeout(this.timer);
		const draft = this.x.drafts.get(o.name);
		this.rest.kept = draft;
		this.area.value = draft || o.text;
		this.area.style.blockSize = "";
		fill(this.draftNote, []);
		if (o.kind === "edit" && draft && draft !== o.text) {
			const fresh = () => {
				this.area.value = o.text;
				this.keep();
				this.tell("");
				this.focus();
			};
			this.tell(this.x.words.t("edit_draft"), false, { label: this.x.words.t("discard"), act: fresh });
		}
		this.count();
	}

	/** update follows the session and the site. */
	update(): void {
		const { d, words } = this.x;
		const signed = d.user !== null;
		const held = this.who.contains((this.el.getRootNode() as ShadowRoot).activeElement); // its place is drawn anew
		if (signed !== this.el.classList.contains("in")) {
			const foot = h("div.cp-f"); // another one, not the same at another place: nothing is seen to move
			this.foot.replaceWith(foot);
			this.foot = foot;
			this.drawn = "";
		}
		this.el.classList.toggle("in", signed);
		if (this.o.kind === "edit" || (signed && this.o.kind === "reply")) {
			fill(this.who, []);
		} else if (d.user) {
			const mode = (preview: boolean, label: string) =>
				h(
					"button",
					{
						type: "button",
						role: "tab",
						"aria-selected": String(preview !== this.view.hidden),
						onclick: () => this.preview(preview),
					},
					label,
				);
			fill(this.who, [
				h("span.cap", { "aria-hidden": "true" }, words.t("as", { name: "" }).trim()),
				h(
					"div.idrow",
					{},
					h(
						"button.who",
						{
							type: "button",
							"aria-haspopup": "menu",
							"aria-expanded": "false",
							"aria-label": words.t("as", { name: d.user.name }),
							onclick: (e: Event) => this.o.account(e.currentTarget as HTMLElement),
						},
						avatar(d.user.avatar_url, 26),
						h("b", {}, h("bdi", {}, d.user.name)),
						icon("cd", "s"),
					),
					h(
						"div.seg",
						{ role: "tablist", "aria-label": words.t("mode"), onkeydown: (e: KeyboardEvent) => this.modeKey(e) },
						mode(false, words.t("write")),
						mode(true, words.t("preview")),
					),
				),
			]);
		} else {
			this.rest.tabs();
		}
		if (held) this.who.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
		this.who.classList.toggle("tabbed", !signed);
		this.out.hidden = signed || this.o.kind === "edit" || !here();
		if (!this.out.hidden && !this.out.firstChild) this.o.outside(this, this.out);
		this.tools.hidden = !signed && this.o.kind !== "edit";
		if (signed && this.o.kind !== "root") this.bringTools();
		const due = this.o.kind === "edit" ? "" : [...d.warnings.map((w) => w.id), d.accept, d.tierless, !signed && d.site?.write].filter(Boolean).join();
		if (due !== this.due) {
			this.due = due;
			this.warning.hidden = !due;
			if (due) this.o.warn(this, this.warning);
		}
		this.showHeldReason();
		this.count();
	}

	/** showHeldReason says beside the box why what is written will wait; it may change by the hour. */
	showHeldReason(): void {
		const why = this.o.kind === "edit" ? "" : this.why();
		if (this.waits.textContent !== why) this.waits.textContent = why;
		this.waits.hidden = why === "";
	}

	/** why says why what is written here will wait for a moderator; "" where nothing makes it. */
	private why(): string {
		const { d, words } = this.x;
		const night = d.site?.night;
		const now = this.x.now().toISOString();
		const all =
			night?.mode === "all" ||
			(night?.mode === "guests" && this.signedOut && this.chosen?.kind === "guest") ||
			d.waits?.reason === "night";
		if (night && all && now >= night.from && now < night.until && !d.decides)
			return words.t("waits_night", { time: words.when(new Date(night.until), { timeStyle: "short" }) });
		if (d.waits?.reason !== "demoted") return "";
		const until = d.waits.until;
		return until
			? words.t("waits_demoted_until", { date: words.when(new Date(until), { day: "numeric", month: "long" }) })
			: words.t("waits_demoted");
	}

	/** warned tells whether the writer has to acknowledge something first. */
	private get warned(): boolean {
		const { d } = this.x;
		return (d.warnings.length > 0 || !!d.accept || !!d.tierless) && this.o.kind !== "edit";
	}

	private bringTools(): void {
		if (this.hasTools || this.tools.hidden) return;
		this.hasTools = true;
		this.o.tools(this, this.toolbar);
	}

	private get chosen(): SignInMethod | undefined {
		return this.rest.chosen;
	}

	choose(): void {
		this.update();
	}

	others(button: HTMLElement, far: SignInMethod[]): void {
		this.o.others(button, far, (w) => this.rest.choose(w));
	}

	private modeKey(e: KeyboardEvent): void {
		if (!/^Arrow(Left|Right)$/.test(e.key)) return;
		e.preventDefault();
		this.preview(!!this.view.hidden);
	}

	/** preview shows the text as the server will render it. */
	private preview(yes: boolean): void {
		this.view.hidden = !yes;
		this.area.hidden = yes;
		if (yes) this.o.preview(this.area.value, this.view);
		this.update();
	}

	private get signedOut(): boolean {
		return this.x.d.user === null && this.o.kind !== "edit";
	}

	private note(w: SignInMethod | undefined): (Node | string)[] {
		const { words } = this.x;
		if (this.waiting === "open") return [words.t("waiting_window")];
		if (this.waiting)
			return [
				words.t(this.waiting === "closed" ? "window_closed" : "window_perhaps"),
				" ",
				link(words.t("open_again"), () => this.o.signIn(w?.id ?? "")),
				" ",
				link(words.t("cancel"), () => this.o.stopSignIn()),
			];
		if (!this.signedOut || !w)
			return this.o.kind === "root"
				? [
						words.t("foot"),
						" ",
						link(words.t("standards"), (e) => this.o.standards(e.currentTarget as HTMLElement)),
					]
				: [];
		return [this.rest.note(w)];
	}

	private drawFoot(): void {
		const { words } = this.x;
		const w = this.chosen;
		const elsewhere = this.signedOut && w?.kind !== "guest";
		const off = this.over() > 0 || this.barred || this.warned || this.until > 0;
		const label =
			this.o.kind === "edit"
				? words.t("save")
				: elsewhere
					? this.ready
						? words.t("sign_in_post")
						: words.t("continue", { name: w?.label ?? "" })
					: this.signedOut
						? words.t("post_guest")
						: this.o.kind === "reply"
							? words.t("reply")
							: words.t("post");
		const button = this.rest.button(label, !elsewhere, off);
		const note = this.note(w);
		const had = (this.el.getRootNode() as ShadowRoot).activeElement;
		const submit = had instanceof HTMLButtonElement && had.type === "submit" && this.el.contains(had);
		fill(this.foot, [
			this.signedOut && w?.kind === "guest" && this.guestName,
			note.length > 0 && h("p", {}, ...note),
			this.tools.hidden && this.status,
			(w || !elsewhere) && button,
		]);
		if (!this.tools.hidden) this.tools.append(this.status);
		if (submit) button.focus(); // drawn anew: the focus stays where it was
	}

	/** ready tells whether there is enough to be posted. */
	get ready(): boolean {
		return this.length() > 0; // one sign may be enough (好, 👍): the server knows
	}

	private length(): number {
		return [...this.area.value.normalize("NFC").trim()].length;
	}

	private over(): number {
		return this.length() - (this.x.d.site?.max_length ?? Number.POSITIVE_INFINITY);
	}

	/** isEmpty tells whether nothing would be lost. */
	get isEmpty(): boolean {
		return this.area.value.trim() === "";
	}

	private count(): void {
		const max = this.x.d.site?.max_length ?? 0;
		const n = this.length();
		const over = n - max;
		fill(this.counter, []);
		if (max && (n > 0 || !this.tools.hidden)) {
			const ring = h("span.ring");
			ring.style.setProperty("--v", `${Math.min(100, (100 * n) / max)}%`);
			fill(this.counter, [over > 0 ? this.x.words.t("over", { n: over }) : this.x.words.t("count", { n, max }), ring]);
		}
		this.counter.classList.toggle("bad", over > 0);
		this.counter.setAttribute("aria-live", over > -WARN_AT ? "polite" : "off");
		const facts = this.facts(this.ready);
		if (facts !== this.drawn) {
			this.drawn = facts;
			this.drawFoot();
		}
		this.grow();
	}

	/** facts are what the foot depends on. */
	private facts(ready: boolean): string {
		return [
			this.over() > 0,
			this.signedOut && ready,
			this.chosen?.id,
			this.x.d.user?.id,
			this.waiting,
			this.barred,
			this.warned,
			this.until > 0,
			this.tools.hidden,
		].join();
	}

	/** grow lets the box follow its text to half the window, then it scrolls. */
	private grow(): void {
		if (!this.area.isConnected || this.area.value === "") return;
		this.area.style.blockSize = "auto";
		this.area.style.blockSize = `${Math.min(this.area.scrollHeight + 2, this.x.home.height() / 2)}px`;
	}

	/** changed is called after every key, and after a tool has changed the text. */
	changed(): void {
		if (!this.until) this.say("");
		this.count();
		clearTimeout(this.timer);
		fill(this.draftNote, []);
		this.timer = setTimeout(() => {
			if (this.keep()) fill(this.draftNote, [icon("check", "s"), this.x.words.t("draft")]);
		}, SAVE_AFTER_MS);
	}

	/** keep saves the draft at once, for the page may be about to go. It tells whether there is one that will outlive it. */
	keep(): boolean {
		clearTimeout(this.timer);
		const { value } = this.area;
		const text = value === this.o.text ? "" : value;
		if (!text && !this.rest.kept) return false; // nothing was: what is kept there now is another tab's
		this.rest.kept = text;
		return this.x.drafts.set(this.o.name, text);
	}

	private cancel(): void {
		this.o.cancel(this.keep());
	}

	private key(e: KeyboardEvent): void {
		if (e.isComposing || e.keyCode === IME) return;
		const { value, selectionStart: at } = this.area;
		const next = e.key === "Enter" && !e.metaKey && !e.ctrlKey && !e.shiftKey && at === this.area.selectionEnd ? this.typing?.continued(value, at) : null;
		if (next) {
			e.preventDefault();
			this.typing?.type(this.area, next.text, next.from, at);
			this.changed();
		} else if (e.key === "Escape" && this.o.kind !== "root") {
			e.stopPropagation();
			this.cancel();
		}
	}

	/** paste takes what can be taken: not more than fits, no pictures; an address over a selection makes it a link. */
	private paste(e: ClipboardEvent): void {
		const { words, d } = this.x;
		const { typing } = this;
		if (!typing) return;
		const got = typing.pasted(this.area.value, this.area.selectionStart, this.area.selectionEnd, e.clipboardData?.getData("text/plain") ?? "", d.site?.max_length ?? 0);
		if (got.text === "" && [...(e.clipboardData?.files ?? [])].length > 0) {
			e.preventDefault();
			this.say(words.t("paste_picture"));
		}
		if (!got.changed) return;
		e.preventDefault();
		typing.type(this.area, got.text);
		this.changed();
		if (got.cut) this.say(words.t("paste_cut"));
	}

	/** submit hands over what is written, or says why not. */
	submit(): void {
		const { words } = this.x;
		this.keep();
		const w = this.chosen;
		const asks = this.signedOut && this.o.asks();
		if (asks) return void this.submitAfter(asks);
		if (this.signedOut && w && w.kind !== "guest") {
			this.o.signIn(w.id);
			return;
		}
		if (this.isEmpty && Date.now() - this.sent < TWICE_MS) return; // a double click
		if (this.warned) this.warning.querySelector("button")?.focus();
		if (this.warned || this.barred || this.until > 0) return;
		const over = this.over();
		const guest = this.signedOut ? this.guestName.value.trim() : "";
		if (over > 0) this.say(words.t("over_why", { n: over }));
		else if (this.hold()) this.say(this.hold());
		else if (!this.ready) this.say(words.t("short_why"), this.area);
		else if (this.signedOut && guest === "") this.say(words.t("name_why"), this.guestName);
		else {
			if (!this.view.hidden) this.preview(false);
			this.sent = Date.now();
			this.o.send({ body: this.area.value, mentions: this.typing?.chosenIn(this.area.value, this.people) ?? [], guest });
		}
	}

	/** submitAfter submits once it is known who writes, what was written then. A window takes a fresh press. */
	private async submitAfter(asks: Promise<unknown>): Promise<void> {
		const { value } = this.area;
		if (this.asking) return;
		this.asking = true;
		await asks;
		this.asking = false;
		if (this.area.value !== value) return; // an earlier draft of theirs came to it
		if (this.signedOut && this.chosen?.kind !== "guest" && navigator.userActivation?.isActive === false) this.say(this.x.words.t("sign_in_again"));
		else this.submit();
	}

	/** misnamed shows why the guest's name was not taken, where it is. */
	misnamed(why: string): void {
		this.say(why, this.guestName);
	}

	/** say shows why the text was not taken; the text stays. */
	say(why: string, at?: HTMLElement): void {
		if (this.problem.textContent !== why) this.problem.textContent = why;
		this.problem.hidden = why === "";
		at?.focus();
	}

	/** tell shows what the writer should know before he posts; bar also keeps him from it. */
	tell(what: string, bar = false, offer?: { label: string; act(): void }): void {
		fill(this.notice, [what, offer && " ", offer && link(offer.label, offer.act)]);
		this.notice.hidden = what === "";
		this.barred = bar;
		this.count();
	}

	/** wait counts down to when the server takes the next one. */
	wait(seconds: number): void {
		clearInterval(this.tick);
		this.until = Date.now() + seconds * 1000;
		const say = () => {
			const left = Math.ceil((this.until - Date.now()) / 1000);
			if (left > 0) {
				const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
				// Told once; a screen reader does not hear every second.
				this.problem.setAttribute("role", left === seconds ? "alert" : "none");
				this.say(this.x.words.t("wait", { time }));
				return;
			}
			clearInterval(this.tick);
			this.until = 0;
			this.problem.setAttribute("role", "alert");
			this.say("");
			this.count();
		};
		say();
		this.tick = setInterval(say, 1000);
		this.count();
	}

	/** waitForWindow says that signing in goes on elsewhere. */
	waitForWindow(how: SignInWindow): void {
		if (how === "" || this.waiting || how === "open") this.waiting = how;
		this.count();
	}

	/** clear empties the box; the text is somewhere safe by now. */
	clear(): void {
		clearTimeout(this.timer);
		this.people.length = 0;
		this.area.value = "";
		this.area.style.blockSize = "";
		fill(this.draftNote, []);
		this.x.drafts.set(this.o.name, "");
		this.say("");
		this.count();
	}

	/** put gives a text back that was not taken. */
	put(text: string): void {
		if (this.isEmpty) this.area.value = text;
		else if (this.area.value !== text) this.area.value = `${text}\n\n${this.area.value}`;
		this.keep();
		this.count();
	}

	end(): void {
		clearInterval(this.tick);
		clearTimeout(this.timer);
	}

	focus(): void {
		if (!this.view.hidden) this.preview(false);
		((this.warned && this.warning.querySelector("button")) || this.area).focus();
		this.grow();
	}
}
