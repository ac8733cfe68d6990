import { signal } from "@preact/signals";
import { t } from "../desk.ts";
import { reasonKey, reasonText } from "../reasons.ts";

/** BanChoice is how long a ban lasts, and why. */
export interface BanChoice {
	until: string | null; // null: for good
	reason: string;
	hide: boolean;
}

const HOUR = 3_600_000; // milliseconds
const WEEK = 7 * 24;

/** terms are how long a ban may last, in hours; 0 is for good. */
export const terms = [1, 24, WEEK, 30 * 24, 0] as const;

/** term is a length in words. */
export function term(hours: number): string {
	if (hours === 0) return t("for_good");
	return hours <= 24 ? t("hours", { n: hours }) : t("days", { n: hours / 24 });
}

/** BanDraft is a ban that is being made up. */
export class BanDraft {
	readonly hours = signal<number>(WEEK);
	readonly wrong = signal<Readonly<Record<string, string>>>({}); // by the names of the boxes
	reason: string;
	hide = false;

	constructor(person = true) {
		this.reason = person ? reasonText("standards") : "";
	}

	/** end is when a ban of the chosen length would end. */
	end(): Date | null {
		return this.hours.value === 0 ? null : new Date(Date.now() + this.hours.value * HOUR);
	}

	/** verb is what the button says. */
	verb(): string {
		return this.hours.value === 0 ? t("ban_for_good") : t("ban_for", { term: term(this.hours.value) });
	}

	/** choice is the ban; null where no reason is given, which is said then. */
	choice(): BanChoice | null {
		const reason = this.reason.trim();
		this.wrong.value = reason ? {} : { reason: t("must_be_given") };
		return reason ? { until: this.end()?.toISOString() ?? null, reason: reasonKey(reason), hide: this.hide } : null;
	}
}
