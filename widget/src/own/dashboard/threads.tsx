import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { mounted } from "../ui/mounted.tsx";
import { Select } from "../ui/select.tsx";
import { ago, type Desk, type Params, type Screen, t, words } from "./desk.ts";
import { mergeInto, mergeTwo, MovingBar } from "./moving.tsx";
import { Beside, Close, useFocusKept } from "./parts/beside.tsx";
import { Pages } from "./parts/pages.tsx";
import { search } from "./parts/search.tsx";
import { goTo, Row, Table } from "./parts/table.tsx";
import { Tabs } from "./parts/tabs.tsx";
import { whole } from "./rail.ts";
import type { ThreadRow } from "./shapes.ts";
import { filters, Threads } from "./state/threads.ts";

const modes = ["", "publish", "newcomers", "guests", "links", "all"] as const;
const slows = [0, 30, 60, 300, 900] as const;

/** threads lists the pages: open, close, rename, what is held there. */
export function threads(desk: Desk, p: Params): Screen {
	const state = new Threads(desk, p, (was) => goTo(page.el, was) || find.focus());
	const page = mounted(<Page s={state} />);
	const find = search(t("search_threads"), state.q, (v) => desk.go({ screen: "threads", filter: state.filter, q: v }));
	return {
		title: t("threads"),
		el: page.el,
		stop: () => {
			state.moving.stop();
			page.stop();
		},
		hint: state.moving.hint,
		tools: find.el,
		search: find.focus,
		follow: state.follow,
		place: () => state.list.place(state.open.value),
		restore: (at) => state.list.restore(page.el, at),
		key: (e) => {
			if (e.key !== "Escape" || !state.open.value) return false;
			state.show("");
			return true;
		},
	};
}

function Page({ s }: { s: Threads }) {
	const drawer = useRef<HTMLElement>(null);
	const open = s.open.value;
	const shown = s.thread.value;
	const close = () => s.show("");
	return (
		<Beside
			label={t("about_thread")}
			open={open !== ""}
			close={close}
			drawer={drawer}
			list={
				<>
					<Tabs
						desk={s.desk}
						list={filters.map((f) => ({
							label: t(f === "" ? "threads_all" : `state_${f}`),
							current: f === s.filter,
							go: { screen: "threads", filter: f, q: s.q },
						}))}
					/>
					<MovingBar s={s.moving} />
					{s.alike.value.map((x) => (
						<div class="note warn apart" key={x.key}>
							<Icon name="alert" />
							<span class="grow">{t("alike_threads", { a: x.like, b: x.key })}</span>
							{s.desk.may("thread") && (
								<button type="button" class="btn sm" onClick={() => void mergeTwo(s.moving, x)}>
									{t("merge")}
								</button>
							)}
						</div>
					))}
					<Table
						cls="wrap"
						columns={[
							[t("col_thread")],
							[t("col_state")],
							[t("col_comments"), "num"],
							[t("col_waiting"), "num wide2"],
							[t("col_last"), "wide2"],
						]}
					>
						{s.list.rows.value.map((x) => (
							<Row key={x.id} id={x.id} open={x.id === open} show={s.show}>
								<Cells x={x} />
							</Row>
						))}
					</Table>
					<Pages list={s.list} empty={t("empty_threads")} />
				</>
			}
		>
			{open && (shown ? <Drawer key={shown.id} s={s} x={shown} close={close} drawer={drawer} /> : <Missing close={close} />)}
		</Beside>
	);
}

/** Cells are what the list tells of a thread. */
function Cells({ x }: { x: ThreadRow }) {
	return (
		<>
			<td>
				<div class="pn">
					<span>
						<button type="button">{x.title || x.key}</button>
						{x.mode && <span class="bdg warn">{t(`mode_${x.mode}` as "mode_all")}</span>}
						<small>{x.key}</small>
					</span>
				</div>
			</td>
			<td>
				<span class={x.state === "open" ? "bdg ok" : "bdg"}>{t(`state_${x.state}`)}</span>
			</td>
			<td class="num">{words.number(x.comment_count)}</td>
			<td class="num wide2">{whole(x.waiting)}</td>
			<td class="muted wide2">{x.last_comment_at ? ago(x.last_comment_at) : "–"}</td>
		</>
	);
}

/** Missing says that what the address names is not in this list. */
function Missing({ close }: { close: () => void }) {
	return (
		<div class="who">
			<p class="hint grow" role="status">
				{t("not_listed")}
			</p>
			<Close close={close} />
		</div>
	);
}

interface DrawerProps {
	s: Threads;
	x: ThreadRow;
	close: () => void;
	drawer: RefObject<HTMLElement | null>;
}

/** Drawer is one thread: after every change its boxes begin anew from what holds. */
function Drawer({ s, x, close, drawer }: DrawerProps) {
	useFocusKept(drawer);
	const wrong = useSignal("");
	const send = async (body: object) => {
		wrong.value = await s.change(x, body);
	};
	const may = s.desk.may("thread");
	const merge = async () => {
		const into = await mergeInto(s.moving, x);
		if (into) close(); // it is in the list no more
	};
	return (
		<>
			<div class="who">
				<div class="grow">
					<b>{x.title || x.key}</b>
					<span class="t">
						{/^https?:/.test(x.url) ? (
							<a href={x.url} target="_blank" rel="noopener noreferrer">
								{x.url}
							</a>
						) : (
							<span>{x.key}</span>
						)}
					</span>
				</div>
				<Close close={close} />
			</div>
			<div class="fx">
				{may && (
					<button
						type="button"
						class={x.state === "open" ? "btn" : "btn pri"}
						onClick={() => void send({ state: x.state === "open" ? "closed" : "open" })}
					>
						{x.state === "open" ? t("close_thread") : t("open_thread")}
					</button>
				)}
				{may && (
					<button type="button" class="btn" onClick={() => void merge()}>
						{t("merge_into")}
					</button>
				)}
				<button type="button" class="btn ghost" onClick={() => s.desk.go({ screen: "comments", thread: x.id })}>
					{t("its_comments")}
				</button>
			</div>
			{x.closes_at && <p class="hint">{t("closes_at", { date: words.full(new Date(x.closes_at)) })}</p>}
			<Boxes key={JSON.stringify(x)} x={x} may={may} send={send} wrong={wrong.value} />
		</>
	);
}

interface BoxesProps {
	x: ThreadRow;
	may: boolean;
	send: (body: object) => Promise<void>;
	wrong: string;
}

function Boxes({ x, may, send, wrong }: BoxesProps) {
	const title = useRef<HTMLInputElement>(null);
	const aliases = useRef<HTMLTextAreaElement>(null);
	const mode = useRef<string>(x.mode);
	const slow = useRef(x.slow_seconds);
	const save = () =>
		send({
			title: title.current?.value,
			mode: mode.current,
			slow_seconds: slow.current,
			aliases: (aliases.current?.value ?? "")
				.split("\n")
				.map((a) => a.trim())
				.filter((a) => a !== ""),
		});
	return (
		<>
			<Field
				id="th-title"
				label={t("title_of_page")}
				control={(named) => <input class="inp" defaultValue={x.title} maxLength={300} disabled={!may} ref={title} {...named} />}
			/>
			<Field
				id="th-mode"
				label={t("mode_here")}
				control={({ id }) => (
					<Select
						id={id}
						cls="sel box full"
						disabled={!may}
						value={x.mode}
						options={modes.map((m) => [m, m === "" ? t("mode_site") : t(`mode_${m}`)])}
						change={(v) => {
							mode.current = v;
						}}
					/>
				)}
			/>
			<Field
				id="th-slow"
				label={t("slow_mode")}
				hint={t("slow_hint")}
				control={({ id }) => (
					<Select
						id={id}
						cls="sel box full"
						disabled={!may}
						value={x.slow_seconds}
						options={[...new Set([...slows, x.slow_seconds])].map((n) => [n, n === 0 ? t("slow_site") : t("seconds", { n })])}
						change={(v) => {
							slow.current = Number(v);
						}}
					/>
				)}
			/>
			<Field
				id="th-alias"
				label={t("aliases")}
				hint={t("aliases_hint")}
				control={(named) => (
					<textarea class="inp mono" rows={3} disabled={!may} defaultValue={x.aliases.join("\n")} ref={aliases} {...named} />
				)}
			/>
			<p class="alert" role="alert" hidden={wrong === ""}>
				{wrong}
			</p>
			{may && (
				<button type="button" class="btn pri" onClick={() => void save()}>
					{t("save")}
				</button>
			)}
		</>
	);
}
