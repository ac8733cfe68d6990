/** Sent is a comment on its way. */
export interface Sent {
	key: string; // of idempotency: made once, so that a retry posts once
	body: string;
	mentions?: { id: string; name: string }[]; // whom the writer has picked for names in it
	parent: string | null;
	guest: string; // the name of a guest; "" when signed in
	user: string; // whose it is: nobody else sends it or sees it; "" a guest's
	at: number; // when it was written, milliseconds
	failed?: boolean; // its writer has been told that it is not posted: it goes only when they say so
}

/** The server remembers a key for 48 hours: what is older is not sent by itself. */
export const KEY_LIFE_MS = 47 * 3600_000;

/**
 * Queue holds what has been sent and not been answered, in this browser, so
 * that a reload, a lost connection or a dead battery loses none of it.
 */
export class Queue {
	private memory: Sent[] | null = null;

	constructor(private readonly scope: string) {}

	private get key(): string {
		return `parley:queue:${this.scope}`;
	}

	/** of is what waits of one account. */
	of(user: string): Sent[] {
		return this.list().filter((s) => (s.user ?? (s.guest ? "" : null)) === user);
	}

	private list(): Sent[] {
		if (this.memory) return this.memory;
		try {
			const all = JSON.parse(localStorage.getItem(this.key) ?? "[]") as unknown;
			this.memory = Array.isArray(all)
				? all.filter((s): s is Sent => typeof s?.key === "string" && typeof s?.body === "string")
				: [];
		} catch {
			this.memory = [];
		}
		return this.memory;
	}

	put(s: Sent): void {
		this.save([...this.list().filter((x) => x.key !== s.key), s]);
	}

	drop(key: string): void {
		this.save(this.list().filter((s) => s.key !== key));
	}

	private save(all: Sent[]): void {
		this.memory = all;
		try {
			if (all.length > 0) localStorage.setItem(this.key, JSON.stringify(all));
			else localStorage.removeItem(this.key);
		} catch {
			// storage is full or forbidden: it lives as long as the page
		}
	}
}
