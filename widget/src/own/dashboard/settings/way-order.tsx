import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { call, t } from "../desk.ts";
import type { SignInWays } from "../shapes.ts";
import type { SiteSettings } from "../state/settings.ts";
import { useChange } from "./change.ts";

type Way = SignInWays["order"][number];

/** WayOrder is the order in which readers see the sign-in methods; the first one and the site's own have tabs. */
export function WayOrder({ s }: { s: SiteSettings }) {
	const ways = useSignal<readonly Way[]>([]);
	const said = useSignal("");
	const list = useRef<HTMLOListElement>(null);
	const { wrong, change } = useChange(s);
	const now = s.now.value;
	useEffect(() => {
		void call<SignInWays>("GET", s.desk.api("/settings/ways")).then((r) => {
			ways.value = r.body?.order ?? [];
		});
	}, [now?.accounts, now?.guests, now?.sso_login_url]);
	const name = (w: Way) => (w.kind === "guest" ? t("guest_way") : w.kind === "provider" ? w.label : t("way_site", { name: w.label }));
	const move = async (from: number, to: number) => {
		const next = [...ways.value];
		const [w] = next.splice(from, 1);
		if (!w) return;
		next.splice(to, 0, w);
		// Ways that are not offered now keep their places behind those that are.
		const rest = (now?.ways_order ?? []).filter((id) => !next.some((x) => x.id === id));
		if (!(await change({ ways_order: [...next.map((x) => x.id), ...rest] }))) return;
		ways.value = next;
		said.value = t("way_moved", { name: name(w), n: to + 1 });
		// The button that was pressed has gone along; at an end it does nothing more, and the other one has the focus.
		setTimeout(() => {
			const [up, down] = list.current?.children[to]?.querySelectorAll("button") ?? [];
			(from > to ? (up?.disabled ? down : up) : down?.disabled ? up : down)?.focus();
		});
	};
	if (ways.value.length < 2) return null;
	return (
		<>
			<h3>{t("way_order")}</h3>
			<p class="hint">{t("way_order_says")}</p>
			<ol class="rows order" ref={list}>
				{ways.value.map((w, i) => (
					<li key={w.id}>
						<span class="grow">{name(w)}</span>
						<Mover by="up" name={name(w)} off={i === 0} go={() => void move(i, i - 1)} />
						<Mover by="down" name={name(w)} off={i === ways.value.length - 1} go={() => void move(i, i + 1)} />
					</li>
				))}
			</ol>
			<p class="sr" role="status">
				{said.value}
			</p>
			{wrong.value && (
				<p class="err" role="alert">
					{wrong.value}
				</p>
			)}
		</>
	);
}

function Mover({ by, name, off, go }: { by: "up" | "down"; name: string; off: boolean; go: () => void }) {
	return (
		<button type="button" class="ib" disabled={off} aria-label={t(by === "up" ? "way_up" : "way_down", { name })} onClick={go}>
			<Icon name="cd" cls={by === "up" ? "i turned" : "i"} />
		</button>
	);
}
