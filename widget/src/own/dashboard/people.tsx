import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { Past } from "./audit.tsx";
import { ago, type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { isBusy } from "./focus.ts";
import { Invite } from "./invite.tsx";
import { Beside, Close, useFocusKept } from "./parts/beside.tsx";
import { Pages } from "./parts/pages.tsx";
import { search } from "./parts/search.tsx";
import { goTo, Row, Table } from "./parts/table.tsx";
import { Tabs } from "./parts/tabs.tsx";
import { Claims } from "./person/claims.tsx";
import { Invitations } from "./person/invitations.tsx";
import { Notes } from "./person/notes.tsx";
import { Address, Avatar, Bars, Figures, Head, History, levelName, Network, Trust } from "./person/person.tsx";
import { Sanctions } from "./person/sanctions.tsx";
import { OfTheTeam } from "./person/staff.tsx";
import type { Person, PersonDetail } from "./shapes.ts";
import { filters, People } from "./state/people.ts";
import { Icon } from "../ui/icon.tsx";
import { mounted } from "../ui/mounted.tsx";

/** PeopleTabs are the lists of people, and the bans beside them. */
export function PeopleTabs({ desk, current, q }: { desk: Desk; current: string; q: string }) {
	return (
		<Tabs
			desk={desk}
			list={[
				...filters.map((f) => ({
					label: t(f === "" ? "people_all" : `people_${f}`),
					current: f === current,
					go: { screen: "people", filter: f, q },
				})),
				{ label: t("people_bans"), current: current === "bans", go: { screen: "people", filter: "bans" } },
			]}
		/>
	);
}

/** people lists who writes here; a drawer shows one person and what can be done. */
export function people(desk: Desk, p: Params): Screen {
	const state = new People(
		desk,
		p,
		() => isBusy(drawer()),
		(was) => goTo(page.el, was) || find.focus(),
	);
	const page = mounted(<Page s={state} />);
	const drawer = () => page.el.querySelector("aside") as HTMLElement;
	const find = search(t("search_people"), state.q, (v) => desk.go({ screen: "people", filter: state.filter, q: v }));
	return {
		title: t("people"),
		el: page.el,
		stop: page.stop,
		tools: find.el,
		search: find.focus,
		hint: (x) => state.hint(x),
		follow: state.follow,
		place: () => state.list.place(state.open.value),
		restore: (at) => state.list.restore(page.el, at),
		key: (e) => {
			if (e.key !== "Escape" || !(state.open.value || state.inviting.value)) return false;
			if (state.inviting.value) state.invite(false);
			else void state.show("");
			return true;
		},
	};
}

function Page({ s }: { s: People }) {
	const drawer = useRef<HTMLElement>(null);
	const open = s.open.value;
	const add = useRef<HTMLButtonElement>(null);
	const inviting = s.inviting.value;
	const close = () => {
		if (!inviting) return void s.show("");
		s.invite(false);
		add.current?.focus();
	};
	return (
		<Beside
			label={t(inviting ? "invite" : "about_person_short")}
			open={open !== "" || inviting}
			waits={open !== "" && !s.person.value && s.failed.value === ""}
			close={close}
			drawer={drawer}
			list={
				<>
					<PeopleTabs desk={s.desk} current={s.filter} q={s.q} />
					{s.filter === "staff" && s.desk.may("role") && (
						<div class="bar">
							<span class="grow" />
							<button type="button" class="btn sm pri" ref={add} onClick={() => s.invite(true)}>
								<Icon name="plus" />
								{t("invite")}
							</button>
						</div>
					)}
					{s.filter === "staff" && s.desk.may("role") && <Invitations s={s.invitations} />}
					{s.desk.may("role") && <Claims s={s.claims} />}
					<Table
						columns={[
							[t("col_name")],
							[t("col_trust")],
							[t("col_comments"), "num"],
							[t("col_approved"), "num wide2"],
							[t("col_seen"), "wide2"],
						]}
					>
						{s.list.rows.value.map((x) => (
							<Row key={x.id} id={x.id} open={x.id === open} show={s.show}>
								<Cells x={x} />
							</Row>
						))}
					</Table>
					<Pages list={s.list} empty={t("empty_people")} />
				</>
			}
		>
			{inviting && <Invite s={s} />}
			{open && <Drawer key={open} s={s} drawer={drawer} />}
		</Beside>
	);
}

/** Drawer is one person, and what can be done to him; what is typed there outlives a change of the facts. */
function Drawer({ s, drawer }: { s: People; drawer: RefObject<HTMLElement | null> }) {
	useFocusKept(drawer);
	const close = () => void s.show("");
	const p = s.person.value;
	if (s.failed.value)
		return (
			<div class="who">
				<p class="alert grow">{s.failed.value}</p>
				<Close close={close} />
			</div>
		);
	if (!p) return null;
	return (
		<>
			<Head p={p} close={close} />
			<p class="hint" role="status" hidden={!s.news.value}>
				{t("person_changed")}{" "}
				<button type="button" class="lnk" onClick={s.again}>
					{t("show_changes")}
				</button>
			</p>
			<Trust p={p} />
			<Figures p={p} />
			<Notes desk={s.desk} p={p} changed={s.changed} log={false} send={s.send} />
			<History desk={s.desk} p={p} n={20} />
			<Network desk={s.desk} p={p} />
			<Address p={p} />
			{p.role !== "member" && s.desk.may("role") && <OfTheTeam desk={s.desk} p={p} changed={s.changed} send={s.send} />}
			<Past desk={s.desk} person={p} />
			<Sanctions desk={s.desk} p={p} changed={s.changed} send={s.send} />
		</>
	);
}

const since = new Intl.DateTimeFormat(words.lang, { month: "short", year: "numeric" });
const percent = new Intl.NumberFormat(words.lang, { style: "percent" });

/** Cells are what the list tells of a person. */
function Cells({ x }: { x: Person | PersonDetail }) {
	return (
		<>
			<td>
				<div class="pn">
					<Avatar src={x.avatar_url} size={30} lazy />
					<span>
						<button type="button">
							<bdi>{x.name}</bdi>
						</button>
						{x.warnings > 0 && <span class="bdg warn">{t("warnings", { n: x.warnings })}</span>}
						{x.role !== "member" && <span class="bdg acc">{t(`role_${x.role}` as "role_admin")}</span>}
						{x.switched_off && <span class="bdg warn">{t("switched_off")}</span>}
						{x.ban && <span class="bdg bad">{t("banned")}</span>}
						<small>
							{x.invited
								? t("not_accepted")
								: x.guest
								? t("guest")
								: x.via
									? t("via", { provider: x.via })
									: t("since", { date: since.format(new Date(x.since)) })}
						</small>
					</span>
				</div>
			</td>
			<td>
				<Bars level={x.level} role={x.role} cls="tl" box="span" />
				<span class="muted">{levelName(x)}</span>
			</td>
			<td class="num">{words.number(x.comments)}</td>
			<td class="num wide2">{x.approved_share === null ? "–" : percent.format(x.approved_share)}</td>
			<td class="muted wide2">{x.seen_at ? ago(x.seen_at) : "–"}</td>
		</>
	);
}
