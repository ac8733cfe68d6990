import { useRef } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { clock, t } from "../desk.ts";
import type { SiteSettings } from "../state/settings.ts";
import { useChange } from "./change.ts";
import { By } from "./clash.tsx";

/** Origins are the addresses that may show the comments; the last one stays. */
export function Origins({ s }: { s: SiteSettings }) {
	const { wrong, change } = useChange(s);
	const box = useRef<HTMLInputElement>(null);
	const rows = useRef<HTMLDivElement>(null);
	const now = s.now.value;
	if (!now) return null;
	const add = async () => {
		const el = box.current;
		const typed = el?.value.trim() ?? "";
		if (el && typed && (await change({ add_origins: [typed] }))) el.value = "";
	};
	const take = async (origin: string) => {
		if (await change({ add_origins: [origin] })) box.current?.focus();
	};
	/** drop takes one away and goes on where it stood. */
	const drop = async (i: number) => {
		if (!(await change({ remove_origins: [now.origins[i] ?? ""] }))) return;
		setTimeout(() => {
			const left = [...(rows.current?.querySelectorAll("button") ?? [])];
			(left[Math.min(i, left.length - 1)] ?? box.current)?.focus();
		});
	};
	return (
		<div class="field">
			<span class="lbl">{t("origins")}</span>
			<div class="rows" ref={rows}>
				{now.origins.map((o, i) => (
					<div key={o}>
						<Icon name="globe" />
						<code class="grow">{o}</code>
						{now.origins.length > 1 && (
							<button type="button" class="ib" aria-label={t("origin_remove", { origin: o })} onClick={() => void drop(i)}>
								<Icon name="x" />
							</button>
						)}
					</div>
				))}
			</div>
			<div class="rows">
				{now.refused_origins.map((x) => (
					<div key={x.origin}>
						<Icon name="alert" />
						<span class="grow">{t("origin_refused", { origin: x.origin, n: x.count, first: clock(x.first_at) })}</span>
						<button
							type="button"
							class="btn sm"
							aria-label={t("origin_add", { origin: x.origin })}
							onClick={() => void take(x.origin)}
						>
							{t("add")}
						</button>
					</div>
				))}
			</div>
			<div class="fx">
				<span class="grow">
					<input
						class="inp"
						type="url"
						placeholder="https://"
						aria-label={t("origin_new")}
						ref={box}
						onKeyDown={(e) => e.key === "Enter" && void add()}
					/>
				</span>
				<button type="button" class="btn" onClick={() => void add()}>
					{t("add")}
				</button>
			</div>
			<By s={s} name="origins" />
			<p class="err" role="alert">
				{wrong.value}
			</p>
		</div>
	);
}
