import { en } from "./en.ts";
import type { enAct } from "./en-act.ts";

/** A message is a text with {names}, or its plural forms by Intl.PluralRules. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>> | { other: string };
export type Key = keyof typeof en | keyof typeof enAct;
export type Catalogue = Record<string, Message>;

const catalogues: Record<string, Catalogue> = { en };

/** Words speaks one language. */
export class Words {
	readonly lang: string;
	private messages: Catalogue;
	private readonly plural: Intl.PluralRules;
	private readonly number: Intl.NumberFormat;

	constructor(wanted: string) {
		const tag = known(wanted);
		this.lang = tag;
		this.messages = catalogues[tag.split("-", 1)[0] ?? "en"] ?? en;
		this.plural = new Intl.PluralRules(tag);
		this.number = new Intl.NumberFormat(tag);
	}

	/** add brings the messages of a part that came later. */
	add(more: Record<string, Catalogue>): void {
		this.messages = { ...this.messages, ...(more[this.lang.split("-", 1)[0] ?? "en"] ?? more["en"]) };
	}

	/** t is the message with its names filled in; n chooses the plural form. */
	t(key: Key, values: Record<string, string | number> = {}): string {
		const m: Message = this.messages[key] ?? key;
		const n = values["n"];
		const form = typeof m === "string" ? m : ((typeof n === "number" ? (m as Record<string, string>)[this.plural.select(n)] : "") ?? (m as { other: string }).other);
		return form.replace(/\{(\w+)\}/g, (_, name: string) => {
			const v = values[name];
			return typeof v === "number" ? this.number.format(v) : (v ?? "");
		});
	}

	/** ago is a short age: "now", "5 min", "3 hr", "2 days", then a date. */
	ago(at: Date, now: Date): string {
		const s = Math.max(0, (now.getTime() - at.getTime()) / 1000);
		const unit = (n: number, u: string) => new Intl.NumberFormat(this.lang, { style: "unit", unit: u, unitDisplay: "short" }).format(Math.floor(n));
		if (s < 60) return this.t("now");
		if (s < 3600) return unit(s / 60, "minute");
		if (s < 86_400) return unit(s / 3600, "hour");
		if (s < 7 * 86_400) return unit(s / 86_400, "day");
		return new Intl.DateTimeFormat(this.lang, { day: "numeric", month: "short", ...(at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }) }).format(at);
	}

	full(at: Date): string {
		return new Intl.DateTimeFormat(this.lang, { dateStyle: "long", timeStyle: "short" }).format(at);
	}
}

/** known is the wanted language if there is a catalogue for it, else English. */
function known(wanted: string): string {
	const lang = wanted === "" || wanted === "auto" ? document.documentElement.lang || navigator.language : wanted;
	try {
		const tag = Intl.getCanonicalLocales(lang)[0] ?? "en";
		return (tag.split("-", 1)[0] ?? "") in catalogues ? tag : "en";
	} catch {
		return "en";
	}
}
