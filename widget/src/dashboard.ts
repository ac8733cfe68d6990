import type { Comment } from "./api/shapes.ts";
import en from "../../static/i18n/en/dashboard.json";
import { Words } from "./i18n/catalogue.ts";
import { fill, h, icon } from "./view/h.ts";
import { nodes } from "./view/html.ts";

/**
 * The moderators' page: one list at a time, a decision per button or key. A
 * decided comment leaves the list at once and comes back if the server says no.
 */
interface Meta {
	user: { name: string } | null;
	sites: { key: string; name: string; role: string }[];
	login: string;
}

interface Report {
	reason: string;
	note: string;
}

interface Queue {
	comments: Comment[];
	next_cursor: string | null;
	threads: Record<string, { title: string; key: string; url: string; state: string }>;
	reports: Record<string, Report[]>;
}

type List = "pending" | "reported" | "spam" | "rejected" | "deleted";
type Action = "approve" | "reject" | "spam" | "delete" | "restore";
type Word = keyof typeof en;

const PAGE = 25; // comments that one request brings
const lists: List[] = ["pending", "reported", "spam", "rejected", "deleted"];
const actions: Record<List, Action[]> = {
	pending: ["approve", "reject", "spam", "delete"],
	reported: ["approve", "reject", "spam", "delete"],
	spam: ["restore", "delete"],
	rejected: ["restore", "spam", "delete"],
	deleted: ["restore"],
};
const keys: Record<string, Action> = { a: "approve", r: "reject", s: "spam", d: "delete", u: "restore" };
const words = new Words<Word>(en, document.documentElement.lang);
const t = words.t.bind(words);

function ago(iso: string): string {
	return words.ago(new Date(iso), new Date()) || t("now");
}

async function call<T>(method: string, path: string, body?: object): Promise<{ status: number; body: T | null; detail: string }> {
	try {
		const res = await fetch(path, {
			method,
			headers: { "X-Parley": "1", ...(body ? { "Content-Type": "application/json" } : {}) },
			...(body ? { body: JSON.stringify(body) } : {}),
		});
		const json = /json/.test(res.headers.get("content-type") ?? "") ? ((await res.json()) as T & { detail?: string }) : null;
		return { status: res.status, body: json, detail: json?.detail ?? "" };
	} catch {
		return { status: 0, body: null, detail: t("no_answer") };
	}
}

const meta = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="parley"]')?.content ?? "{}") as Meta;
const results = h("p.sr", { role: "status" });

function dark(): void {
	const q = matchMedia("(prefers-color-scheme: dark)");
	const paint = () => document.body.setAttribute("data-theme", q.matches ? "dark" : "light");
	q.addEventListener("change", paint);
	paint();
}

/** SignIn is what somebody without a session sees. */
function signIn(): void {
	const say = h("p.alert", { role: "alert", hidden: true });
	const email = h("input", { name: "email", type: "email", autocomplete: "username", required: true });
	const password = h("input", { name: "password", type: "password", autocomplete: "current-password", required: true });
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const r = await call("POST", `/api/v1/sites/${encodeURIComponent(meta.login)}/login`, {
			email: email.value,
			password: password.value,
			session: "cookie",
		});
		if (r.status === 200) return location.reload();
		say.textContent = r.detail;
		say.hidden = false;
		password.select();
	};
	fill(document.body, [
		h(
			"main.narrow",
			{},
			h("h1", {}, t("sign_in_head")),
			meta.login
				? h(
						"form",
						{ onsubmit: submit },
						say,
						h("label", {}, t("email"), email),
						h("label", {}, t("password"), password),
						h("button.btn.pri", {}, t("sign_in")),
					)
				: h("p", {}, t("no_site")),
		),
	]);
	email.focus();
}

const signOut = async () => {
	await call("POST", "/auth/end", {});
	location.reload();
};

/** Dashboard is the page of a moderator. */
class Dashboard {
	private site = "";
	private list: List = "pending";
	private next: string | null = null;
	private turn = 0;
	private readonly items = h("ol.q", {});
	private readonly note = h("div.note", { role: "status" });
	private readonly more = h("button.btn", { type: "button", hidden: true, onclick: () => void this.load(true) }, t("more"));
	private readonly tabs: HTMLElement;

	constructor() {
		const wanted = new URLSearchParams(location.search);
		const asked = wanted.get("site");
		this.site = meta.sites.find((s) => s.key === asked)?.key ?? meta.sites[0]?.key ?? "";
		const list = wanted.get("list") as List;
		if (lists.includes(list)) this.list = list;
		const site = h(
			"select",
			{ "aria-label": t("site"), onchange: () => this.go(site.value, this.list) },
			...meta.sites.map((s) => h("option", { value: s.key, selected: s.key === this.site }, s.name)),
		);
		this.tabs = h(
			"div.tabs",
			{ role: "group", "aria-label": t("lists") },
			...lists.map((l) => h("button", { type: "button", "data-list": l, onclick: () => this.go(this.site, l) }, t(l))),
		);
		fill(document.body, [
			h(
				"header.top",
				{},
				h("h1", {}, t("title")),
				meta.sites.length > 1 ? h("span.sel", {}, site, icon("down_s", "i s")) : h("span.name", {}, meta.sites[0]?.name),
				h("span.grow"),
				h("span.me", {}, meta.user?.name),
				h("button.lk", { type: "button", onclick: signOut }, t("sign_out")),
			),
			h(
				"nav.bar",
				{},
				this.tabs,
				h("button.lk", { type: "button", onclick: () => void this.load() }, icon("refresh"), t("refresh")),
			),
			h("main", {}, this.note, this.items, this.more, h("p.keys", {}, t("keys"))),
			results,
		]);
		document.addEventListener("keydown", (e) => this.key(e));
		this.go(this.site, this.list);
	}

	private go(site: string, list: List): void {
		this.site = site;
		this.list = list;
		history.replaceState(null, "", `?${new URLSearchParams({ site, list })}`);
		for (const b of this.tabs.querySelectorAll("button")) b.setAttribute("aria-pressed", String(b.dataset["list"] === list));
		void this.load();
	}

	private async load(further = false): Promise<void> {
		const turn = ++this.turn;
		if (!further) {
			fill(this.items, []);
			this.more.hidden = true;
			this.say(t("loading"));
		}
		const q = new URLSearchParams({ state: this.list, limit: String(PAGE) });
		if (further && this.next) q.set("cursor", this.next);
		const r = await call<Queue>("GET", `/api/v1/sites/${encodeURIComponent(this.site)}/moderation/queue?${q}`);
		if (turn !== this.turn) return;
		if (r.status === 401) return location.reload();
		if (r.status !== 200 || !r.body) {
			fill(this.note, [
				h(
					"p.alert",
					{},
					`${t("failed")} ${r.detail} `,
					h("button.lk", { type: "button", onclick: () => void this.load(further) }, t("try_again")),
				),
			]);
			return;
		}
		const got = r.body;
		this.items.append(...got.comments.map((c) => this.item(c, got)));
		this.next = got.next_cursor;
		this.more.hidden = this.next === null;
		this.empty();
		if (!further) this.choose(this.items.querySelector<HTMLElement>("li"), false);
	}

	private say(text: string): void {
		fill(this.note, text ? [h("p.quiet", {}, text)] : []);
	}

	private empty(): void {
		const none = this.items.children.length === 0;
		if (none && this.next !== null) void this.load(true);
		else this.say(none ? t(`empty_${this.list}`) : "");
	}

	private item(c: Comment, q: Queue): HTMLLIElement {
		const thread = q.threads[c.thread_id];
		const reports = q.reports[c.id] ?? [];
		const name = c.author?.name ?? t("guest");
		const body = h("div.c-b");
		body.append(nodes(c.html));
		const act = (a: Action) =>
			h(
				`button.btn.${a}`,
				{ type: "button", onclick: () => void this.decide(li, c, a) },
				t(a === "spam" ? "spam_act" : a === "approve" && this.list === "reported" ? "keep" : a),
				" ",
				h("kbd", { "aria-hidden": "true" }, key(a)),
			);
		const li = h(
			"li",
			{ tabindex: "-1", "data-id": c.id, onfocusin: () => this.choose(li, false), onclick: () => this.choose(li, false) },
			h(
				"div.meta",
				{},
				h("b", {}, h("bdi", {}, name)),
				c.author?.guest ? h("span.chip", {}, t("guest")) : null,
				h(
					"time",
					{ datetime: c.created_at },
					this.list === "pending" ? t("waiting", { ago: ago(c.created_at) }) : ago(c.created_at),
				),
			),
			h(
				"p.where",
				{},
				`${t("on")} `,
				thread ? page(c, thread) : null,
				c.in_reply_to?.author_name ? h("span", {}, " · ", t("in_reply_to", { name: c.in_reply_to.author_name })) : null,
			),
			body,
			reports.length > 0 &&
				h("p.reports", {}, h("span.chip.bad", {}, t("reported_by", { n: reports.length })), ...tally(reports)),
			...reports.filter((r) => r.note).map((r) => h("blockquote", {}, r.note)),
			h("div.acts", {}, ...actions[this.list].map(act)),
		);
		return li;
	}

	private choose(li: HTMLElement | null, focus: boolean): void {
		if (li && !li.isConnected) return; // the click that decided it arrives here last
		for (const o of this.items.querySelectorAll("li.on")) if (o !== li) o.classList.remove("on");
		if (!li) return;
		li.classList.add("on");
		if (focus) {
			li.focus();
			li.scrollIntoView({ block: "nearest" });
		}
	}

	private key(e: KeyboardEvent): void {
		if (e.ctrlKey || e.metaKey || e.altKey || (e.target instanceof Element && e.target.closest("input, textarea, select")))
			return;
		const on = this.items.querySelector<HTMLElement>("li.on");
		const k = e.key.toLowerCase();
		if (k === "j" || k === "k") {
			const to = on ? (k === "j" ? on.nextElementSibling : on.previousElementSibling) : this.items.firstElementChild;
			this.choose((to ?? on) as HTMLElement | null, true);
			e.preventDefault();
			return;
		}
		const act = keys[k];
		if (act && actions[this.list].includes(act)) on?.querySelector<HTMLElement>(`.btn.${act}`)?.click();
	}

	private async decide(li: HTMLElement, c: Comment, action: Action): Promise<void> {
		const from = this.list;
		const before = li.nextElementSibling;
		const neighbour = (before ?? li.previousElementSibling) as HTMLElement | null;
		li.remove();
		this.choose(neighbour, true);
		const r = await call<{ results: { ok: boolean; error: string | null }[] }>(
			"POST",
			`/api/v1/sites/${encodeURIComponent(this.site)}/moderation/decisions`,
			[{ comment_id: c.id, action }],
		);
		const one = r.body?.results?.[0];
		if (r.status === 200 && one?.ok) {
			results.textContent = t(`did_${action}`, { name: c.author?.name ?? t("guest") });
			if (this.list === from) this.empty();
			return;
		}
		const why = t("not_done", {
			why: one?.error === "state" || one?.error === "not_found" ? t("gone") : r.detail || one?.error || String(r.status),
		});
		if (this.list === from) {
			li.querySelector(".alert")?.remove();
			li.append(h("p.alert", { role: "alert" }, why));
			this.items.insertBefore(li, before?.parentNode === this.items ? before : null);
			this.say("");
			this.choose(li, true);
		}
	}
}

/** page leads to a comment that readers see, else to where it would stand. */
function page(c: Comment, thread: { title: string; url: string }): HTMLElement {
	const href = c.status === "published" ? `/c/${c.id}` : /^https?:/.test(thread.url) ? thread.url : "";
	return href
		? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, thread.title || t("untitled"))
		: h("span", {}, thread.title || t("untitled"));
}

function key(a: Action): string {
	return (Object.entries(keys).find(([, v]) => v === a)?.[0] ?? "").toUpperCase();
}

function tally(reports: Report[]): HTMLElement[] {
	const n = new Map<string, number>();
	for (const r of reports) n.set(r.reason, (n.get(r.reason) ?? 0) + 1);
	return [...n].map(([reason, count]) => h("span.chip", {}, `${reason.replace(/_/g, " ")} ${count}`));
}

dark();
if (!meta.user) signIn();
else if (meta.sites.length === 0)
	fill(document.body, [
		h(
			"main.narrow",
			{},
			h("h1", {}, meta.user.name),
			h("p", {}, t("not_moderator")),
			h("button.btn", { type: "button", onclick: signOut }, t("sign_out")),
		),
	]);
else new Dashboard();
