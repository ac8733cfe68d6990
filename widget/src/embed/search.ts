import en from "../../../static/i18n/en/search.json";
import type { Comment, Page } from "../shared/api/shapes.ts";
import { fill, h, icon, paths } from "../shared/dom/h.ts";
import { Words } from "../shared/i18n/catalogue.ts";
import type { App } from "./app.ts";
import css from "./style/search.css";
import { avatar, time } from "./view/reply-line.ts";

const TYPING_MS = 200; // after the last key
const LEAST = 2; // letters; of a script without spaces one is a word
const DENSE = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]/;
const BEFORE = 60; // characters shown before the first mark
const SHOWN = 220;
const AGAIN = 4; // answers in which nothing was found yet
const NAMES = 5; // offered after from:

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
Object.assign(paths, { close: "M4 4l8 8M12 4l-8 8", cu: "M4.25 9.75 8 6l3.75 3.75" });

/** Found is a comment that holds what is looked for. */
interface Found extends Comment {
	text: string;
	marks: [number, number][];
}

const open = new WeakMap<App, Searching>();

/** search opens the field in the row above the list, or goes to the one that is open. */
export async function search(app: App, typed: () => string): Promise<void> {
	let s = open.get(app);
	if (!s) {
		const words = new Words<keyof typeof en>(en, app.x.words.lang);
		await words.fetch(app.base, "search");
		const root = app.frame.el.getRootNode() as ShadowRoot;
		if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
		s = new Searching(app, words);
		open.set(app, s);
	}
	s.begin(typed());
}

/** Searching is the field, what was found, and the way between the two and the discussion. */
class Searching {
	private readonly input: HTMLInputElement;
	private readonly count = h("span.fd-n", { "aria-hidden": "true" });
	private readonly said = h("p.sr", { "aria-live": "polite" });
	private readonly list = h("ol.fd-l");
	private readonly rest = h("div.fd-r");
	private readonly names = h("div.fd-p", { role: "listbox", hidden: true });
	private readonly row: HTMLElement;
	private found: Found[] = [];
	private next: string | null = null;
	private at = -1;
	private turn = 0;
	private timer = 0;

	constructor(
		private readonly app: App,
		private readonly words: Words<keyof typeof en>,
	) {
		const t = (key: keyof typeof en) => words.t(key);
		const button = (name: string, label: string, act: () => void) =>
			h("button.ib", { type: "button", "aria-label": label, onclick: act }, icon(name));
		this.input = h("input", {
			type: "search",
			maxlength: 200,
			autocomplete: "off",
			enterkeyhint: "search",
			placeholder: t("field"),
			"aria-label": t("field"),
			role: "combobox",
			"aria-expanded": "false",
			"aria-controls": "parley-names",
			"aria-description": t("hint"),
			oninput: () => this.typed(),
			onkeydown: (e: KeyboardEvent) => this.key(e),
		});
		this.names.id = "parley-names";
		this.names.setAttribute("aria-label", t("people"));
		this.row = h(
			"search.fd",
			{ onkeydown: (e: KeyboardEvent) => e.key === "Escape" && this.escape(e) },
			h("div.fd-b", {}, h("span.fd-i", {}, icon("search"), this.input, this.count), this.names),
			button("cu", t("up"), () => this.step(-1)),
			button("cd", t("down"), () => this.step(1)),
			button("close", t("clear"), () => this.end()),
			this.said,
		);
		this.list.addEventListener("click", (e) => {
			const li = (e.target as Element).closest("li");
			if (li) void this.go([...this.list.children].indexOf(li));
		});
	}

	begin(typed = ""): void {
		const { frame } = this.app;
		if (!this.row.isConnected) frame.bar.before(this.row, this.list, this.rest);
		this.show("found");
		this.input.focus();
		this.input.select();
		if (!typed) return;
		this.input.value = typed;
		this.typed();
	}

	/** show is what stands under the field: "found", or the discussion with "there". */
	private show(what: "found" | "there"): void {
		this.app.frame.el.dataset["find"] = what;
	}

	private end(): void {
		clearTimeout(this.timer);
		this.turn++;
		delete this.app.frame.el.dataset["find"];
		for (const el of [this.row, this.list, this.rest]) el.remove();
		this.input.value = "";
		this.take([], null);
		this.app.frame.bar.querySelector<HTMLElement>(".find")?.focus();
	}

	/** escape leads from the comment back to what was found, from the names to the field, and from there out. */
	private escape(e: Event): void {
		e.preventDefault();
		e.stopPropagation();
		if (!this.names.hidden) this.offer([]);
		else if (this.app.frame.el.dataset["find"] === "there") this.begin();
		else this.end();
	}

	private typed(): void {
		clearTimeout(this.timer);
		this.offer(this.people());
		this.timer = setTimeout(() => void this.ask(), TYPING_MS);
	}

	/** people are those of this page whose names begin as what stands behind from: at the end. */
	private people(): [string, number][] {
		const wanted = /(?:^|\s)from:"?([^"\s]{2,})$/i.exec(this.input.value)?.[1]?.toLowerCase();
		if (!wanted) return [];
		const n = new Map<string, number>();
		for (const c of this.app.x.d.known.values()) {
			const name = c.author?.name ?? "";
			if (name.toLowerCase().split(/\s/).some((w) => w.startsWith(wanted))) n.set(name, (n.get(name) ?? 0) + 1);
		}
		return [...n].sort((a, b) => b[1] - a[1]).slice(0, NAMES);
	}

	private offer(list: [string, number][]): void {
		this.names.hidden = list.length === 0;
		this.input.setAttribute("aria-expanded", String(list.length > 0));
		this.input.removeAttribute("aria-activedescendant");
		fill(
			this.names,
			list.map(([name, n], i) =>
				h(
					"div",
					{ role: "option", id: `parley-name-${i}`, "aria-selected": "false", "data-name": name, onclick: () => this.choose(name) },
					h("bdi", {}, name),
					h("span", {}, this.words.number(n)),
				),
			),
		);
	}

	private choose(name: string): void {
		this.input.value = this.input.value.replace(/from:"?[^"\s]*$/i, `from:${/\s/.test(name) ? `"${name}"` : name} `);
		this.offer([]);
		this.input.focus();
		void this.ask();
	}

	private key(e: KeyboardEvent): void {
		if (e.isComposing) return;
		const options = [...this.names.children] as HTMLElement[];
		const down = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (!this.names.hidden) {
			const i = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
			const chosen = options[i]?.dataset["name"];
			if (down) {
				e.preventDefault();
				const to = options[(i + down + options.length) % options.length];
				for (const o of options) o.setAttribute("aria-selected", String(o === to));
				this.input.setAttribute("aria-activedescendant", to?.id ?? "");
			} else if ((e.key === "Enter" || e.key === "Tab") && chosen) {
				e.preventDefault();
				this.choose(chosen);
			}
			if (down || chosen) return;
		}
		if (down) {
			e.preventDefault();
			this.step(down);
		} else if (e.key === "Enter") {
			e.preventDefault();
			if (this.at >= 0) void this.go(this.at);
			else void this.ask();
		}
	}

	/** ask looks for what stands in the field; an answer to an earlier question is nobody's. */
	private async ask(more = false): Promise<void> {
		clearTimeout(this.timer);
		const { reader, o } = this.app;
		const q = this.input.value;
		const bare = q.trim();
		const turn = ++this.turn;
		if (bare.length < LEAST && !DENSE.test(bare)) return this.take([], null);
		this.row.setAttribute("aria-busy", "true");
		try {
			const all = more ? [...this.found] : [];
			let cursor = more ? (this.next ?? "") : "";
			for (let i = 0; i < AGAIN; i++) {
				const query = new URLSearchParams({ q, thread: o.thread, ...(cursor ? { cursor } : {}) });
				const got = await reader.read<Omit<Page, "comments"> & { comments: Found[] }>(`${reader.root}/search?${query}`);
				if (turn !== this.turn) return;
				all.push(...got.comments.filter((c) => !all.some((a) => a.id === c.id) && !this.app.x.d.mutes.has(c.author?.id ?? "")));
				cursor = got.next_cursor ?? "";
				if (!cursor || got.comments.length > 0) break;
			}
			const first = this.found.length;
			this.take(all, cursor || null, bare);
			if (more) this.step(first - this.at);
		} catch (e) {
			if (turn === this.turn) this.take([], null, "", e instanceof Error && "detail" in e ? String(e.detail) : "");
		} finally {
			if (turn === this.turn) this.row.removeAttribute("aria-busy");
		}
	}

	/** take shows what was found. */
	private take(found: Found[], next: string | null, sought = "", failed?: string): void {
		const { words, app } = this;
		const { site } = app.x.d;
		this.found = found;
		this.next = next;
		this.at = -1;
		if (this.row.isConnected) this.show("found");
		fill(this.list, found.map((c, i) => this.result(c, i)));
		const n = found.length;
		this.number();
		const none = sought !== "" && n === 0 && failed === undefined;
		this.said.textContent = failed !== undefined ? `${words.t("failed")} ${failed}` : none ? words.t("none", { words: sought }) : n ? words.t(next ? "found_more" : "found", { n }) : "";
		fill(this.rest, [
			failed !== undefined && h("p", {}, `${words.t("failed")} ${failed}`.trim()),
			next && h("button.btn.full", { type: "button", onclick: () => void this.ask(true) }, words.t("more")),
			none &&
				!next &&
				h(
					"div.big",
					{},
					h("h3", {}, words.t("none", { words: sought })),
					h("p", {}, words.t("none_how", { site: site?.name ?? "" })),
					h("a.btn", { href: `${app.base}/p/${encodeURIComponent(site?.key ?? "")}?${new URLSearchParams({ q: sought })}` }, words.t("none_here", { site: site?.name ?? "" })),
				),
		]);
	}

	private number(): void {
		const n = this.found.length;
		const of = `${this.words.number(n)}${this.next ? "+" : ""}`;
		this.count.textContent = n === 0 ? "" : this.at < 0 ? of : this.words.t("at", { i: this.at + 1, n: of });
	}

	private result(c: Found, i: number): HTMLElement {
		const { x } = this.app;
		const first = c.marks[0]?.[0] ?? 0;
		const from = first > BEFORE ? c.text.lastIndexOf(" ", first - BEFORE / 2) + 1 : 0;
		const to = Math.min(c.text.length, from + SHOWN);
		const parts: (Node | string)[] = from > 0 ? ["…"] : [];
		let done = from;
		for (const [a, b] of c.marks) {
			if (a < from || b > to) continue;
			parts.push(c.text.slice(done, a), h("mark", {}, c.text.slice(a, b)));
			done = b;
		}
		parts.push(c.text.slice(done, to), to < c.text.length ? "…" : "");
		return h(
			"li",
			{ id: `parley-found-${i}` },
			avatar(c.author?.avatar_url ?? "", 28),
			h(
				"div",
				{},
				h(
					"div.c-h",
					{},
					h("b.c-n", { dir: "auto" }, c.author?.name ?? ""),
					h("span.c-t", {}, time(x, c)),
					h("a.lk", { href: x.permalink(c.id), onclick: (e: Event) => e.preventDefault() }, this.words.t("go")),
				),
				h("p", { dir: "auto" }, ...parts),
			),
		);
	}

	/** step walks through what was found; where the discussion stands there, to the comments themselves. */
	private step(by: number): void {
		const n = this.found.length;
		if (n === 0) return;
		this.at = (this.at + by + (this.at < 0 && by < 0 ? 1 : 0) + n) % n;
		this.number();
		for (const [i, li] of [...this.list.children].entries()) li.toggleAttribute("aria-current", i === this.at);
		const c = this.found[this.at];
		this.said.textContent = c ? `${this.words.t("at", { i: this.at + 1, n })}. ${c.author?.name ?? ""}: ${c.text.slice(0, SHOWN)}` : "";
		if (this.app.frame.el.dataset["find"] === "there") void this.go(this.at);
		else this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
	}

	/** go shows a comment in the discussion; Escape leads back. */
	private async go(i: number): Promise<void> {
		const c = this.found[i];
		if (!c) return;
		this.at = i;
		this.number();
		this.show("there");
		const acts = await this.app.acts;
		try {
			await acts.goTo(c.id);
		} catch (e) {
			this.show("found");
			acts.showError(e);
			return;
		}
		this.app.list.get(c.id)?.article.addEventListener("keydown", (e) => e.key === "Escape" && this.row.isConnected && this.escape(e), { once: true });
	}
}
