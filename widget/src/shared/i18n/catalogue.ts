/**
 * Every text of Parley stands in static/i18n/<language>/<part>.json: one flat
 * object, read alike by this file and by Go (internal/i18n). A message is a
 * text with {names}, or an object of its CLDR plural forms, chosen by {n}:
 *
 *	"reading": { "one": "{n} reader", "other": "{n} readers" }
 *
 * The parts are read (what shows first), rest (the box to write in, before
 * anything is written), news (what arrives), act (what a reader does), writing
 * (its tools), tools (menus and dialogs), popup, dashboard, page (documents of our own origin), mail, and reasons (of decisions,
 * for whom they meet, wherever that is told). English is complete
 * and comes in the bundle; any other language is fetched when it is wanted:
 *
 *	import en from "../../../static/i18n/en/popup.json";
 *	const words = new Words(en, document.documentElement.lang);
 *	await words.fetch(base, "popup"); // stays English if there is no other
 *	words.t("too_many", { n: 5 });
 *
 * A new key goes into every language; go test ./internal/i18n names what is
 * missing: keys, plural forms, {names}.
 */
export type Message = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { other: string });
export type Catalogue = Readonly<Record<string, Message>>;

/** The languages there are, put in by the build. */
declare const LANGUAGES: readonly string[];

/** What a name must hold to turn the words around it: it is put between marks that keep it to itself. */
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc\ud802-\ud83b]/;

/** Making a formatter takes as long as hundreds of uses: each is made once. */
const made = new Map<string, unknown>();
function maker<F, O>(Kind: new (lang: string, how: O) => F, lang: string, how: O): F {
	const key = Kind.name + lang + JSON.stringify(how);
	if (!made.has(key)) made.set(key, new Kind(lang, how));
	return made.get(key) as F;
}

/** Words speaks one language. K are its keys, those of the English catalogue. */
export class Words<K extends string = string> {
	lang: string;
	private messages: Catalogue;
	private plural: Intl.PluralRules;

	constructor(
		public en: Readonly<Record<string, Message>>, // whole, whatever language it speaks
		wanted: string,
	) {
		this.lang = supported(wanted);
		this.messages = en;
		this.plural = maker(Intl.PluralRules, this.lang, {});
	}

	private get language(): string {
		return this.lang.split("-", 1)[0] ?? "en";
	}

	/** fetch brings a part in this language. Without it the words stay English. */
	async fetch(base: string, part: string): Promise<void> {
		if (this.language === "en") return;
		try {
			const res = await fetch(`${base}/assets/i18n/${this.language}/${part}.json`, { credentials: "omit" });
			if (!res.ok) throw res;
			this.messages = { ...this.messages, ...((await res.json()) as Catalogue) };
		} catch {
			this.lang = "en";
			this.plural = maker(Intl.PluralRules, "en", {});
		}
	}

	/** add brings the English messages of a part that came later. */
	add(en: Catalogue): void {
		this.en = { ...en, ...this.en };
		this.messages = { ...en, ...this.messages };
	}

	/** t is the message with its names filled in; n chooses the plural form. */
	t(key: K, values: Readonly<Record<string, string | number>> = {}): string {
		const m = this.messages[key] ?? key;
		const n = values["n"];
		const form = typeof m === "string" ? m : ((typeof n === "number" ? m[this.plural.select(n)] : "") ?? m.other);
		return form.replace(/\{(\w+)\}/g, (_, name: string) => {
			const v = values[name] ?? "";
			return typeof v === "number" ? this.number(v) : TURNS.test(v) ? `\u2068${v}\u2069` : v;
		});
	}

	number(n: number): string {
		return maker(Intl.NumberFormat, this.lang, {}).format(n);
	}

	/** ago is a short age: "5 min", "3 hr", "2 days", then a date; "" for less than a minute. */
	ago(at: Date, now: Date): string {
		const s = Math.max(0, (now.getTime() - at.getTime()) / 1000);
		const unit = (n: number, u: string) =>
			maker(Intl.NumberFormat, this.lang, { style: "unit", unit: u, unitDisplay: "short" }).format(Math.floor(n));
		if (s < 60) return "";
		if (s < 3600) return unit(s / 60, "minute");
		if (s < 86_400) return unit(s / 3600, "hour");
		if (s < 7 * 86_400) return unit(s / 86_400, "day");
		return this.when(at, {
			day: "numeric",
			month: "short",
			...(at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
		});
	}

	full(at: Date): string {
		return this.when(at, { dateStyle: "long", timeStyle: "short" });
	}

	/** when is a moment in the reader's own zone. */
	when(at: Date, how: Intl.DateTimeFormatOptions): string {
		return maker(Intl.DateTimeFormat, this.lang, how).format(at);
	}
}

/**
 * supported is the first of the wanted language, the page's and the browser's that
 * means something, if there is a catalogue for it, else English.
 */
function supported(wanted: string): string {
	for (const lang of [wanted === "auto" ? "" : wanted, document.documentElement.lang, navigator.language]) {
		const tag = tagOf(lang);
		if (tag) return LANGUAGES.includes(tag.split("-", 1)[0] ?? "") ? tag : "en";
	}
	return "en";
}

/**
 * tagOf reads a language as pages write it: "en_US", "zh_CN.UTF-8" and
 * "de@euro" are locales of systems. "" for what names no language.
 */
export function tagOf(lang: string): string {
	try {
		const tag = Intl.getCanonicalLocales(lang.trim().replace(/[.@].*/, "").replace(/_/g, "-"))[0] ?? "";
		return /^[a-z]{2,3}\b/.test(tag) ? tag : "";
	} catch {
		return "";
	}
}
