/** How long after the last key a draft is kept. */
export const SAVE_AFTER_MS = 600;

/** SIGNED_IN is what the account is remembered under, so that a mere reader causes no private call. */
export const SIGNED_IN = "signed-in";

const PREFIX = "parley:draft:";

/**
 * Drafts are kept per account, thread and comment answered, in this browser only.
 * Storage may be full or forbidden: then the text lives as long as the page.
 */
export class Drafts {
	private readonly memory = new Map<string, string>(); // what storage did not take
	/** owner is whose drafts these are: an account, or "" for what is written before signing in. */
	owner = "";

	constructor(private readonly scope: string) {}

	/** key is what a text is kept under. */
	key(name: string): string {
		return `${PREFIX}${this.scope}:${this.owner && `${this.owner}@`}${name}`;
	}

	get(name: string): string {
		const inMemory = this.memory.get(this.key(name));
		if (inMemory !== undefined) return inMemory;
		try {
			return localStorage.getItem(this.key(name)) ?? "";
		} catch {
			return "";
		}
	}

	/** set keeps a text and tells whether it will outlive the page. */
	set(name: string, text: string): boolean {
		const key = this.key(name);
		try {
			if (text) localStorage.setItem(key, text);
			else localStorage.removeItem(key);
			this.memory.delete(key);
			return text !== "";
		} catch {
			this.memory.set(key, text);
			return false;
		}
	}
}

/** choice reads a small remembered preference. */
export function choice(name: string): string {
	try {
		return localStorage.getItem(`parley:${name}`) ?? "";
	} catch {
		return "";
	}
}

export function choose(name: string, value: string): void {
	try {
		localStorage.setItem(`parley:${name}`, value);
	} catch {
		// not remembered: only a preference
	}
}
