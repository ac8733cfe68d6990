import { Reader } from "./reader.ts";
import type { Comment, Me, Revision, Standards, User } from "../../shared/api/shapes.ts";

export { Problem, problem } from "./reader.ts";

/** Api is the reader with the routes that only the parts use which come after the comments show. */
export class Api extends Reader {
	/** Stands in for the cookie where the browser does not return it; never stored. */
	bearer = "";

	private get path(): string {
		return `/api/v1/sites/${encodeURIComponent(this.site)}`;
	}

	/** call is a private route: with the session and the header that guards it. */
	call<T>(method: string, path: string, body?: object, more: Record<string, string> = {}): Promise<T> {
		const headers: Record<string, string> = { "X-Parley": "1", ...more };
		if (body) headers["Content-Type"] = "application/json";
		if (this.bearer) headers["Authorization"] = `Bearer ${this.bearer}`;
		return this.fetch(this.base + path, {
			method,
			headers,
			credentials: "include",
			...(body ? { body: JSON.stringify(body) } : {}),
		});
	}

	me(thread: string): Promise<Me> {
		return this.call("GET", `/api/v1/me?${new URLSearchParams({ site: this.site, thread })}`);
	}

	async post(body: object, key: string, proof: string): Promise<Comment> {
		const headers: Record<string, string> = { "Idempotency-Key": key };
		if (proof) headers["X-Parley-Proof"] = proof;
		return (await this.call<{ comment: Comment }>("POST", `${this.path}/comments`, body, headers)).comment;
	}

	async source(id: string): Promise<string> {
		return (await this.call<{ body: string }>("GET", `/api/v1/comments/${id}/source`)).body;
	}

	async edit(id: string, body: string, mentions: object[]): Promise<Comment> {
		return (await this.call<{ comment: Comment }>("PATCH", `/api/v1/comments/${id}`, { body, ...(mentions.length > 0 ? { mentions } : {}) })).comment;
	}

	remove(id: string): Promise<unknown> {
		return this.call("DELETE", `/api/v1/comments/${id}`);
	}

	vote(id: string, value: number): Promise<{ up: number; down: number; value: number }> {
		return this.call("PUT", `/api/v1/comments/${id}/vote`, { value });
	}

	restore(id: string): Promise<{ comment: Comment }> {
		return this.call("POST", `/api/v1/comments/${id}/restore`);
	}

	report(id: string, reason: string, note: string, image = ""): Promise<unknown> {
		return this.call("POST", `/api/v1/comments/${id}/reports`, { reason, note, ...(image ? { image } : {}) });
	}

	unreport(id: string): Promise<unknown> {
		return this.call("DELETE", `/api/v1/comments/${id}/reports`);
	}

	/** notice says that a comment is illegal; it needs no account. */
	async notice(id: string, n: { name: string; email: string; why: string; good_faith: boolean; image?: string }): Promise<string> {
		return (await this.call<{ receipt: string }>("POST", `/api/v1/comments/${id}/notices`, n)).receipt;
	}

	mute(author: string, yes: boolean): Promise<unknown> {
		return this.call(yes ? "PUT" : "DELETE", `/api/v1/users/${author}/mute`);
	}

	/** follow asks to hear of a thread, or with a comment of replies to it. */
	follow(thread: string, comment: string, yes: boolean, page?: { url: string; title: string }): Promise<unknown> {
		const q = new URLSearchParams({ thread, ...(comment ? { comment } : {}) });
		return this.call(yes ? "PUT" : "DELETE", `${this.path}/follow?${q}`, yes ? page : undefined);
	}

	/** seen acknowledges a warning. */
	seen(warning: string): Promise<unknown> {
		return this.call("PUT", `${this.path}/warnings/${warning}/seen`);
	}

	/** agree accepts the site's standards as they stand. */
	agree(): Promise<unknown> {
		return this.call("PUT", `${this.path}/standards/accepted`);
	}

	/** decide is a moderator's act: possible in our own frame, never for a script of the page. */
	decide(c: Comment, action: "feature" | "unfeature" | "pin" | "unpin" | "reject"): Promise<{ results: { ok: boolean }[]; undo: string | null }> {
		return this.call("POST", `${this.path}/moderation/decisions`, [
			{ comment_id: c.id, action, edited_at: c.edited_at ?? "", status: c.status },
		]);
	}

	/** takeBack undoes a moderator's act of a moment ago. */
	takeBack(undo: string): Promise<unknown> {
		return this.call("POST", `${this.path}/moderation/undo`, { undo });
	}

	/** origin asks whether this page is on the site's list. */
	origin(): Promise<{ origin: string; allowed: boolean }> {
		return this.read(`${this.root}/origin`);
	}

	async preview(body: string): Promise<string> {
		return (await this.call<{ html: string }>("POST", `${this.path}/preview`, { body })).html;
	}

	async revisions(id: string): Promise<Revision[]> {
		return (await this.call<{ revisions: Revision[] }>("GET", `/api/v1/comments/${id}/revisions`)).revisions;
	}

	standards(lang: string): Promise<Standards> {
		return this.read(`${this.root}/standards?${new URLSearchParams({ lang })}`);
	}

	/** claim asks once for the session that the sign-in window made; null: not yet. */
	async claim(txn: string, verifier: string, bearer = false): Promise<{ user: User; bearer?: string } | null> {
		const got = await this.call<{ user?: User; bearer?: string }>("POST", "/api/v1/auth/claim", { txn, verifier, bearer });
		return got.user ? { user: got.user, ...(got.bearer ? { bearer: got.bearer } : {}) } : null;
	}

	/** sso signs the reader in by the token that the page's own site has signed. */
	sso(token: string): Promise<{ user: User; bearer: string }> {
		return this.call("POST", `${this.path}/sso`, { token });
	}

	logout(): Promise<unknown> {
		return this.call("POST", `${this.path}/logout`, {});
	}
}
