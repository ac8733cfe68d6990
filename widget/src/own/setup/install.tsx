import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Attrs } from "../install/platforms.ts";
import { Snippet } from "../install/snippet.tsx";
import { why } from "../client.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { InstallCheck } from "../ui/install-check.tsx";
import type { Look, Setup } from "./state.ts";
import { t } from "./words.ts";

const LOOK_MS = 2000; // between two looks for the first page

/** Install is the snippet, and what becomes of it. */
export function Install({ s }: { s: Setup }) {
	const site = s.site.value;
	const live = site?.first_seen_at != null;
	useEffect(() => {
		if (live) return;
		const timer = setInterval(() => document.visibilityState === "visible" && void s.read(), LOOK_MS);
		return () => clearInterval(timer);
	}, [live]);
	if (!site) return null;
	const { attrs, style } = written(s.look.value);
	return (
		<div class="step">
			<h1 tabIndex={-1}>{t("install_title")}</h1>
			<p class="lead">{t("install_lead")}</p>
			<Snippet
				base={s.meta.base}
				site={site.key}
				attrs={attrs}
				style={style}
			/>
			<Waiting s={s} />
			{s.strangers.value?.can === false && (
				<p class="note warn">
					<Icon name="alert" />
					<span>
						{t("nobody")}{" "}
						<button type="button" class="lnk" onClick={() => s.go("people")}>
							{t("people_title")}
						</button>
					</span>
				</p>
			)}
			<div class="acts">
				<button type="button" class="btn ghost" onClick={() => s.go("look")}>
					{t("back")}
				</button>
				<span class="sp" />
				{live && (
					<a class="btn" href={site.origins[0] ?? "/"} target="_blank" rel="noopener">
						<Icon name="ext" />
						{t("open_site")}
					</a>
				)}
				<a class={live ? "btn pri" : "btn ghost"} href={`/dashboard/?site=${encodeURIComponent(site.key)}`}>
					{t(live ? "done" : "later")}
				</a>
			</div>
		</div>
	);
}

/** written is the look as a page says it. */
function written(look: Look): { attrs: Attrs; style: string } {
	return {
		attrs: look.theme === "auto" ? [] : [["theme", look.theme]],
		style: look.accent ? `<style>parley-comments { --parley-accent: ${look.accent} }</style>` : "",
	};
}

/** Waiting says how far a page of the site has come, by itself. */
function Waiting({ s }: { s: Setup }) {
	const wrong = useSignal("");
	const site = s.site.value;
	if (!site) return null;
	const live = site.first_seen_at !== null;
	const strange = live ? undefined : site.refused_origins[0];
	const allow = async () => {
		const r = await s.change({ add_origins: [strange?.origin ?? ""] });
		wrong.value = r.body ? "" : why(r);
	};
	const rows = [
		[t("asked"), live || !!strange],
		[t("listed"), live],
		[t("drawn"), live],
	] as const;
	return (
		<div class={strange ? "wait bad" : "wait"} role="status">
			<div class="wait-h">
				<span class={live ? "ping s" : strange ? "ping s b" : "ping"} aria-hidden="true">
					{live ? <Icon name="check" /> : strange ? <Icon name="alert" /> : <i />}
				</span>
				<div>
					<b>{t(live ? "live" : strange ? "refused" : "waiting")}</b>
					<span class="hint">{live ? t("live_says", { origin: site.origins[0] ?? "" }) : t(strange ? "refused_says" : "waiting_says")}</span>
				</div>
			</div>
			<ul>
				{rows.map(([text, ok], i) =>
					strange && i === 1 ? (
						<li key={text} class="bad">
							<Icon name="x" />
							<span>{t("refused_row", { origin: strange.origin, listed: site.origins.join(", ") })}</span>
						</li>
					) : (
						<li key={text} class={ok ? "ok" : ""}>
							{ok ? <Icon name="check" /> : <span class={i === 0 ? "o sp" : "o"} />}
							{text}
						</li>
					),
				)}
				{strange && (
					<li>
						<Button cls="btn sm pri" act={allow}>
							{t("allow", { origin: strange.origin })}
						</Button>
					</li>
				)}
			</ul>
			<p class="err" role="alert">
				{wrong.value}
			</p>
			{!live && (
				<details class="wait-f">
					<summary>{t("trouble")}</summary>
					<InstallCheck site={site.key} page={`${site.origins[0] ?? ""}/`} />
				</details>
			)}
		</div>
	);
}
