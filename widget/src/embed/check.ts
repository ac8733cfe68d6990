import { holding, managers } from "./check-held.ts";
import { hiding } from "./check-hidden.ts";
import { threadKeyFromURL } from "./threadkey.ts";

/**
 * A check of the install: the page was opened with a token in its address, and
 * tells the server what it sees. What that means, the server says; readers
 * notice nothing.
 */
const SETTLE_MS = 1_200; // for what the page puts in by a script, and the policy's reports
const LOOK_MS = 250; // until the next look for a place that a script puts in late
const LOOKS = 28; // of them, which with the first wait are some eight seconds
const PATIENCE_MS = 6_000; // with a socket, and with a request
const MOST = 20; // of anything that is listed

interface Violation {
	directive: string;
	blocked: string;
	only: boolean;
}

interface Heard {
	now: number;
	listed: boolean;
	cookie: boolean;
}

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const at = (href: string): string => {
	try {
		return new URL(href, document.baseURI).href;
	} catch {
		return href;
	}
};

let asked = ""; // the token that was answered: two copies of the script are one page

/** check looks at the page and tells the server. script is the tag that brought the loader. */
export async function check(base: string, script: HTMLScriptElement | null): Promise<void> {
	const token = new URLSearchParams(location.search).get("parley-check") ?? "";
	if (!token || asked === token) return;
	asked = token;
	const policy = violations();
	if (document.readyState === "loading") await new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
	await wait(SETTLE_MS);
	for (let n = 0; n < LOOKS && !document.querySelector("parley-comments"); n++) await wait(LOOK_MS);
	const found = [...document.querySelectorAll("parley-comments")].slice(0, MOST);
	const elements = found.map((e) => ({
		site: e.getAttribute("site") ?? "",
		thread: e.getAttribute("thread") ?? "",
		mode: e.getAttribute("mode") ?? "",
		...hiding(e),
	}));
	const site = elements[0]?.site || "-";
	const place = `${base}/api/v1/sites/${encodeURIComponent(site)}/checks/${encodeURIComponent(token)}`;
	const began = Date.now();
	const first = await say(place, "", "omit");
	const clock = first ? Math.round((began + Date.now()) / 2 - first.now) : 0;
	const again = performance.now();
	const cookies = first?.listed ? "include" : "omit";
	if (first) await say(place, "", cookies);
	const rtt = Math.round(performance.now() - again);
	const [socket, opener] = await Promise.all([live(base, site), openerPolicy()]);
	probe(
		base,
		elements.some((e) => e.mode === "frame"),
	);
	await wait(SETTLE_MS / 2);
	const timings = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
	const ours = timings.filter((t) => t.name.startsWith(`${base}/`));
	const nav = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
	const fetched = ours.find((t) => t.name.includes("/embed.js"))?.startTime ?? 0;
	const report = {
		build: /\/assets\/([^/]+)\//.exec(import.meta.url)?.[1] ?? "",
		base,
		page: location.href.split("#", 1)[0] ?? "",
		canonical: [...document.querySelectorAll<HTMLLinkElement>('link[rel="canonical"]')]
			.slice(0, MOST)
			.map((l) => at(l.getAttribute("href") ?? "")),
		elements,
		scripts: scripts(),
		loads: timings.filter((t) => /\/embed\.js([?#]|$)/.test(t.name)).length,
		policy: policy.filter((v) => !v.blocked || v.blocked.replace(/^ws/, "http").startsWith(base)),
		opener,
		worker: worker(),
		handles: ours.some((t) => t.workerStart > 0),
		framed: top !== self,
		sandboxed: self.origin === "null",
		insecure: !isSecureContext,
		clock,
		rtt: first ? rtt : 0,
		api: first ? "ok" : "failed",
		socket,
		held: holding(script),
		late: Math.max(0, Math.round(fetched - (nav?.domInteractive || fetched))),
		managers: managers(),
	};
	const body = JSON.stringify(report);
	if (!(await say(place, body, cookies)) && !(await say(place, body, "omit"))) {
		const r = btoa(String.fromCharCode(...new TextEncoder().encode(body)))
			.replace(/\+/g, "-")
			.replace(/\//g, "_")
			.replace(/=/g, "");
		await import(`${place}/report.js?r=${r}`).catch(() => {}); // a policy that let the script in lets this through
	}
}

/** say posts as a form would, so that no browser asks first whether it may: pages that are not on the list may too. */
async function say(place: string, body: string, credentials: RequestCredentials): Promise<Heard | null> {
	try {
		const res = await fetch(place, {
			method: "POST",
			body,
			credentials,
			headers: { "Content-Type": "text/plain" },
			signal: AbortSignal.timeout(PATIENCE_MS),
		});
		return res.ok ? ((await res.json()) as Heard) : null;
	} catch {
		return null;
	}
}

/** violations are what the page's policy forbids from now on, and what its browser has kept of before. */
function violations(): Violation[] {
	const out: Violation[] = [];
	const add = (directive: string, blocked: string, disposition: string) => {
		const only = disposition === "report";
		if (out.length < MOST && !out.some((v) => v.directive === directive && v.only === only && v.blocked === blocked))
			out.push({ directive, blocked, only });
	};
	document.addEventListener("securitypolicyviolation", (e) => add(e.effectiveDirective, e.blockedURI, e.disposition));
	try {
		new ReportingObserver(
			(reports) => {
				for (const r of reports) {
					const b = r.body as { effectiveDirective?: string; blockedURL?: string; disposition?: string } | null;
					add(b?.effectiveDirective ?? "", b?.blockedURL ?? "", b?.disposition ?? "");
				}
			},
			{ types: ["csp-violation"], buffered: true },
		).observe();
	} catch {
		// a browser without it tells what happens from now on
	}
	return out;
}

/** scripts are the addresses of all loaders on the page. */
function scripts(): string[] {
	const out: string[] = [];
	for (const s of document.scripts) {
		for (const a of s.attributes) {
			if (a.name.includes("src") && /\/embed\.js([?#]|$)/.test(a.value)) {
				out.push(at(a.value));
				break;
			}
		}
	}
	return out.slice(0, MOST);
}

/** live tries a connection as the comments make one. */
function live(base: string, site: string): Promise<string> {
	return new Promise((done) => {
		const thread = encodeURIComponent(threadKeyFromURL(location.href));
		try {
			const ws = new WebSocket(`ws${base.slice(4)}/api/v1/sites/${encodeURIComponent(site)}/live?thread=${thread}`);
			const end = (how: string) => {
				done(how);
				ws.close();
			};
			ws.onmessage = () => end("open");
			ws.onerror = ws.onclose = () => end("failed");
			setTimeout(() => end("failed"), PATIENCE_MS);
		} catch {
			done("failed");
		}
	});
}

/** openerPolicy is whether the page cuts itself off from the windows that it opens: its own answer says so. */
async function openerPolicy(): Promise<string> {
	try {
		const res = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE_MS) });
		return res.headers.get("Cross-Origin-Opener-Policy") ?? "";
	} catch {
		return ""; // the server's own look at the page tells
	}
}

/** worker is the service worker that controls the page; a page without an origin may not even ask. */
function worker(): string {
	try {
		return navigator.serviceWorker?.controller?.scriptURL ?? "";
	} catch {
		return "";
	}
}

/** probe asks for a picture, and where the page wants one for a frame: the policy says if it may not. */
function probe(base: string, framed: boolean): void {
	new Image().src = `${base}/avatars/1.svg`;
	if (!framed) return;
	const f = document.createElement("iframe");
	f.hidden = true;
	f.src = `${base}/robots.txt`;
	document.body.append(f);
	setTimeout(() => f.remove(), SETTLE_MS);
}
