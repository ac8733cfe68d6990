import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/icon.tsx";
import { Install } from "./install.tsx";
import { LookStep } from "./look.tsx";
import { Owner } from "./owner.tsx";
import { People } from "./people.tsx";
import { SiteStep } from "./site.tsx";
import { type Setup, type Step, steps } from "./state.ts";
import { t } from "./words.ts";

const sheets: Readonly<Record<Step, (p: { s: Setup }) => preact.JSX.Element | null>> = {
	owner: Owner,
	site: SiteStep,
	people: People,
	look: LookStep,
	install: Install,
};

/** Page is the rail of steps and the one that is to be done. */
export function Page({ s }: { s: Setup }) {
	const at = s.step.value;
	const sheet = useRef<HTMLElement>(null);
	const drawn = useRef(at);
	useLayoutEffect(() => {
		if (drawn.current && drawn.current !== at) sheet.current?.querySelector<HTMLElement>("h1")?.focus();
		drawn.current = at;
	}, [at]);
	const Sheet = steps.includes(at as Step) ? sheets[at as Step] : null;
	return (
		<div class="wrap">
			<aside>
				<div class="brand">
					<Icon name="parley" />
					Parley
				</div>
				{Sheet && <Rail at={at as Step} done={s.site.value?.first_seen_at !== null && at === "install"} />}
			</aside>
			<main class="sheet" ref={sheet}>
				{Sheet ? (
					<Sheet s={s} />
				) : (
					<div class="step">
						<h1 tabIndex={-1}>{t("title")}</h1>
						{at === "no_link" && <p role="alert">{t("needs_link")}</p>}
						{at === "stranger" && (
							<>
								<p>{t("set_up_already")}</p>
								<a class="btn pri" href="/dashboard/">
									{t("sign_in")}
								</a>
							</>
						)}
					</div>
				)}
			</main>
		</div>
	);
}

function Rail({ at, done }: { at: Step; done: boolean }) {
	const now = steps.indexOf(at);
	return (
		<ol class="rail" aria-label={t("steps")}>
			{steps.map((x, i) => {
				const ok = i < now || done;
				return (
					<li key={x} class={ok ? "ok" : i === now ? "now" : ""} aria-current={i === now ? "step" : undefined}>
						<span class="d">{ok ? <Icon name="check" cls="i s" /> : i + 1}</span>
						<span>
							{t(`step_${x}`)}
							<small>{t(`step_${x}_says`)}</small>
						</span>
					</li>
				);
			})}
		</ol>
	);
}
