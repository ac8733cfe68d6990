import { reasonText } from "../reasons.ts";
import { ago, type Desk, t, words } from "../desk.ts";
import { Close } from "../parts/beside.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { Level, PersonDetail } from "../shapes.ts";

const levels: Level[] = ["new", "member", "regular", "trusted"];

/** Bars draws a level of trust; the words beside it say the same. */
export function Bars({ level, role, cls, box: Box }: { level: Level; role: string; cls: string; box: "span" | "div" }) {
	const n = role === "member" ? levels.indexOf(level) + 1 : levels.length + 1;
	return (
		<Box class={cls} aria-hidden="true">
			{[0, 1, 2, 3, 4].map((i) => (
				<i key={i} class={i < n ? "on" : undefined} />
			))}
		</Box>
	);
}

/** levelName is how a person stands, in words. */
export function levelName(p: { level: Level; role: string; guest: boolean }): string {
	if (p.role !== "member") return t(`role_${p.role}` as "role_admin");
	return p.guest ? t("guest") : t(`level_${p.level}`);
}

/** Avatar is a person's picture. */
export function Avatar({ src, size, lazy = false }: { src: string; size: number; lazy?: boolean }) {
	return (
		<img
			class="av"
			src={src}
			alt=""
			width={size}
			height={size}
			style={{ "--av": `${size}px` }}
			{...(lazy ? { loading: "lazy" as const } : {})}
		/>
	);
}

/** Head is who it is. */
export function Head({ p, close }: { p: PersonDetail; close?: () => void }) {
	const joined = t(p.guest ? "guest_since" : "member_since", {
		date: new Intl.DateTimeFormat(words.lang, { day: "numeric", month: "long", year: "numeric" }).format(new Date(p.since)),
	});
	return (
		<div class="who">
			<Avatar src={p.avatar_url} size={44} />
			<div class="grow">
				<b>
					<bdi>{p.name}</bdi>
				</b>
				{p.switched_off && <span class="bdg warn">{t("switched_off")}</span>}
				{p.invited && <span class="bdg warn">{t("not_accepted")}</span>}
				<span class="t">{p.via ? `${t("via", { provider: p.via })} · ${joined}` : joined}</span>
			</div>
			{p.ban && <span class="bdg bad">{t("banned")}</span>}
			{close && <Close close={close} />}
		</div>
	);
}

/** trusted says why a person is trusted as far as he is. */
function trusted(p: PersonDetail): string {
	if (p.ban?.until) return t("trust_banned_until", { date: words.full(new Date(p.ban.until)), reason: reasonText(p.ban.reason) });
	if (p.ban) return t("trust_banned", { reason: reasonText(p.ban.reason) });
	if (p.role === "moderator" || p.role === "admin") return t("trust_role");
	if (p.demoted) return t("trust_demoted");
	if (p.guest) return t("trust_guest");
	return p.level === "new" ? t("trust_new", { n: p.posts_to_member }) : t(`trust_${p.level}`);
}

/** Trust is how far a person is trusted, and why. */
export function Trust({ p }: { p: PersonDetail }) {
	return (
		<div class="trust">
			<div class="row2">
				<b>{t("trust_is", { level: levelName(p) })}</b>
				<span class="muted">{t("trust_of", { n: p.role === "member" ? levels.indexOf(p.level) : 4 })}</span>
			</div>
			<Bars level={p.level} role={p.role} cls="bars" box="div" />
			<p class="hint">{trusted(p)}</p>
		</div>
	);
}

/** Figures counts what became of a person's comments. */
export function Figures({ p }: { p: PersonDetail }) {
	const cells = [
		[p.comments, t("posted")],
		[p.published, t("approved")],
		[p.rejected, t("rejected_low")],
		[p.reports, t("reports_low", { n: p.reports })],
	] as const;
	return (
		<div>
			<div class="st4">
				{cells.map(([n, label]) => (
					<div key={label}>
						<b>{words.number(n)}</b>
						{label}
					</div>
				))}
			</div>
			{p.reports_dismissed > 0 && <p class="hint">{t("dismissed_low", { n: p.reports_dismissed })}</p>}
			{p.reports_made > 0 && <p class="hint">{t("reports_own", { n: p.reports_made, upheld: p.reports_agreed })}</p>}
			{p.reports_discounted_until && (
				<p class="hint">{t("discounted_until", { date: words.full(new Date(p.reports_discounted_until)) })}</p>
			)}
		</div>
	);
}

/** To is a link to another screen. */
function To({ go, children }: { go: () => void; children: string }) {
	return (
		// biome-ignore lint/a11y/useValidAnchor: it leads to an address of its own, which the desk makes
		<a
			href="#"
			onClick={(e) => {
				e.preventDefault();
				go();
			}}
		>
			{children}
		</a>
	);
}

function Mark({ status }: { status: string }) {
	const bad = status === "rejected" || status === "spam" || status === "deleted";
	const word = t(`status_${status}` as "status_spam");
	return (
		<span title={word}>
			<Icon
				name={status === "pending" ? "clock" : bad ? "x" : "check"}
				cls={`i ${status === "pending" ? "" : bad ? "bad" : "ok"}`}
			/>
			<span class="sr">{word}</span>
		</span>
	);
}

/** History is a person's last comments, at most n of them. */
export function History({ desk, p, n }: { desk: Desk; p: PersonDetail; n: number }) {
	return (
		<div class="sect">
			<div class="cap">
				<h3>{t("recent")}</h3>
				<To go={() => desk.go({ screen: "comments", author: p.id })}>{t("see_all")}</To>
			</div>
			{p.record.length === 0 ? (
				<p class="hint">{t("no_comments")}</p>
			) : (
				<ul class="hist">
					{p.record.slice(0, n).map((r) => (
						<li key={r.id}>
							<Mark status={r.status} />
							<p>{r.text}</p>
							<span class="t">{ago(r.created_at)}</span>
						</li>
					))}
				</ul>
			)}
		</div>
	);
}

const NEIGHBOURS = 8; // that are named

/** Network are who else writes from where a person does. */
export function Network({ desk, p }: { desk: Desk; p: PersonDetail }) {
	if (p.same_network.length === 0) return null;
	return (
		<div class="sect">
			<div class="cap">
				<h3>{t("same_network")}</h3>
			</div>
			<p class="hint">{t("same_network_n", { n: p.same_network.length })}</p>
			<ul class="hist">
				{p.same_network.slice(0, NEIGHBOURS).map((o) => (
					<li key={o.id}>
						<Icon name="user" />
						<p>
							<To go={() => desk.go({ screen: "people", person: o.id })}>{o.name}</To>
							{o.banned ? ` · ${t("banned")}` : ""}
						</p>
						<span class="t">{ago(o.seen_at)}</span>
					</li>
				))}
			</ul>
		</div>
	);
}

/** Address is where a person's mail goes and where he writes from, to who may see that. */
export function Address({ p }: { p: PersonDetail }) {
	if (p.email === null) return null;
	return (
		<div class="sect">
			<div class="cap">
				<h3>{t("address")}</h3>
			</div>
			<p class="hint">{p.email || t("no_address")}</p>
			{p.networks.length > 0 && <p class="hint">{t("networks", { list: p.networks.join(", ") })}</p>}
		</div>
	);
}

/** ToAudit is the way to what was done about a person. */
export function ToAudit({ desk, person }: { desk: Desk; person: string }) {
	return <To go={() => desk.go({ screen: "audit", target: person })}>{t("audit")}</To>;
}
