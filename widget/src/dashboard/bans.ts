import { fill, h } from "../view/h.ts";
import { type Answer, ago, call, type Desk, type Hint, type Params, type Screen, t, words } from "./desk.ts";
import { banFields, keysOn, term } from "./dialogs.ts";
import { field, refuse, segment } from "./form.ts";
import { icon } from "./icons.ts";
import { peopleTabs } from "./people.ts";
import type { Ban } from "./shapes.ts";
import { beside, listing, pager, search } from "./table.ts";

const kinds = ["", "person", "domain", "range"] as const;
type Kind = (typeof kinds)[number];

const ASIDE = 2500; // milliseconds that a row shows who lifted it
const UNDO = 10_000;
const symbols = { person: "user", domain: "mail", range: "globe" } as const;

/** bans lists who is kept from writing, and takes a domain or a range in. */
export function bans(desk: Desk, p: Params): Screen {
	const asked = p["filter"] === "banned" ? "person" : (p["kind"] ?? "");
	const kind: Kind = kinds.find((k) => k === asked) ?? "";
	const q = p["q"] ?? "";
	const here: Params = { screen: "people", filter: "bans", kind, q };
	const rows = h("ol.banl", { "aria-label": t("people_bans") });
	const arrivals = h("button.arrive", { type: "button", hidden: true, onclick: () => void load(true) });
	const late = new Set<string>();
	const mine = new Set<string>();
	let sending: Promise<unknown> = Promise.resolve();
	let back: { run: () => void; until: number } | null = null;
	let open = false;

	const list = pager<Ban>(
		(cursor) => listing(desk, "/moderation/bans", { kind, q }, cursor),
		(answer) => (answer as { bans: Ban[] }).bans,
		(got, first) => {
			if (first) fill(rows, []);
			rows.append(...got.map(row));
		},
		q || kind ? t("empty_bans_found") : t("empty_bans"),
	);
	const load = async (focus = false) => {
		late.clear();
		await list.load();
		if (focus) rows.querySelector<HTMLElement>("button")?.focus();
		arrivals.hidden = late.size === 0; // its focus has gone on by now
	};

	/** send keeps hints of our own acts waiting until we know that they are ours. */
	const send = <T>(method: string, path: string, body?: object) => {
		const sent = call<T>(method, desk.api(path), body);
		sending = sent;
		return sent;
	};

	const lift = async (b: Ban, li: HTMLElement) => {
		mine.add(b.id);
		const r = await send("DELETE", `/moderation/bans/${b.id}`);
		if (r.status !== 204 && r.status !== 404) return desk.toast(t("not_done", { why: r.detail }));
		const next = (li.nextElementSibling ?? li.previousElementSibling)?.querySelector<HTMLElement>(".lift");
		li.remove();
		if (next) next.focus();
		if (rows.childElementCount === 0) void load();
		const said = t("did_lift", { what: whom(b) });
		back = { run: () => void again(b), until: Date.now() + UNDO };
		desk.toast(said, () => back?.run());
	};
	const again = async (b: Ban) => {
		back = null;
		const body = { reason: b.reason, instance: b.instance, ...(b.until ? { until: b.until } : {}) };
		const r =
			b.kind === "person"
				? await send<{ id: string }>("POST", `/moderation/people/${b.person}/${b.until ? "suspend" : "ban"}`, body)
				: await set({ ...body, ...(b.kind === "domain" ? { email_domain: b.email_domain } : { ip_range: b.ip_range }) });
		if (!r.body) return desk.toast(t("not_done", { why: r.detail }));
		desk.toast(t("did_ban", { name: whom(b) }));
		await load();
	};
	const set = async (body: object) => {
		const r = await send<{ id: string }>("POST", "/moderation/bans", body);
		if (r.body) mine.add(r.body.id);
		return r;
	};

	const row = (b: Ban): HTMLElement => {
		const may = desk.may("sanction") && (!b.instance || desk.site.role === "operator");
		const li: HTMLElement = h(
			"li",
			{ "data-id": b.id, "data-person": b.person },
			h("span.pi", {}, icon(symbols[b.kind])),
			h(
				"div.who2",
				{},
				h(
					"div",
					{},
					b.kind === "person"
						? h(
								"button.nm",
								{ type: "button", onclick: () => desk.go({ screen: "people", person: b.person }) },
								h("bdi", {}, b.name),
							)
						: h("code.nm", {}, b.what),
					h("span.bdg", {}, t(`ban_kind_${b.kind}`)),
					b.instance ? h("span.bdg.bad", {}, t("ban_everywhere")) : null,
				),
				h("p", {}, b.reason),
			),
			h(
				"div.when2",
				{},
				h("b", {}, b.until ? t("ban_ends", { date: words.full(new Date(b.until)) }) : t("for_good")),
				h("small", {}, b.by ? t("ban_by", { name: b.by, ago: ago(b.created_at) }) : ago(b.created_at)),
			),
			may
				? h(
						"button.btn.sm.lift",
						{ type: "button", "aria-label": t("lift_of", { what: whom(b) }), onclick: () => void lift(b, li) },
						t("lift_short"),
					)
				: h("span.lift"),
		);
		return li;
	};

	const add = h(
		"button.btn.sm.pri",
		{ type: "button", onclick: () => show(true) },
		icon("plus"),
		t("ban_new"),
		h("kbd", { "aria-hidden": "true" }, "N"),
	);
	const bar = h(
		"div.bar",
		{},
		segment(
			t("kind"),
			kinds.map((k) => [k, t(k === "" ? "ban_kind_all" : `ban_kinds_${k}`)] as const),
			kind,
			(k) => desk.go({ ...here, kind: k }),
		),
		h("span.grow"),
		desk.may("sanction") ? add : null,
	);
	const page = beside(t("ban_new"), peopleTabs(desk, "bans", ""), bar, arrivals, rows, list.el);
	const show = (on: boolean) => {
		if (on && !desk.may("sanction")) return;
		open = on;
		desk.go({ ...here, ...(on ? { new: "1" } : {}) }, true);
		page.put(on ? form(desk, () => show(false), set, taken) : null);
		if (on) page.drawer.querySelector<HTMLElement>("input.inp")?.focus();
		else add.focus();
	};
	const taken = (what: string) => {
		show(false);
		desk.toast(t("did_ban", { name: what }));
		void load();
	};

	const hint = async (x: Hint) => {
		await sending;
		if (x.type === "reset") return void load();
		const id = x.id ?? "";
		if (x.type === "ban" && x.action === "ban" && !mine.has(id)) {
			late.add(id);
			arrivals.textContent = t("arrived", { n: late.size });
			arrivals.hidden = false;
		}
		if (x.action !== "unban" || mine.has(id)) return;
		const li = [...rows.children].find((r) => r instanceof HTMLElement && (r.dataset["id"] === id || r.dataset["person"] === id));
		if (!li || !id) return;
		fill(li, [h("p.muted", {}, t("other_lifted", { name: x.by ?? "" }))]);
		setTimeout(() => li.remove(), ASIDE);
	};

	void list.load();
	if (p["new"] === "1") show(true);
	const find = search(t("search_bans"), q, (v) => desk.go({ ...here, q: v }));
	return {
		title: t("people"),
		el: page.el,
		tools: find.el,
		search: find.focus,
		hint: (x) => void hint(x),
		key: (e) => {
			const k = e.key.toLowerCase();
			if (k === "escape" && open) show(false);
			else if (keysOn() && k === "n" && !open && desk.may("sanction")) show(true);
			else if (keysOn() && k === "u" && back && Date.now() < back.until) back.run();
			else return false;
			return true;
		},
	};
}

/** whom is what a ban meets, in a word. */
function whom(b: Ban): string {
	return b.kind === "person" ? b.name : b.what;
}

/** form asks for a domain or a range, how long and why. */
function form(
	desk: Desk,
	close: () => void,
	set: (body: object) => Promise<Answer<{ id: string }>>,
	done: (what: string) => void,
): HTMLElement[] {
	let kind: "domain" | "range" = "domain";
	const domain = h("input.inp", {
		maxlength: 253,
		autocomplete: "off",
		spellcheck: "false",
		inputmode: "url",
		placeholder: "spam.example",
	});
	const range = h("input.inp.mono", { maxlength: 64, autocomplete: "off", spellcheck: "false", placeholder: "192.0.2.0/24" });
	const every = h("input.chk", { type: "checkbox" });
	const alert = h("p.alert", { role: "alert", hidden: true });
	const button = h("button.btn.bad.full", { type: "submit" });
	const f = banFields((hours) => {
		button.textContent = hours === 0 ? t("ban_for_good") : t("ban_for", { term: term(hours) });
	}, false);
	const known = {
		email_domain: field(t("ban_domain"), domain, t("ban_domain_hint")),
		ip_range: field(t("ban_range"), range, t("ban_range_hint")),
		reason: f.reason,
		until: f.until,
	};
	const pick = (k: "domain" | "range") => {
		kind = k;
		known.email_domain.el.hidden = k !== "domain";
		known.ip_range.el.hidden = k !== "range";
	};
	pick("domain");
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const v = f.value();
		const what = (kind === "domain" ? domain : range).value.trim();
		const mustBe = known[kind === "domain" ? "email_domain" : "ip_range"];
		mustBe.say("");
		if (what === "") {
			mustBe.say(t("must_be_given"));
			mustBe.control.focus();
			return;
		}
		button.disabled = true;
		const r = await set({
			...(kind === "domain" ? { email_domain: what } : { ip_range: what }),
			reason: v.reason,
			...(v.until ? { until: v.until } : {}),
			...(every.checked ? { instance: true } : {}),
		});
		button.disabled = false;
		if (r.body) return done(what);
		refuse(known, r, (text) => {
			alert.textContent = text;
			alert.hidden = text === "";
		});
	};
	return [
		h(
			"div.who",
			{},
			h("h2.grow", {}, t("ban_new")),
			h("button.ib", { type: "button", "aria-label": t("close"), onclick: close }, icon("x")),
		),
		h("p.hint", {}, t("ban_lead")),
		h(
			"form.stack",
			{ novalidate: true, onsubmit: submit },
			segment(
				t("ban_what"),
				[
					["domain", t("ban_kind_domain")],
					["range", t("ban_kind_range")],
				],
				"domain",
				pick,
				"full",
			),
			known.email_domain.el,
			known.ip_range.el,
			...f.el,
			desk.site.role === "operator"
				? h("label.ck", {}, every, h("span", {}, t("ban_every_site"), h("small.hint", {}, t("ban_every_site_says"))))
				: null,
			alert,
			button,
		),
	];
}
