import { signal } from "@preact/signals";
import type { Answers } from "../../shared/api/generated.d.ts";
import { type Answer, call, meta } from "../client.ts";

/** Meta is what the server says of itself before anybody has an account. */
interface Meta {
	base: string;
	mail: boolean;
	fresh: boolean;
}

export type Account = Answers["GET /api/v1/me/account"];
export type Site = Answers["GET /api/v1/sites/{site}/settings"];
export type Strangers = Answers["GET /api/v1/sites/{site}/settings/strangers"];

export const steps = ["owner", "site", "people", "look", "install"] as const;
export type Step = (typeof steps)[number];

/** Look is what the page's own tag says about how the comments look. */
export interface Look {
	theme: "auto" | "light" | "dark";
	accent: string; // "#rrggbb"; "" is Parley's own
}

/**
 * Setup is how far it has come. What is done stands in the database, so another
 * browser, or the same one tomorrow, goes on where it stopped.
 */
export class Setup {
	readonly meta = meta<Meta>();
	readonly step = signal<Step | "" | "no_link" | "stranger">(""); // "" until it is known
	readonly account = signal<Account | null>(null);
	readonly site = signal<Site | null>(null);
	readonly strangers = signal<Strangers | null>(null);
	readonly look = signal<Look>({ theme: "auto", accent: "" });
	readonly problem = signal("");

	constructor(readonly token: string) {
		addEventListener("popstate", () => this.back());
	}

	/** begin finds the first step that is not done. */
	async begin(): Promise<void> {
		if (this.meta.fresh) {
			this.step.value = this.token ? "owner" : "no_link";
			return;
		}
		if (!(await this.who())) {
			this.step.value = "stranger";
			return;
		}
		const a = this.account.value;
		if (a && !a.password && a.passkeys.length === 0 && a.identities.length === 0) {
			this.step.value = "owner";
			return;
		}
		const key = new URLSearchParams(location.search).get("site") ?? this.first();
		if (!key || !(await this.read(key))) {
			this.step.value = "site";
			return;
		}
		const said = location.hash.slice(1) as Step;
		this.go(steps.includes(said) && said !== "owner" ? said : this.strangers.value?.can ? "install" : "people");
	}

	/** who reads the account of this browser's session. */
	private async who(): Promise<boolean> {
		const r = await call<Account>("GET", "/api/v1/me/account");
		this.account.value = r.body;
		return r.body !== null;
	}

	/** first is the site that the account was first made an admin of. */
	private first(): string {
		return this.account.value?.sites.find((m) => m.role === "admin")?.site ?? "";
	}

	/** read asks for a site as it is. */
	async read(key = this.site.value?.key ?? ""): Promise<boolean> {
		const at = `/api/v1/sites/${encodeURIComponent(key)}/settings`;
		const [set, strangers] = await Promise.all([call<Site>("GET", at), call<Strangers>("GET", `${at}/strangers`)]);
		if (set.body) this.site.value = set.body;
		if (strangers.body) this.strangers.value = strangers.body;
		return set.body !== null;
	}

	/** change changes settings of the site. */
	async change(body: object): Promise<Answer<Site>> {
		const r = await call<Site>("PATCH", `/api/v1/sites/${encodeURIComponent(this.site.value?.key ?? "")}/settings`, body);
		if (r.body) this.site.value = r.body;
		return r;
	}

	/** made goes on after the account, or the site, has been made. */
	async made(site = ""): Promise<void> {
		history.replaceState(null, "", location.pathname); // the link works once
		this.meta.fresh = false;
		await this.who();
		if (site && (await this.read(site))) this.go("people");
		else this.step.value = "site";
	}

	/** keyless goes on with an account that has no way to sign in yet. */
	async keyless(): Promise<void> {
		history.replaceState(null, "", location.pathname);
		this.meta.fresh = false;
		await this.who();
		this.step.value = "owner";
	}

	/** go shows a step, which is a place of its own in the browser's history; the first that is shown takes the place of the link. */
	go(step: Step): void {
		const first = !steps.includes(this.step.value as Step) || location.hash === "";
		this.step.value = step;
		history[first ? "replaceState" : "pushState"](null, "", `#${step}`);
		scrollTo({ top: 0 });
	}

	/** back follows the browser's own Back and Forward. */
	back(): void {
		const said = location.hash.slice(1) as Step;
		if (this.site.value && steps.includes(said) && said !== "owner" && said !== this.step.value) this.step.value = said;
	}
}
