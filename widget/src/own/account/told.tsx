import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Answers } from "../../shared/api/generated.d.ts";
import { nodes } from "../../shared/dom/html.ts";
import { call } from "../client.ts";
import { act } from "./acts.ts";
import { Act, Card } from "./card.tsx";
import { at, t, words } from "./words.ts";

type Page = Answers["GET /api/v1/me/notifications"];
type Notification = Page["notifications"][number];

const QUOTE = 140; // characters of a comment that are shown

/** said puts what happened into words. */
function said(n: Notification): string {
	return words.t(`told_${n.kind}` as Parameters<typeof words.t>[0], { name: n.actor?.name ?? "", n: n.count });
}

function quoted(n: Notification): string {
	const text = (nodes(n.comment.html).textContent ?? "").replace(/\s+/g, " ").trim();
	const signs = [...text];
	return signs.length > QUOTE ? `${signs.slice(0, QUOTE).join("")}…` : text;
}

/** Told is what the account's bell says, on all sites. */
export function Told() {
	const list = useSignal<Notification[]>([]);
	const next = useSignal<string | null>(null);
	const unread = useSignal(0);
	const come = async (cursor = "") => {
		const r = await call<Page>("GET", `/api/v1/me/notifications?${new URLSearchParams({ cursor })}`);
		if (!r.body) return;
		list.value = cursor ? [...list.value, ...r.body.notifications] : r.body.notifications;
		next.value = r.body.next_cursor;
		unread.value = r.body.unread;
	};
	useEffect(() => {
		void come();
		const again = () => void (document.visibilityState === "visible" && come()); // what was read elsewhere is read here
		document.addEventListener("visibilitychange", again);
		return () => document.removeEventListener("visibilitychange", again);
	}, []);
	const newest = list.value[0];
	return (
		<div id="notifications">
			<Card title={t("notifications")} sub={t("notifications_lead")}>
				{list.value.length === 0 && <p class="hint">{t("notifications_none")}</p>}
				<ul class="list">
					{list.value.map((n) => (
						<li key={n.id}>
							<span class="what">
								<b>
									{!n.read && <span class="tag">{t("unread")}</span>} {n.kind === "removed" || n.kind === "refused" ? said(n) : <a href={n.url}>{said(n)}</a>}
								</b>
								{quoted(n) && (
									<q class="wrote" dir="auto">
										{quoted(n)}
									</q>
								)}
								<small>
									{at(n.at)} · <bdi>{n.site.name}</bdi> · <bdi>{n.title}</bdi>
								</small>
							</span>
						</li>
					))}
				</ul>
				<div class="acts">
					{unread.value > 0 && newest && (
						<Act act={() => act("PUT", "/api/v1/me/notifications/read", { until: newest.id }, t("all_read"))}>{t("mark_all_read")}</Act>
					)}
					{next.value && (
						<Act kind="ghost" act={() => come(next.value ?? "")}>
							{t("earlier_ones")}
						</Act>
					)}
				</div>
			</Card>
		</div>
	);
}
