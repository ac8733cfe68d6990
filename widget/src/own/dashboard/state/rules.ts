import { signal } from "@preact/signals";
import { type Answer, call, type Desk, t } from "../desk.ts";
import { own } from "../focus.ts";
import type { Policy, Rule, Trial, Word } from "../shapes.ts";
import { lines, parse } from "./wordlist.ts";

/** Draft is a rule as it is typed. */
export interface Draft extends Rule {
	readonly n: number; // tells it from the others
}

/** Rules are the words and patterns of a site as they are typed, and how they were saved. */
export class Rules {
	readonly policy = signal<Policy | null>(null); // as it was drawn last
	readonly failed = signal(""); // why there is nothing to draw
	readonly says = signal<{ text: string; behind: boolean } | null>(null); // behind: somebody else has saved
	readonly drafts = signal<readonly Draft[]>([]);
	readonly drawn = signal(0); // counts what was drawn anew
	banned = "";
	suspect = "";
	dirty = false; // something is typed that is not saved
	readonly may: boolean;
	private version = 0; // that was saved last
	private made = 0;
	private readonly ours = own();

	constructor(private readonly desk: Desk) {
		this.may = desk.may("rules");
		void this.load();
	}

	/** load reads what is saved; what is typed goes. */
	readonly load = async (): Promise<void> => {
		const r = await call<Policy>("GET", this.desk.api("/moderation/rules"));
		if (!r.body) {
			if (this.policy.value) this.says.value = { text: r.detail, behind: false };
			else this.failed.value = `${t("failed")} ${r.detail}`;
			return;
		}
		const p = r.body;
		this.version = p.version;
		this.dirty = false;
		this.banned = lines(p.banned);
		this.suspect = lines(p.suspect);
		this.failed.value = "";
		this.says.value = null;
		this.drafts.value = p.rules.map((rule) => this.draft(rule));
		this.policy.value = p;
		this.drawn.value++;
	};

	private draft(rule: Rule): Draft {
		return { ...rule, n: ++this.made };
	}

	/** add begins a rule; it gives the draft's number. */
	add(): number {
		const d = this.draft({ name: "", pattern: "", action: "hold" });
		this.drafts.value = [...this.drafts.value, d];
		this.dirty = true;
		return d.n;
	}

	/** drop takes a rule out. */
	drop(n: number): void {
		this.drafts.value = this.drafts.value.filter((d) => d.n !== n);
		this.dirty = true;
	}

	/** typed are the rules as they would be saved. */
	private typed(): { banned: Word[]; suspect: Word[]; rules: Rule[] } {
		return {
			banned: parse(this.banned),
			suspect: parse(this.suspect),
			rules: this.drafts.value.map(({ name, pattern, action }) => ({
				name: name.trim() || pattern.slice(0, 40),
				pattern,
				action,
			})),
		};
	}

	/** save keeps what is typed. */
	readonly save = async (): Promise<void> => {
		if (!this.may) return;
		const sent = JSON.stringify(this.typed());
		const body = { version: this.version, ...this.typed() };
		const r = await this.ours.send(call<Policy>("PUT", this.desk.api("/moderation/rules"), body));
		if (r.status === 409) return this.behind();
		if (!r.body) {
			this.says.value = { text: r.detail, behind: false };
			return;
		}
		this.desk.toast(t("rules_saved"));
		this.says.value = null;
		this.version = r.body.version;
		if (JSON.stringify(this.typed()) !== sent) return; // typed on while it was on its way
		this.dirty = false; // before what is saved has come: who leaves now loses nothing
		return this.load();
	};

	/** behind says that somebody else saved; theirs comes only when it is asked for. */
	private behind(): void {
		this.says.value = { text: t("rules_changed"), behind: true };
	}

	/** tryWords tells what the words would have done. */
	tryWords(): Promise<Answer<Trial>> {
		return this.test({ banned: parse(this.banned), suspect: parse(this.suspect) });
	}

	/** tryRule tells what a rule would have done. */
	tryRule(d: Draft): Promise<Answer<Trial>> {
		return this.test({ pattern: d.pattern, action: d.action });
	}

	private test(body: object): Promise<Answer<Trial>> {
		return call<Trial>("POST", this.desk.api("/moderation/rules/test"), body);
	}

	/** hint takes that somebody has saved. */
	async hint(): Promise<void> {
		if (!this.policy.value || (await this.ours.is())) return;
		if (this.dirty) this.behind();
		else void this.load();
	}
}
