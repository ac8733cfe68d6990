import { type Signal, signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import en from "../../../../static/i18n/en/check.json";
import type { Answers } from "../../shared/api/generated.d.ts";
import { Words } from "../../shared/i18n/catalogue.ts";
import { type Answer, call } from "../client.ts";
import { Icon } from "./icon.tsx";

/** Check is how a check of a page stands, as the server tells it. */
export type Check = Answers["GET /api/v1/sites/{site}/checks/{token}"];
type Finding = Check["findings"][number];

const POLL_MS = 2_000;

const words = new Words(en, document.documentElement.lang);
const t: typeof words.t = (key, values) => words.t(key, values);

/** Checking is one check after the other of a site's pages. */
export class Checking {
	readonly now: Signal<Check | null> = signal(null);
	readonly problem = signal("");

	constructor(readonly site: string) {}

	private at(token = ""): string {
		return `/api/v1/sites/${encodeURIComponent(this.site)}/checks${token && `/${encodeURIComponent(token)}`}`;
	}

	/** begin makes a check of a page; "" is the site's front page. */
	async begin(page: string): Promise<void> {
		this.problem.value = "";
		this.take(await call<Check>("POST", this.at(), { page }));
	}

	/** ask looks what the page has said meanwhile. */
	async ask(): Promise<void> {
		const token = this.now.value?.token;
		if (!token || document.hidden) return;
		const r = await call<Check>("GET", this.at(token));
		if (token !== this.now.value?.token) return; // another one has begun
		if (r.status === 404) {
			this.now.value = null;
			this.problem.value = t("gone");
		} else if (r.body) this.take(r);
	}

	private take(r: Answer<Check>): void {
		if (r.body) this.now.value = r.body;
		else this.problem.value = r.fields[0]?.message ?? r.detail;
	}
}

/** InstallCheck checks a page of a site: its address to open, and what it reports. page is the one that is offered. */
export function InstallCheck({ site, page }: { site: string; page: string }) {
	const state = useRef<Checking | null>(null);
	state.current ??= new Checking(site);
	const c = state.current;
	const box = useRef<HTMLInputElement>(null);
	useEffect(() => {
		const timer = setInterval(() => void c.ask(), POLL_MS);
		return () => clearInterval(timer);
	}, [c]);
	const begin = () => c.begin(box.current?.value.trim() ?? "");
	const now = c.now.value;
	return (
		<div class="ick">
			<p class="hint">{t("lead")}</p>
			<div class="field">
				<label class="lbl" for="check-page">
					{t("page")}
				</label>
				<div class="fx">
					<span class="grow">
						<input
							class="inp"
							id="check-page"
							type="url"
							defaultValue={page}
							ref={box}
							onKeyDown={(e) => e.key === "Enter" && void begin()}
						/>
					</span>
					<button type="button" class={now ? "btn" : "btn pri"} onClick={() => void begin()}>
						{t(now ? "again" : "begin")}
					</button>
				</div>
				<p class="err" role="alert">
					{c.problem.value}
				</p>
			</div>
			{now && <Address address={now.address} />}
			{now && <Result c={now} />}
			{now && now.state === "arrived" && <p class="hint">{t("update")}</p>}
		</div>
	);
}

/** Copy copies a text, and says so. */
function Copy({ text, label, small = false }: { text: string; label: string; small?: boolean }) {
	const copied = useSignal("");
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
			copied.value = text;
		} catch {
			// what is to be copied stands beside it
		}
	};
	return (
		<button type="button" class={small ? "btn sm" : "btn"} onClick={copy}>
			<Icon name="copy" cls="i s" />
			{copied.value === text ? t("copied") : label}
		</button>
	);
}

function Address({ address }: { address: string }) {
	return (
		<div class="ick-at">
			<code>{address}</code>
			<Copy text={address} label={t("copy")} />
			<a class="btn" href={address} target="_blank" rel="noopener">
				<Icon name="ext" cls="i s" />
				{t("open")}
			</a>
		</div>
	);
}

/** headline is what the findings come to, in one line. */
function headline(c: Check): string {
	const count = (level: Finding["level"]) => c.findings.filter((f) => f.level === level).length;
	const arrived = c.state === "arrived";
	if (c.verdict === "bad" || !arrived) {
		const n = arrived ? count("bad") : count("bad") + count("warn");
		if (!arrived) return n > 0 ? t("silent", { n }) : t("waiting");
		return t(c.findings.some((f) => f.code === "loads") ? "bad_loads" : "bad", { n });
	}
	return c.verdict === "warn" ? t("warn", { n: count("warn") }) : t("ok");
}

function Result({ c }: { c: Check }) {
	const waits = c.state === "waiting";
	const quiet = waits && c.findings.length === 0;
	const level = quiet ? "wait" : c.verdict;
	const symbol = c.verdict === "ok" ? "check" : "alert";
	return (
		<section class={`ick-box ${level}`}>
			<div class="ick-h">
				<span class={`ick-ping ${level}`} aria-hidden="true">
					{quiet ? <i /> : <Icon name={symbol} />}
				</span>
				<div>
					<div role="status">
						<h3>{headline(c)}</h3>
					</div>
					<p class="hint">{quiet ? t("waiting_says") : waits ? t("silent_says") : reported(c)}</p>
				</div>
			</div>
			{c.findings.length > 0 && (
				<ul>
					{c.findings.map((f) => (
						<Line key={f.code} f={f} />
					))}
				</ul>
			)}
		</section>
	);
}

function reported(c: Check): string {
	const at = new Date(c.reported_at ?? "");
	const page = c.reported_by.replace(/^https?:\/\//, "").replace(/\?.*/, "");
	const ago = words.ago(at, new Date());
	return ago ? t("reported", { ago, page }) : t("reported_now", { page });
}

const symbols = { ok: "check", warn: "alert", bad: "x" } as const;
const spoken = { ok: "passed", warn: "warning", bad: "failed" } as const;

function Line({ f }: { f: Finding }) {
	return (
		<li class={f.level} data-code={f.code}>
			<Icon name={symbols[f.level]} />
			<h4>
				<span class="sr">{t(spoken[f.level])} </span>
				{f.sentence}
			</h4>
			<p>{typed(f.do)}</p>
			{f.copy && f.copy_as && <Copy small text={f.copy} label={t(`copy_${f.copy_as}`)} />}
		</li>
	);
}

/** typed sets what stands between backticks as what is to be typed. */
const typed = (text: string) => text.split("`").map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part));

/** Loaded says whether a page of the site has shown the comments yet. */
export function Loaded({ first, last }: { first: string | null; last: string | null }) {
	const day = (iso: string) => words.full(new Date(iso));
	return <p class="hint">{first ? t("first_seen", { first: day(first), last: day(last ?? first) }) : t("never_seen")}</p>;
}
