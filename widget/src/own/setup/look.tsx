import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { why } from "../client.ts";
import { Segment } from "../ui/segment.tsx";
import type { Look, Setup } from "./state.ts";
import { t } from "./words.ts";

const OWN = "#1f5fd6"; // what a colour box begins with

/** LookStep is how the comments look; the preview is the widget itself. */
export function LookStep({ s }: { s: Setup }) {
	const wrong = useSignal("");
	const look = s.look.value;
	const set = (part: Partial<Look>) => {
		s.look.value = { ...s.look.value, ...part };
	};
	const view = async (v: string) => {
		const r = await s.change({ view: v });
		wrong.value = r.body ? "" : why(r);
	};
	const site = s.site.value;
	if (!site) return null;
	return (
		<div class="step">
			<h1 tabIndex={-1}>{t("look_title")}</h1>
			<p class="lead">{t("look_lead")}</p>
			<div class="two">
				<div class="field">
					<span class="lbl">{t("theme")}</span>
					<Segment<Look["theme"]>
						label={t("theme")}
						options={[
							["auto", t("theme_auto")],
							["light", t("theme_light")],
							["dark", t("theme_dark")],
						]}
						value={look.theme}
						change={(theme) => set({ theme })}
					/>
				</div>
				<div class="field">
					<span class="lbl">{t("view")}</span>
					<Segment
						label={t("view")}
						options={[
							["threads", t("view_threads")],
							["flat", t("view_flat")],
						]}
						value={site.view}
						change={view}
					/>
				</div>
			</div>
			<div class="field">
				<label for="accent">{t("accent")}</label>
				<div class="fx">
					<input
						id="accent"
						class="colour"
						type="color"
						value={look.accent || OWN}
						onInput={(e) => set({ accent: e.currentTarget.value })}
					/>
					<button type="button" class="btn sm" disabled={look.accent === ""} onClick={() => set({ accent: "" })}>
						{t("accent_own")}
					</button>
				</div>
			</div>
			<p class="err" role="alert">
				{wrong.value}
			</p>
			<Preview s={s} />
			<div class="acts">
				<button type="button" class="btn ghost" onClick={() => s.go("people")}>
					{t("back")}
				</button>
				<span class="sp" />
				<button type="button" class="btn pri" onClick={() => s.go("install")}>
					{t("next")}
				</button>
			</div>
		</div>
	);
}

/** Preview shows the widget on an empty thread; reading makes none. */
function Preview({ s }: { s: Setup }) {
	const box = useRef<HTMLDivElement>(null);
	const el = useRef<HTMLElement | null>(null);
	const { theme, accent } = s.look.value;
	const view = s.site.value?.view ?? "";
	useEffect(() => {
		const c = document.createElement("parley-comments");
		c.setAttribute("site", s.site.value?.key ?? "");
		c.setAttribute("thread", "set-up");
		c.setAttribute("lazy", "off");
		el.current = c;
		box.current?.append(c);
		return () => box.current?.replaceChildren();
	}, []);
	useEffect(() => {
		const c = el.current;
		if (!c) return;
		const dark = theme === "dark" || (theme === "auto" && document.body.dataset["theme"] === "dark");
		c.setAttribute("theme", dark ? "dark" : "light");
		c.setAttribute("view", view);
		if (accent) c.style.setProperty("--parley-accent", accent);
		else c.style.removeProperty("--parley-accent");
		box.current?.setAttribute("data-ground", dark ? "dark" : "light");
	}, [theme, accent, view]);
	return (
		<section class="preview" aria-label={t("preview")}>
			<div ref={box} inert />
		</section>
	);
}
