import type { LiveEvent } from "../../shared/api/shapes.ts";

const HIDDEN_MS = 60_000; // a tab out of sight this long lets go of its socket
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
const RESTART_SPREAD_MS = 20_000; // after a server restart everybody comes back, not all at once
const POLL_MS = 15_000;
const POLL_AFTER = 3; // sockets that never opened
const ALIVE_MS = 30_000; // the server hangs up on the silent after 75 s
const RESTART_CODE = 1012;

export interface Source {
	url(after: number): string;
	poll(after: number): Promise<{ seq: number; events: LiveEvent[]; reset: boolean }>;
}

export interface Listener {
	events(list: LiveEvent[]): void;
	/** connected tells that there is a connection, or that it has been lost; it comes back by itself. */
	connected(up: boolean): void;
	/** barred tells, when a socket did not open, that none ever will. */
	barred(): Promise<boolean>;
}

/**
 * Live follows one thread: by socket, else by asking. Losing the socket loses
 * nothing, because it comes back with the last number it saw.
 */
export class Live {
	private ws: WebSocket | null = null;
	private timer = 0;
	private alive = 0;
	private hideTimer = 0;
	private failures = 0;
	private neverOpened = 0;
	private wanted = false;

	constructor(
		private readonly source: Source,
		private readonly on: Listener,
		private seq: number,
		signal: AbortSignal,
	) {
		document.addEventListener("visibilitychange", () => this.visible(), { signal });
		addEventListener("online", () => this.now(), { signal });
		addEventListener("pagehide", () => this.drop(), { signal }); // a page with an open socket is not kept for the way back
		addEventListener("pageshow", () => this.now(), { signal });
		signal.addEventListener("abort", () => this.stop());
	}

	start(): void {
		this.wanted = true;
		if (document.visibilityState === "visible") this.connect();
	}

	stop(): void {
		this.wanted = false;
		this.drop();
	}

	/** now tries at once, without waiting for the back-off. */
	now(): void {
		if (!this.wanted || this.ws) return;
		clearTimeout(this.timer);
		this.connect();
	}

	private visible(): void {
		clearTimeout(this.hideTimer);
		if (document.visibilityState === "hidden") {
			this.hideTimer = setTimeout(() => this.drop(), HIDDEN_MS);
		} else {
			this.now();
		}
	}

	private drop(): void {
		clearTimeout(this.timer);
		clearInterval(this.alive);
		const ws = this.ws;
		this.ws = null;
		ws?.close();
	}

	private connect(): void {
		if (!this.wanted || this.ws) return;
		let ws: WebSocket;
		try {
			ws = new WebSocket(this.source.url(this.seq));
		} catch {
			this.neverOpened = POLL_AFTER; // a page whose policy forbids sockets
			this.later();
			return;
		}
		this.ws = ws;
		let opened = false;
		ws.onopen = () => {
			opened = true;
			this.failures = this.neverOpened = 0;
			this.alive = setInterval(() => ws.send("{}"), ALIVE_MS);
			this.on.connected(true);
		};
		ws.onmessage = (m) => {
			if (this.ws === ws && typeof m.data === "string") this.take(m.data);
		};
		ws.onclose = (e) => {
			if (this.ws !== ws) return;
			this.ws = null;
			clearInterval(this.alive);
			this.on.connected(false);
			if (!opened && ++this.neverOpened === 1) void this.unlessBarred();
			else this.later(e.code === RESTART_CODE ? Math.random() * RESTART_SPREAD_MS : undefined);
		};
	}

	private async unlessBarred(): Promise<void> {
		if (await this.on.barred()) this.stop();
		else if (this.wanted && !this.ws) this.later();
	}

	private later(ms?: number): void {
		if (this.neverOpened >= POLL_AFTER) {
			this.timer = setTimeout(() => this.ask(), POLL_MS);
			return;
		}
		const step = BACKOFF_MS[Math.min(this.failures++, BACKOFF_MS.length - 1)] ?? 1_000;
		this.timer = setTimeout(() => this.connect(), ms ?? step * (0.5 + Math.random() / 2));
	}

	/** ask is the way without a socket; every fourth time a socket is tried again. */
	private async ask(): Promise<void> {
		if (!this.wanted) return;
		if (document.visibilityState === "visible") {
			try {
				const got = await this.source.poll(this.seq);
				this.on.connected(true);
				if (got.reset) this.give([{ type: "reset" }]);
				else this.give(got.events);
				this.seq = Math.max(this.seq, got.seq);
			} catch {
				this.on.connected(false);
			}
			if (++this.failures % 4 === 0) {
				this.connect();
				return;
			}
		}
		this.later();
	}

	private take(data: string): void {
		let list: unknown;
		try {
			list = JSON.parse(data);
		} catch {
			return;
		}
		if (Array.isArray(list)) this.give(list as LiveEvent[]);
	}

	private give(list: LiveEvent[]): void {
		const fresh = list.filter((e) => {
			if (e.type === "hello" || !e.seq) return true; // hello tells the server's number, not ours
			if (e.seq <= this.seq) return false;
			this.seq = e.seq;
			return true;
		});
		if (fresh.length > 0) this.on.events(fresh);
	}

	/** say tells the server something, if it hears. */
	say(what: object): void {
		if (this.ws?.readyState === WebSocket.OPEN) this.ws.send(JSON.stringify(what));
	}

	/** at says how far this reader has come; a fresh page moves it forward. */
	at(seq: number): void {
		this.seq = Math.max(this.seq, seq);
	}
}
