import { signal } from "@preact/signals";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { type Answer, call, type Desk, t } from "../desk.ts";
import { proving } from "../prove.tsx";

export type State = Answers["GET /api/v1/server"];
export type Job = Answers["GET /api/v1/server/jobs"]["jobs"][number];

/** Server is the whole server, for those who run it. */
export class Server {
	readonly now = signal<State | null>(null);
	readonly jobs = signal<readonly Job[]>([]);
	readonly failed = signal(""); // why it could not be read
	readonly wrong = signal(""); // why the last act did not come to pass

	constructor(readonly desk: Desk) {
		void this.load();
	}

	async load(): Promise<void> {
		const [at, jobs] = await Promise.all([
			call<State>("GET", "/api/v1/server"),
			call<{ jobs: Job[] }>("GET", "/api/v1/server/jobs"),
		]);
		this.failed.value = at.body ? "" : at.detail;
		if (at.body) this.now.value = at.body;
		if (jobs.body) this.jobs.value = jobs.body.jobs;
	}

	/** act does something and reads anew; true: it was done. */
	async act<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
		const r = await proving<T>(method, `/api/v1/server${path}`, body);
		const done = r.status >= 200 && r.status < 300;
		this.wrong.value = done ? "" : t("not_done", { why: r.detail });
		if (done) await this.load();
		return r;
	}
}
