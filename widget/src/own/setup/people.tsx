import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Answer, call, why } from "../client.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import type { Setup, Strangers } from "./state.ts";
import { t } from "./words.ts";

type Way = Strangers["ways"][number];

/** People is how somebody whom the site does not know can comment: one way must work. */
export function People({ s }: { s: Setup }) {
	const wrong = useSignal("");
	const site = s.site.value;
	const ways = s.strangers.value?.ways ?? [];
	useEffect(() => {
		const look = () => document.visibilityState === "visible" && void s.read();
		document.addEventListener("visibilitychange", look); // providers are set up in another tab
		return () => document.removeEventListener("visibilitychange", look);
	}, []);
	if (!site) return null;
	const can = s.strangers.value?.can === true;
	const guests = async (e: Event) => {
		const box = e.currentTarget as HTMLInputElement;
		const r = await s.change({ guests: box.checked });
		wrong.value = r.body ? "" : why(r);
		if (!r.body) box.checked = !box.checked;
		await s.read();
	};
	const of = (kind: Way["kind"]) => ways.filter((w) => w.kind === kind);
	return (
		<div class="step">
			<h1 tabIndex={-1}>{t("people_title")}</h1>
			<p class="lead">{t("people_lead")}</p>
			<p class={can ? "note ok" : "note warn"} role="status">
				<Icon name={can ? "check" : "alert"} />
				<span>{t(can ? "somebody" : "nobody")}</span>
			</p>
			<div class="ways">
				<section>
					<label class="way-h">
						<span class="grow">
							<b>{t("guests")}</b>
							<span class="t">{t("guests_says")}</span>
						</span>
						<input class="sw" type="checkbox" role="switch" checked={site.guests} aria-label={t("guests")} onChange={guests} />
					</label>
					<p class="err" role="alert">
						{wrong.value}
					</p>
				</section>
				<ByMail s={s} way={of("site")[0]} />
				<section>
					<div class="way-h">
						<span class="grow">
							<b>{t("by_provider")}</b>
							<span class="t">{t("by_provider_says")}</span>
						</span>
					</div>
					{[...of("provider"), ...of("sso")].map((w) => (
						<p key={w.id} class="way-r">
							<span class="grow">{w.label}</span>
							<State way={w} />
						</p>
					))}
					<div class="fx">
						<a class="btn sm" href={`/dashboard/?site=${encodeURIComponent(site.key)}&screen=settings&part=signin`} target="_blank" rel="noopener">
							<Icon name="ext" />
							{t("by_provider_open")}
						</a>
					</div>
				</section>
			</div>
			<div class="acts">
				<Button cls="btn ghost" act={() => s.read()}>
					<Icon name="refresh" />
					{t("check_again")}
				</Button>
				<span class="sp" />
				<button type="button" class="btn pri" onClick={() => s.go("look")}>
					{t(can ? "next" : "next_anyway")}
				</button>
			</div>
		</div>
	);
}

const badges: Readonly<Record<Way["state"], string>> = { works: "bdg ok", untried: "bdg", fails: "bdg bad", off: "bdg" };

function State({ way }: { way: Way }) {
	return <span class={badges[way.state]}>{t(way.state)}</span>;
}

/** ByMail is the site's own account, which ends with a link in a mail; a test mail proves that one arrives. */
function ByMail({ s, way }: { s: Setup; way: Way | undefined }) {
	const told = useSignal<Answer<{ to: string }> | null>(null);
	const site = s.site.value;
	if (!way || !site) return null;
	const to = s.account.value?.email ?? "";
	const test = async () => {
		told.value = await call<{ to: string }>("POST", `/api/v1/sites/${encodeURIComponent(site.key)}/settings/mail-test`);
		await s.read();
	};
	const r = told.value;
	return (
		<section>
			<div class="way-h">
				<span class="grow">
					<b>{t("by_mail", { name: site.name })}</b>
					<span class="t">{t("by_mail_says")}</span>
				</span>
				<State way={way} />
			</div>
			{s.strangers.value?.mail ? (
				<>
					<div class="fx">
						<Button cls="btn sm" act={test}>
							<Icon name="mail" />
							{t("mail_test", { to })}
						</Button>
					</div>
					<p class={r && !r.body ? "err" : "hint"} role="status">
						{r && (r.body ? t("mail_took") : why(r))}
					</p>
				</>
			) : (
				<>
					<p class="hint">{t("mail_off")}</p>
					<pre class="snip">PARLEY_SMTP_URL='smtps://user:password@mail.example.com?from=comments@example.com' parley</pre>
				</>
			)}
		</section>
	);
}
