import { request } from "../../shared/api/fetch.ts";
import type { Comment, Page, Sort, View, Warning } from "../../shared/api/shapes.ts";

/** How long an answer may take before the reader is told. */
const PATIENCE_MS = 30_000;

/** Problem is an answer that says no, or the lack of any (status 0). */
export class Problem extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		readonly detail: string,
		readonly headers: Headers | null = null, // of the answer
		readonly body: ProblemBody = {},
	) {
		super(detail || code);
	}
}

/** problem is e as a Problem; by shape, since every bundle has its own class. */
export function problem(e: unknown): Problem | null {
	return e instanceof Error && "status" in e && "code" in e ? (e as Problem) : null;
}

interface ProblemBody {
	code?: unknown;
	detail?: unknown;
	challenge?: unknown; // what is to be solved first
	warnings?: Warning[]; // what is to be acknowledged first
	reason?: unknown; // of a ban
	until?: unknown;
	errors?: { field: string; message: string }[];
}

const text = (v: unknown): string => (typeof v === "string" ? v : "");

/** Reader asks one server about one site. Everything ends with its signal. */
export class Reader {
	constructor(
		readonly base: string,
		readonly site: string,
		private readonly signal: AbortSignal,
	) {}

	/** root is the address of the site's routes. */
	get root(): string {
		return `${this.base}/api/v1/sites/${encodeURIComponent(this.site)}`;
	}

	page(thread: string, sort: Sort | "", view: View | "", limit: number, cursor: string, filter = ""): Promise<Page> {
		const q = new URLSearchParams({ thread });
		if (sort) q.set("sort", sort);
		if (view) q.set("view", view);
		if (limit) q.set("limit", String(limit));
		if (cursor) q.set("cursor", cursor);
		if (filter) q.set("filter", filter);
		return this.read(`${this.root}/comments?${q}`);
	}

	comment(id: string): Promise<{ comment: Comment; ancestors: Comment[] }> {
		return this.read(`${this.base}/api/v1/comments/${id}`);
	}

	/** read is a public page: no cookies, so that any cache may answer. */
	read<T>(url: string): Promise<T> {
		return this.fetch(url, { credentials: "omit" });
	}

	/** fetch asks, and takes the answer or throws a Problem. */
	protected async fetch<T>(url: string, init: RequestInit): Promise<T> {
		const stop = new AbortController();
		const end = () => stop.abort();
		const timer = setTimeout(end, PATIENCE_MS);
		this.signal.addEventListener("abort", end);
		const { status, ok, headers, body } = await request(url, { ...init, signal: stop.signal });
		clearTimeout(timer);
		this.signal.removeEventListener("abort", end);
		if (ok && (body || status > 201)) return (body ?? {}) as T; // 202 and 204 tell nothing
		const p = (body ?? {}) as ProblemBody;
		const field = p.errors?.[0];
		throw new Problem(
			ok ? 0 : status, // what is no JSON is no answer
			text(p.code),
			field ? `${field.field} ${field.message}` : text(p.detail),
			headers,
			p,
		);
	}
}
