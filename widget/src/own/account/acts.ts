import { type Answer, call, why } from "../client.ts";
import type { Sent } from "../ui/form.tsx";
import { prove } from "./prove.tsx";
import { say } from "./state.ts";

/** act calls the server and either says so or says why not, asking who it is where that is needed. */
export async function act(method: string, path: string, body: object | Blob | undefined, done: string): Promise<void> {
	const r = await call(method, path, body);
	if (r.body !== null || (r.status >= 200 && r.status < 300)) return say(done);
	if (r.code === "proof") return prove(() => act(method, path, body, done));
	await say(why(r), "bad");
}

/** answered is what a form does with an answer: done where it is a yes, the question who it is, or the refusal. */
export async function answered<T>(
	r: Answer<T>,
	at: string,
	done: (body: T) => Promise<void>,
	again: () => unknown,
): Sent {
	if (r.status >= 200 && r.status < 300) return done(r.body as T);
	if (r.code === "proof") return prove(again);
	return { refused: r, at };
}
