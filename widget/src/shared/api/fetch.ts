/** Reply is what came back; status 0 is no answer. */
export interface Reply {
	status: number;
	ok: boolean;
	headers: Headers | null;
	body?: unknown; // undefined where it is not JSON
}

/** request is one exchange with a server that speaks JSON. It never throws. */
export async function request(url: string, init: RequestInit): Promise<Reply> {
	try {
		const res = await fetch(url, init);
		return { status: res.status, ok: res.ok, headers: res.headers, body: await res.json().catch(() => {}) };
	} catch {
		return { status: 0, ok: false, headers: null };
	}
}
