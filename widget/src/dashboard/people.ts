import { fill, h } from "../view/h.ts";
import { past } from "./audit.ts";
import { ago, call, type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { banFields, term } from "./dialogs.ts";
import { isBusy, type Kept, kept, own } from "./focus.ts";
import { icon } from "./icons.ts";
import { bars, figures, head, history, levelName, network, notesBox, type Sent, trust } from "./pane.ts";
import { proving } from "./prove.ts";
import type { Person, PersonDetail } from "./shapes.ts";
import { beside, closing, goTo, listing, mark, pager, redraw, search, table, tabs } from "./table.ts";

const filters = ["", "new", "staff"] as const;
const roles = ["member", "auditor", "staff", "moderator", "admin"] as const;

/** peopleTabs are the lists of people, and the bans beside them. */
export function peopleTabs(desk: Desk, current: string, q: string): HTMLElement {
	return tabs(desk, [
		...filters.map((f) => ({
			label: t(f === "" ? "people_all" : `people_${f}`),
			current: f === current,
			go: { screen: "people", filter: f, q },
		})),
		{ label: t("people_bans"), current: current === "bans", go: { screen: "people", filter: "bans" } },
	]);
}

/** people lists who writes here; a drawer shows one person and what can be done. */
export function people(desk: Desk, p: Params): Screen {
	const filter = (filters as readonly string[]).includes(p["filter"] ?? "") ? (p["filter"] ?? "") : "";
	const q = p["q"] ?? "";
	let open = p["person"] ?? "";
	let shown = "";
	const rows = table("", [
		[t("col_name")],
		[t("col_trust")],
		[t("col_comments"), "num"],
		[t("col_approved"), "num wide2"],
		[t("col_seen"), "wide2"],
	]);
	const list = pager<Person>(
		(cursor) => listing(desk, "/moderation/people", { filter, q }, cursor),
		(answer) => (answer as { people: Person[] }).people,
		(got, first) => {
			if (first) fill(rows.body, []);
			rows.body.append(...got.map(tr));
		},
		t("empty_people"),
	);
	const page = beside(t("about_person_short"), peopleTabs(desk, filter, q), rows.el, list.el);
	const show = async (id: string) => {
		if (id && id === shown) return; // what is typed there stays
		const was = open;
		open = shown = id;
		desk.go({ screen: "people", filter, q, person: id }, true);
		mark(rows.body, id);
		page.put(id ? [] : null);
		draw = drawing(id);
		if (id) await load(id);
		else if (!goTo(rows.body, was)) find.focus();
	};
	const load = async (id: string) => {
		const r = await call<PersonDetail>("GET", desk.api(`/moderation/people/${id}`));
		if (open !== id) return;
		if (r.body) return draw(r.body);
		const close = h("button.ib", { type: "button", "aria-label": t("close"), onclick: () => void show("") }, icon("x"));
		page.put([h("div.who", {}, h("p.alert.grow", {}, r.status === 404 ? t("no_person") : r.detail), close)]);
	};
	/** drawing shows one person in the drawer again and again; what is typed there stays. */
	const drawing = (id: string): ((person: PersonDetail) => void) => {
		const keep = kept();
		ours = own();
		const { send } = ours;
		const say = h("p.alert", { role: "alert", hidden: true });
		let notes: ReturnType<typeof notesBox> | null = null;
		const drawn = (person: PersonDetail) => {
			if (open !== id) return;
			notes ??= notesBox(desk, person, drawn, false, send);
			notes.show(person);
			news.hidden = true;
			page.put(
				[
					head(person, () => void show("")),
					news,
					trust(person),
					figures(person),
					...controls(desk, person, drawn, keep, say, send),
					notes.el,
					history(desk, person, 20),
					network(desk, person),
					address(person),
					past(desk, person.id),
				].filter((x) => x !== null),
			);
			redraw(rows.body, id, cells(person));
		};
		return drawn;
	};
	// Another moderator's act waits behind a line while somebody works in the drawer.
	const news = h(
		"p.hint",
		{ hidden: true, role: "status" },
		t("person_changed"),
		" ",
		h("button.lnk", { type: "button", onclick: () => void load(open) }, t("show_changes")),
	);
	let ours = own();
	let draw = drawing("");
	const hinted = async (id: string) => {
		const { is } = ours;
		if ((await is()) || id !== open) return;
		if (isBusy(page.drawer)) news.hidden = false;
		else void load(id);
	};
	closing(page.drawer, () => void show(""));
	const tr = (x: Person) =>
		h("tr", { "data-id": x.id, "aria-selected": String(x.id === open), onclick: () => void show(x.id) }, ...cells(x));
	void list.load();
	const find = search(t("search_people"), q, (v) => desk.go({ screen: "people", filter, q: v }));
	if (open) void show(open);
	return {
		title: t("people"),
		el: page.el,
		tools: find.el,
		search: find.focus,
		hint: (x) => {
			if (x.type === "person" && x.id && x.id === open) void hinted(x.id);
		},
		key: (e) => {
			if (e.key !== "Escape" || !open) return false;
			void show("");
			return true;
		},
	};
}

/** cells are what the list tells of a person. */
function cells(x: Person): HTMLElement[] {
	const av = h("img.av", { src: x.avatar_url, alt: "", width: 30, height: 30, loading: "lazy" });
	av.style.setProperty("--av", "30px");
	const month = new Intl.DateTimeFormat(words.lang, { month: "short", year: "numeric" });
	return [
		h(
			"td",
			{},
			h(
				"div.pn",
				{},
				av,
				h(
					"span",
					{},
					h("button", { type: "button" }, h("bdi", {}, x.name)),
					x.warnings > 0 ? h("span.bdg.warn", {}, t("warnings", { n: x.warnings })) : null,
					x.role !== "member" ? h("span.bdg.acc", {}, t(`role_${x.role}` as "role_admin")) : null,
					x.ban ? h("span.bdg.bad", {}, t("banned")) : null,
					h(
						"small",
						{},
						x.guest ? t("guest") : x.via ? t("via", { provider: x.via }) : t("since", { date: month.format(new Date(x.since)) }),
					),
				),
			),
		),
		h("td", {}, bars(x.level, x.role, "span.tl"), h("span.muted", {}, levelName(x))),
		h("td.num", {}, words.number(x.comments)),
		h(
			"td.num.wide2",
			{},
			x.approved_share === null ? "–" : new Intl.NumberFormat(words.lang, { style: "percent" }).format(x.approved_share),
		),
		h("td.muted.wide2", {}, x.seen_at ? ago(x.seen_at) : "–"),
	];
}

/** controls are what can be done to a person; say is the place of a refusal. */
function controls(
	desk: Desk,
	p: PersonDetail,
	changed: (p: PersonDetail) => void,
	keep: Kept,
	say: HTMLElement,
	sent: Sent,
): HTMLElement[] {
	const act = async (name: string, body: object) => {
		const r = await sent(proving<PersonDetail>("POST", desk.api(`/moderation/people/${p.id}/${name}`), body));
		if (r.body) {
			say.hidden = true;
			changed(r.body);
			desk.toast(t("saved"));
			return true;
		}
		say.textContent = r.detail;
		say.hidden = false;
		return false;
	};
	const pick = (label: string, value: string, options: [string, string][], send: (v: string) => Promise<boolean>) => {
		const s = h(
			"select",
			{
				"aria-label": label,
				onchange: async () => {
					if (!(await send(s.value))) s.value = value;
				},
			},
			...options.map(([v, name]) => h("option", { value: v, selected: v === value }, name)),
		);
		return h("div.fx", {}, h("span.lbl.grow", {}, label), h("span.sel.box", {}, s, icon("cd", "i s")));
	};
	const out: HTMLElement[] = [];
	if (desk.may("settings") && !p.guest)
		out.push(
			keep("role", p.role, () =>
				pick(
					t("role"),
					p.role,
					roles.map((r) => [r, t(`role_${r}`)]),
					(v) => act("role", { role: v }),
				),
			),
		);
	if (desk.may("sanction")) {
		if (!p.guest)
			out.push(
				keep("trust", p.trust, () =>
					pick(
						t("trust_floor"),
						p.trust,
						(["new", "member", "regular", "trusted"] as const).map((l) => [
							l,
							l === "new" ? t("trust_by_record") : t(`level_${l}`),
						]),
						(v) => act("trust", { level: v }),
					),
				),
			);
		if (p.ban) out.push(keep("ban", [p.ban, p.name], () => banned(desk, p, () => void act("unban", {}))));
		else if (p.role === "member" || p.role === "staff" || p.role === "auditor") {
			out.push(keep("ban", p.name, () => banForm(p, act)));
			if (!p.guest) out.push(keep("warn", p.id, () => warnForm(act)));
		}
	}
	return [...out, say];
}

/** banned says until when and why a person is kept away, and lifts it. */
function banned(desk: Desk, p: PersonDetail, lift: () => void): HTMLElement {
	if (!p.ban) return h("div");
	return h(
		"div.banbox",
		{},
		h("b", {}, t("is_banned", { name: p.name })),
		h(
			"p.hint",
			{},
			p.ban.until
				? t("trust_banned_until", { date: words.full(new Date(p.ban.until)), reason: p.ban.reason })
				: t("trust_banned", { reason: p.ban.reason }),
		),
		p.ban.instance && desk.site.role !== "operator"
			? h("p.hint", {}, t("ban_by_operator"))
			: h("button.btn.full", { type: "button", onclick: lift }, t("lift")),
	);
}

type Act = (name: string, body: object) => Promise<boolean>;

function banForm(p: PersonDetail, act: Act): HTMLElement {
	const button = h("button.btn.bad.full", { type: "button" });
	const f = banFields((hours) => {
		button.textContent = hours === 0 ? t("ban_for_good") : t("ban_for", { term: term(hours) });
	});
	button.addEventListener("click", () => {
		const v = f.value();
		f.reason.say(v.reason ? "" : t("must_be_given"));
		if (!v.reason) return f.reason.control.focus();
		void act(v.until ? "suspend" : "ban", { reason: v.reason, hide_recent: v.hide, ...(v.until ? { until: v.until } : {}) });
	});
	return h(
		"details.banbox",
		{ open: true },
		h("summary", {}, h("b", {}, t("ban_head", { name: p.name }))),
		h("div.in2", {}, h("p.hint", {}, t("ban_lead")), ...f.el, button),
	);
}

function warnForm(act: Act): HTMLElement {
	const text = h("input.inp", { maxlength: 1000, "aria-label": t("warn_text"), placeholder: t("warn_text") });
	const send = async () => {
		const said = text.value.trim();
		if (!said) text.focus();
		else if ((await act("warn", { text: said })) && text.value.trim() === said) text.value = "";
	};
	return h(
		"details.banbox.calm",
		{},
		h("summary", {}, h("b", {}, t("warn_head"))),
		h(
			"div.in2",
			{},
			h("p.hint", {}, t("warn_lead")),
			text,
			h("button.btn.full", { type: "button", onclick: () => void send() }, t("warn_send")),
		),
	);
}

function address(p: PersonDetail): HTMLElement | null {
	if (p.email === null) return null;
	return h(
		"div.sect",
		{},
		h("div.cap", {}, h("h3", {}, t("address"))),
		h("p.hint", {}, p.email || t("no_address")),
		p.networks.length > 0 ? h("p.hint", {}, t("networks", { list: p.networks.join(", ") })) : null,
	);
}
