// The list of people that opens behind an @: it comes when one is typed.
import en from "../../../static/i18n/en/naming.json";
import type { Author } from "../shared/api/shapes.ts";
import { fill, h, set } from "../shared/dom/h.ts";
import { Words } from "../shared/i18n/catalogue.ts";
import type { App } from "./app.ts";
import { beingNamed, matches } from "./named.ts";
import css from "./style/naming.css";
import type { Composer } from "./view/composer.ts";
import { avatar } from "./view/reply-line.ts";
import { type } from "./view/typing.ts";

const MOST = 6; // people that the list shows

/** Person is somebody who can be named. */
interface Person extends Author {
	comments?: number;
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

const asked = new WeakMap<App, Promise<Person[]>>();

/** people are those of the thread, and of what shows of it, asked for once. */
function people(app: App): Promise<Person[]> {
	const { d } = app.x;
	let list = asked.get(app);
	if (!list) {
		const { o } = app;
		list = app.api
			.call<{ people: Person[] }>("GET", `/api/v1/sites/${encodeURIComponent(o.site)}/mentionable?${new URLSearchParams({ thread: o.thread })}`)
			.then((got) => got.people);
		asked.set(app, list);
		list.catch(() => asked.delete(app));
	}
	return list
		.catch(() => [])
		.then((got) => {
			const all = new Map(got.map((p) => [p.id, p]));
			for (const { author: a } of d.known.values()) if (a && !a.guest && a.id !== d.user?.id && !d.mutes.has(a.id) && !all.has(a.id)) all.set(a.id, a);
			return [...all.values()];
		});
}

/**
 * Naming completes names in one box. The focus stays in the text; the list is
 * walked by arrows, Enter and Tab take, Escape leaves the text alone.
 */
export class Naming {
	private readonly id = `n-${Math.random().toString(36).slice(2)}`;
	private readonly list: HTMLElement;
	private readonly said = h("p.sr", { role: "status" });
	private words = new Words<keyof typeof en>(en, "en");
	private shown: Person[] = [];
	private at = 0;
	private from = -1; // of the @
	private left = -1; // of one that was left alone
	private turn = 0;

	constructor(
		private readonly app: App,
		private readonly box: Composer,
	) {
		this.list = h("ul.ac", { id: this.id, role: "listbox", hidden: true, onpointerdown: (e: Event) => e.preventDefault() });
		const root = app.frame.el.getRootNode() as ShadowRoot;
		root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheet])];
		const { area } = box;
		area.after(this.list, this.said);
		set(area, { "aria-autocomplete": "list", "aria-haspopup": "listbox" });
		area.addEventListener("keydown", (e) => this.key(e), true);
		area.addEventListener("blur", () => this.close());
		for (const what of ["input", "click", "compositionend"]) area.addEventListener(what, () => void this.look());
		void this.speak().then(() => this.look());
	}

	private async speak(): Promise<void> {
		const words = new Words<keyof typeof en>(en, this.app.x.words.lang);
		await words.fetch(this.app.base, "naming");
		this.words = words;
		set(this.list, { "aria-label": words.t("people") });
	}

	/** look follows what stands before the cursor. */
	private async look(): Promise<void> {
		const { area } = this.box;
		const named = area.selectionStart === area.selectionEnd ? beingNamed(area.value, area.selectionStart) : null;
		if (!named) this.left = -1;
		if (!named || named.from === this.left) return this.close();
		const turn = ++this.turn;
		const found = matches(await people(this.app), named.text).slice(0, MOST);
		if (turn !== this.turn) return; // typed on meanwhile
		this.from = named.from;
		this.show(found);
	}

	private show(found: Person[]): void {
		if (found.length === 0) {
			this.close();
			return;
		}
		const same = found.map((p) => p.id).join() === this.shown.map((p) => p.id).join();
		this.shown = found;
		if (!same || this.list.hidden) this.at = 0;
		const alike = (p: Person) => found.some((q) => q !== p && q.name.toLowerCase() === p.name.toLowerCase());
		fill(
			this.list,
			found.map((p, i) =>
				h(
					"li",
					{ id: `${this.id}-${i}`, role: "option", "aria-selected": String(i === this.at), onclick: () => this.take(i) },
					avatar(p.avatar_url, 28),
					h("b", {}, h("bdi", {}, p.name)),
					h("small", {}, [p.badges.map((b) => this.badge(b)).join(", "), p.comments && this.words.t("comments", { n: p.comments }), alike(p) && `#${p.id.slice(-4)}`].filter(Boolean).join(" · ")),
				),
			),
		);
		if (this.list.hidden || !same) this.said.textContent = this.words.t("found", { n: found.length });
		this.list.hidden = false;
		this.mark();
	}

	private badge(b: string): string {
		return `badge_${b}` in en ? this.words.t(`badge_${b}` as keyof typeof en) : b;
	}

	private mark(): void {
		for (const [i, li] of [...this.list.children].entries()) li.setAttribute("aria-selected", String(i === this.at));
		set(this.box.area, { "aria-controls": this.id, "aria-activedescendant": `${this.id}-${this.at}` });
		this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
	}

	private close(): void {
		this.turn++;
		if (this.list.hidden) return;
		this.list.hidden = true;
		this.shown = [];
		this.said.textContent = "";
		set(this.box.area, { "aria-controls": null, "aria-activedescendant": null });
	}

	private key(e: KeyboardEvent): void {
		if (this.list.hidden || e.isComposing || e.keyCode === 229 || e.metaKey || e.ctrlKey || e.altKey) return;
		const n = this.shown.length;
		if (e.key === "ArrowDown") this.at = (this.at + 1) % n;
		else if (e.key === "ArrowUp") this.at = (this.at - 1 + n) % n;
		else if ((e.key === "Enter" || e.key === "Tab") && !e.shiftKey) this.take(this.at);
		else if (e.key === "Escape") {
			this.left = this.from;
			this.close();
		} else return;
		e.preventDefault();
		e.stopImmediatePropagation(); // the box has its own use for them
		if (!this.list.hidden) this.mark();
	}

	/** take puts the name in, and remembers who is meant by it. */
	private take(i: number): void {
		const p = this.shown[i];
		const { area, people: chosen } = this.box;
		if (!p) return;
		const end = area.selectionStart;
		this.close();
		type(area, `@${p.name} `, this.from, end);
		chosen.push({ id: p.id, name: p.name });
		this.box.changed();
	}
}
