import { type Reply, request } from "../shared/api/fetch.ts";
import type { FieldError, Problem } from "../shared/api/generated.d.ts";

/** Answer is what the server says to a page of our own: a body, or why not. */
export interface Answer<T> {
	status: number; // 0: no answer
	body: T | null; // of a yes
	code: string; // of a refusal
	detail: string; // of a refusal, in the server's words; "" where there are none
	fields: FieldError[];
	retry: number; // seconds until it is worth asking again
}

/** call speaks to the server with the header that guards the session; a failure is an answer too, never an exception. */
export async function call<T = unknown>(
	method: string,
	path: string,
	body?: object | Blob,
	headers: Record<string, string> = {},
): Promise<Answer<T>> {
	const blob = body instanceof Blob;
	return answer(
		await request(path, {
			method,
			headers: {
				...headers,
				"X-Parley": "1",
				...(body ? { "Content-Type": blob ? body.type || "application/octet-stream" : "application/json" } : {}),
			},
			...(body ? { body: blob ? body : JSON.stringify(body) } : {}),
		}),
	);
}

function answer<T>(r: Reply): Answer<T> {
	const no = (r.ok ? null : r.body) as Partial<Problem> | null | undefined;
	return {
		status: r.status,
		body: r.ok ? ((r.body ?? null) as T | null) : null,
		code: no?.code ?? "",
		detail: no?.detail ?? "",
		fields: no?.errors ?? [],
		retry: Number(r.headers?.get("retry-after")) || 0,
	};
}

/** meta is what the server told this page. */
export function meta<T>(): T {
	return JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="parley"]')?.content ?? "{}") as T;
}

type Failure = "no_answer" | "too_many" | "too_many_minutes" | "failed";

let say: (key: Failure, n: number) => string = () => "";

/** speak gives why its words. */
export function speak(words: (key: Failure, n: number) => string): void {
	say = words;
}

const MINUTES_FROM = 90; // seconds from which a wait is told in minutes

/** why puts a refusal into words. */
export function why(r: Answer<unknown>): string {
	if (r.status === 0) return say("no_answer", 0);
	if (r.status === 429) {
		const seconds = r.retry || 60;
		return seconds < MINUTES_FROM ? say("too_many", seconds) : say("too_many_minutes", Math.ceil(seconds / 60));
	}
	const f = r.fields[0];
	if (f) return `${f.message.charAt(0).toUpperCase()}${f.message.slice(1)}.`; // the name of the field is a program's
	return r.detail || say("failed", 0);
}

/** ticket is the secret of a mailed link; it stands behind the # and is taken off the address bar. */
export function ticket(): string {
	const t = location.hash.slice(1);
	history.replaceState(null, "", location.pathname);
	return t;
}
