import { reasonText } from "./reasons.ts";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/icon.tsx";
import { mounted } from "../ui/mounted.tsx";
import { Segment } from "../ui/segment.tsx";
import { ago, type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { keysOn } from "./keys.tsx";
import { NewBan } from "./newban.tsx";
import { Beside } from "./parts/beside.tsx";
import { Pages } from "./parts/pages.tsx";
import { Arrivals, search } from "./parts/search.tsx";
import { PeopleTabs } from "./people.tsx";
import type { Ban } from "./shapes.ts";
import { Bans, kinds, whom } from "./state/bans.ts";

const symbols = { person: "user", domain: "mail", range: "globe" } as const;

/** bans lists who is kept from writing, and takes a domain or a range in. */
export function bans(desk: Desk, p: Params): Screen {
	const state = new Bans(desk, p);
	const page = mounted(<Page s={state} />);
	const find = search(t("search_bans"), state.q, (v) => desk.go({ ...state.here, q: v }));
	return {
		title: t("people"),
		el: page.el,
		stop: page.stop,
		tools: find.el,
		search: find.focus,
		hint: (x) => void state.hint(x),
		follow: state.follow,
		place: () => state.list.place(),
		restore: (at) => state.list.restore(page.el, at),
		key: (e) => {
			const k = e.key.toLowerCase();
			if (k === "escape" && state.open.value) state.show(false);
			else if (keysOn() && k === "n" && !state.open.value && desk.may("sanction")) state.show(true);
			else return keysOn() && k === "u" && state.undo();
			return true;
		},
	};
}

function Page({ s }: { s: Bans }) {
	const drawer = useRef<HTMLElement>(null);
	const add = useRef<HTMLButtonElement>(null);
	const rows = useRef<HTMLOListElement>(null);
	const open = s.open.value;
	const was = useRef(open);
	useLayoutEffect(() => {
		if (was.current === open) return;
		was.current = open;
		if (open) drawer.current?.querySelector<HTMLElement>("input.inp")?.focus();
		else add.current?.focus();
	}, [open]);
	const arrived = async () => {
		await s.load();
		setTimeout(() => {
			rows.current?.querySelector("button")?.focus(); // drawn by now
			s.settle(); // hidden once the focus has gone on
		});
	};
	return (
		<Beside
			label={t("ban_new")}
			open={open}
			close={() => s.show(false)}
			drawer={drawer}
			list={
				<>
					<PeopleTabs desk={s.desk} current="bans" q="" />
					<div class="bar">
						<Segment
							label={t("kind")}
							options={kinds.map((k) => [k, t(k === "" ? "ban_kind_all" : `ban_kinds_${k}`)] as const)}
							value={s.kind}
							change={(kind) => s.desk.go({ ...s.here, kind })}
						/>
						<span class="grow" />
						{s.desk.may("sanction") && (
							<button type="button" class="btn sm pri" ref={add} onClick={() => s.show(true)}>
								<Icon name="plus" />
								{t("ban_new")}
								<kbd aria-hidden="true">N</kbd>
							</button>
						)}
					</div>
					<Arrivals n={s.late.value} show={() => void arrived()} />
					<ol class="banl" aria-label={t("people_bans")} ref={rows}>
						{s.list.rows.value.map((b) => (
							<Row key={b.id} s={s} b={b} />
						))}
					</ol>
					<Pages list={s.list} empty={s.q || s.kind ? t("empty_bans_found") : t("empty_bans")} />
				</>
			}
		>
			{open && <NewBan s={s} />}
		</Beside>
	);
}

/** Row is one ban; who lifts it goes on with the next. */
function Row({ s, b }: { s: Bans; b: Ban }) {
	const li = useRef<HTMLLIElement>(null);
	const by = s.lifted.value.get(b.id);
	const lift = async () => {
		const next = li.current?.nextElementSibling ?? li.current?.previousElementSibling;
		if (await s.lift(b)) next?.querySelector<HTMLElement>(".lift")?.focus();
	};
	return (
		<li data-id={b.id} data-person={b.person} ref={li}>
			{by === undefined ? (
				<>
					<span class="pi">
						<Icon name={symbols[b.kind]} />
					</span>
					<div class="who2">
						<div>
							{b.kind === "person" ? (
								<button type="button" class="nm" onClick={() => s.desk.go({ screen: "people", person: b.person })}>
									<bdi>{b.name}</bdi>
								</button>
							) : (
								<code class="nm">{b.what}</code>
							)}
							<span class="bdg">{t(`ban_kind_${b.kind}`)}</span>
							{b.instance && <span class="bdg bad">{t("ban_everywhere")}</span>}
						</div>
						<p>{reasonText(b.reason)}</p>
					</div>
					<div class="when2">
						<b>{b.until ? t("ban_ends", { date: words.full(new Date(b.until)) }) : t("for_good")}</b>
						<small>{b.by ? t("ban_by", { name: b.by, ago: ago(b.created_at) }) : ago(b.created_at)}</small>
					</div>
					{s.may(b) ? (
						<button type="button" class="btn sm lift" aria-label={t("lift_of", { what: whom(b) })} onClick={() => void lift()}>
							{t("lift_short")}
						</button>
					) : (
						<span class="lift" />
					)}
				</>
			) : (
				<p class="muted">{t("other_lifted", { name: by })}</p>
			)}
		</li>
	);
}
