import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { call, type Desk, t, words } from "../desk.ts";
import type { KnownWay, OwnWay, SignInWays as Told } from "../shapes.ts";
import { Issuer, Registration } from "./registration.tsx";

type Health = Pick<OwnWay, "state" | "last_used_at" | "failed_at" | "failed_step" | "failure">;

/** Both is a provider that is known, and what this site has set up of it. */
type Both = readonly [KnownWay, OwnWay | undefined];

const marks: Readonly<Record<string, string>> = { facebook: "fb", google: "goog", apple: "appl", github: "gh" };

function pairs({ ways, known }: Told): Both[] {
	const own = (id: string) => ways.find((w) => w.provider === id);
	return [
		...known.map((k): Both => [k, own(k.provider)]),
		...ways.filter((w) => !known.some((k) => k.provider === w.provider)).map((w): Both => [{ ...w, instance: false }, w]),
	];
}

/** SignInMethods are the providers of a site: what is set up, how it does, and the forms that change it. */
export function SignInMethods({ desk }: { desk: Desk }) {
	const told = useSignal<Told | null>(null);
	const failed = useSignal("");
	const drawn = useSignal(0);
	const root = useRef<HTMLDivElement>(null);
	const load = async (at = "") => {
		const r = await call<Told>("GET", desk.api("/settings/ways"));
		failed.value = r.body ? "" : `${t("failed")} ${r.detail}`;
		told.value = r.body;
		drawn.value++;
		if (at) setTimeout(() => again(at));
	};
	/** again goes to the button that opens the form which has gone. */
	const again = (at: string) => {
		const button = root.current?.querySelector<HTMLElement>(`[aria-controls="way-${CSS.escape(at)}"]`);
		if (button?.checkVisibility?.() ?? button) button?.focus();
		else root.current?.querySelector<HTMLElement>("summary")?.focus();
	};
	useEffect(() => void load(), []);
	if (failed.value)
		return (
			<div class="stack" ref={root}>
				<p class="alert">{failed.value}</p>
			</div>
		);
	if (!told.value)
		return (
			<div class="stack" ref={root}>
				<p class="hint" role="status">
					{t("loading")}
				</p>
			</div>
		);
	const all = pairs(told.value);
	const on = all.filter(([k, w]) => w || k.instance);
	const off = all.filter(([k, w]) => !w && !k.instance);
	const rows = (list: Both[]) => (
		<div class="rows">
			{list.map(([k, w]) => (
				<Row key={k.provider} desk={desk} k={k} own={w} changed={load} />
			))}
		</div>
	);
	return (
		<div class="stack" ref={root}>
			{on.length > 0 ? rows(on) : <p class="hint">{t("ways_none")}</p>}
			<details class="more2" key={drawn.value} open={on.length === 0}>
				<summary>{t("ways_more", { n: off.length })}</summary>
				{rows(off)}
			</details>
			<Issuer key={`issuer ${drawn.value}`} desk={desk} changed={load} />
		</div>
	);
}

interface RowProps {
	desk: Desk;
	k: KnownWay;
	own: OwnWay | undefined;
	changed: (provider: string) => Promise<void>;
}

/** Row is one provider with its state; its button opens the form below it. */
function Row({ desk, k, own, changed }: RowProps) {
	const open = useSignal(false);
	const box = useRef<HTMLDivElement>(null);
	const button = useRef<HTMLButtonElement>(null);
	const health: Health = own ?? k;
	const set = own !== undefined || k.instance;
	const failing = set && health.state === "failing";
	const verb = failing ? t("way_fix") : own ? t("way_manage") : k.instance ? t("way_own_keys") : t("way_set_up");
	const turn = (on: boolean) => {
		open.value = on;
		setTimeout(() => (on ? box.current?.querySelector<HTMLElement>("input:not([readonly])") : button.current)?.focus());
	};
	const done = async (provider: string) => {
		open.value = false;
		await changed(provider);
	};
	return (
		<div class="way">
			<div class="wayrow">
				<span class="pi">
					{marks[k.provider] ? <Icon name={marks[k.provider] ?? ""} /> : <b aria-hidden="true">{k.label.slice(0, 1)}</b>}
				</span>
				<div class="grow">
					<b>{k.label}</b>
					<span class="t">{set ? says(health, k.instance && !own) : t("way_not_set")}</span>
				</div>
				{set && (
					<span class={failing ? "bdg bad" : "bdg ok"}>
						{t(failing ? "way_failing" : own ? "way_connected" : "way_of_server")}
					</span>
				)}
				<button
					type="button"
					class="btn sm"
					aria-expanded={open.value ? "true" : "false"}
					aria-controls={`way-${k.provider}`}
					aria-label={`${verb}: ${k.label}`}
					ref={button}
					onClick={() => turn(!open.value)}
				>
					{verb}
				</button>
			</div>
			<div class="wayform" id={`way-${k.provider}`} hidden={!open.value} ref={box}>
				{open.value && <Registration desk={desk} k={k} own={own} changed={done} close={() => turn(false)} />}
			</div>
		</div>
	);
}

/** says tells how a way does. */
function says(x: Health, ofServer: boolean): string {
	if (x.state === "failing" && x.failed_at) {
		const where = t(`way_step_${x.failed_step}` as "way_step_token");
		return t("way_failed", { where, why: x.failure, at: words.full(new Date(x.failed_at)) });
	}
	if (x.last_used_at) return t("way_used", { at: words.full(new Date(x.last_used_at)) });
	return t(ofServer ? "way_server_says" : "way_unused");
}
