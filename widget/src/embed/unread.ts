import en from "../../../static/i18n/en/unread.json";
import type { Comment } from "../shared/api/shapes.ts";
import { fill, h, icon, paths } from "../shared/dom/h.ts";
import type { App } from "./app.ts";
import { seenKey } from "./seen.ts";
import { mark } from "./state/doing.ts";
import { choice, choose } from "./state/draft.ts";
import css from "./style/unread.css";
import type { Shown } from "./view/context.ts";

const VISIT_MS = 30 * 60_000; // who comes back sooner is still on the same visit
const WEEK_MS = 6 * 86_400_000; // so long a day has a name
const PAGE = 100;
const PAGES = 3; // as far as what is new is counted
const DONE_MS = 4_000;

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
Object.assign(paths, { ad: "M8 3v9.75M3.9 8.75 8 12.85l4.1-4.1", check: "M3.5 8.5l3 3 6-6.5" });

/** Visit is kept in this browser alone: when the visit before this one ended, and when the reader was here last. */
interface Visit {
	before: number;
	last: number;
}

/** visited reads the last visit and notes this one; 0 where there was none before. */
function visited(key: string): number {
	const now = Date.now();
	let v: Visit = { before: 0, last: 0 };
	try {
		v = { ...v, ...(JSON.parse(choice(key)) as Partial<Visit>) };
	} catch {
		// of another release, or nobody's
	}
	if (now - v.last > VISIT_MS) v.before = v.last;
	v.last = now;
	choose(key, JSON.stringify(v));
	return v.before;
}

/** begin marks what was written since the reader's last visit, and leads from one to the next. */
export async function begin(app: App, root: ShadowRoot): Promise<void> {
	const key = seenKey(app);
	const since = visited(key);
	addEventListener("pagehide", () => choice(key) && visited(key), { signal: app.signal });
	if (!since) return;
	const { x, reader, o } = app;
	const found = new Map<string, Comment>(); // what is new, by id
	let more = false;
	let cursor = "";
	for (let i = 0; i < PAGES; i++) {
		const page = await reader.page(o.thread, "newest", "flat", PAGE, cursor);
		const fresh = page.comments.filter((c) => Date.parse(c.created_at) > since && c.status === "published");
		for (const c of fresh) found.set(c.id, c);
		cursor = page.next_cursor ?? "";
		more = cursor !== "" && fresh.length === page.comments.length;
		if (!more) break;
	}
	if (found.size === 0 || app.signal.aborted) return;
	x.words.add(en);
	await x.words.fetch(app.base, "unread");
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	new Unread(app, found, since, more);
}

class Unread {
	private readonly go: HTMLElement;
	private readonly read = new Set<string>();

	constructor(
		private readonly app: App,
		private readonly found: Map<string, Comment>,
		private readonly since: number,
		private readonly more: boolean,
	) {
		const { x, frame } = app;
		this.go = h("button.btn.sm.nx", { type: "button", "aria-label": x.words.t("next_label"), onclick: () => void this.step(1) }, icon("ad"), x.words.t("next"));
		frame.heading.after(this.go);
		x.step = (by) => this.step(by);
		x.also.push((view, c) => (view && c ? this.mark(view, c) : this.look()));
		app.host.addEventListener("parley:count", () => this.look(), { signal: app.signal });
		app.list.updateAll();
		this.look();
	}

	/** left is what is new and has not been gone to, in the order in which it stands; what is not on the page comes after, the oldest first. */
	private left(): string[] {
		const { d } = this.app.x;
		const drawn = [...this.app.list.el.querySelectorAll("article.c")].map((a) => a.id.slice("parley-".length));
		const place = new Map(drawn.map((id, i) => [id, i]));
		return [...this.found.values()]
			.filter((c) => !this.read.has(c.id) && !d.mine.has(c.id) && (d.known.get(c.id)?.status ?? "published") === "published" && c.author?.id !== d.user?.id)
			.sort((a, b) => (place.get(a.id) ?? 1e9) - (place.get(b.id) ?? 1e9) || a.created_at.localeCompare(b.created_at))
			.map((c) => c.id);
	}

	/** look says how many there are; a list that was drawn anew gets its marks again. */
	private look(): void {
		const { x, frame } = this.app;
		const left = this.left();
		for (const id of left) {
			if (!x.d.known.has(id) || x.d.fresh.has(id)) continue;
			mark(x.d, "fresh", id, true);
			this.app.list.update(id);
		}
		const at = new Date(this.since);
		const names = {
			n: left.length,
			// The name of a day has the wrong ending in many languages; theirs say a date.
			day: x.words.when(at, this.how(at)),
		};
		if (left.length > 0) {
			const said = x.words.t(this.more ? "since_many" : "since", names);
			if (frame.heading.textContent !== said) fill(frame.heading, [said]);
		} else if (!this.go.hidden) {
			this.go.hidden = true;
			fill(frame.heading, [x.words.t("done"), " ", icon("check")]);
			frame.say(x.words.t("done"));
			setTimeout(() => fill(frame.heading, [x.words.t("all")]), DONE_MS);
		}
		frame.el.toggleAttribute("data-new", left.length > 0);
	}

	/** how is what a day is called: by the hour today, by its name within a week, then by its date. */
	private how(at: Date): Intl.DateTimeFormatOptions {
		if (at.toDateString() === new Date().toDateString()) return { timeStyle: "short" };
		return Date.now() - this.since < WEEK_MS && this.app.x.words.t("since_by") === "weekday" ? { weekday: "long" } : { day: "numeric", month: "long" };
	}

	/** mark says of a folded branch, and of replies that are not shown, how many new ones they hold. */
	private mark(view: Shown, c: Comment): void {
		const { x } = this.app;
		const folded = view.article.parentElement?.classList.contains("folded");
		const button = view.made.get("div.c-more")?.querySelector("button");
		if (!folded && !button && !view.article.querySelector(".un")) return;
		const under = this.left().filter((id) => (folded ? this.above(id).includes(c.id) : this.above(id).find((up) => x.d.known.has(up)) === c.id && !x.d.known.has(id)));
		view.article.querySelector(".un")?.remove();
		button?.querySelector(".un")?.remove();
		const note = under.length > 0 && h("span.un", {}, x.words.t("under", { n: under.length }));
		if (note && folded) view.article.querySelector(".c-h .lk")?.before(note);
		else if (note) button?.append(note);
	}

	/** above are the comments over one, the nearest first, as far as they are known. */
	private above(id: string): string[] {
		const out: string[] = [];
		const of = (one: string) => this.found.get(one) ?? this.app.x.d.known.get(one);
		for (let c = of(id); c?.parent_id && out.length < PAGE; c = of(c.parent_id)) out.push(c.parent_id);
		const root = of(id)?.root_id;
		if (root && root !== id && !out.includes(root)) out.push(root);
		return out;
	}

	/** step goes to the next new comment, or back to the one before. */
	private async step(by: number): Promise<void> {
		const { app } = this;
		const done = [...this.read];
		const id = by > 0 ? this.left()[0] : done[done.length - 2];
		if (!id) return;
		if (by < 0) this.read.delete(done[done.length - 1] ?? "");
		this.read.add(id);
		const acts = await app.acts;
		await acts.goTo(id).catch(() => {}); // it may have gone meanwhile
		this.look();
		app.list.updateAll();
	}
}
