/**
 * What the documents of our own origin share: calls to the server with the
 * guard header, and how a refusal is said where it belongs.
 */
export interface Answer<T> {
	status: number; // 0: no answer
	body: T & { code?: string; detail?: string; errors?: { field: string; message: string }[] };
	retry: number; // seconds
}

export async function call<T = object>(method: string, path: string, body?: object | Blob): Promise<Answer<T>> {
	const headers: Record<string, string> = { "X-Parley": "1" };
	if (body && !(body instanceof Blob)) headers["Content-Type"] = "application/json";
	if (body instanceof Blob) headers["Content-Type"] = body.type || "application/octet-stream";
	try {
		const res = await fetch(path, {
			method,
			headers,
			...(body ? { body: body instanceof Blob ? body : JSON.stringify(body) } : {}),
		});
		const json = /json/.test(res.headers.get("content-type") ?? "");
		return {
			status: res.status,
			body: (json ? await res.json() : {}) as Answer<T>["body"],
			retry: Number(res.headers.get("retry-after")) || 0,
		};
	} catch {
		return { status: 0, body: {} as Answer<T>["body"], retry: 0 };
	}
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
	const el = document.getElementById(id);
	if (!el) throw new Error(`no ${id}`);
	return el as T;
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

/** why puts a refusal into words. */
export function why(r: Answer<object>): string {
	if (r.status === 0) return say("no_answer", 0);
	if (r.status === 429) {
		const seconds = r.retry || 60;
		return seconds < 90 ? say("too_many", seconds) : say("too_many_minutes", Math.ceil(seconds / 60));
	}
	const f = r.body.errors?.[0];
	if (f) return `${f.field} ${f.message}`;
	return r.body.detail ?? say("failed", 0);
}

/** clear takes a form's refusal away. */
export function clear(form: HTMLElement): void {
	for (const i of form.querySelectorAll("input")) {
		i.removeAttribute("aria-invalid");
		if (i.getAttribute("aria-describedby")?.startsWith("refused-")) i.removeAttribute("aria-describedby");
	}
	for (const p of form.querySelectorAll(".err")) p.remove();
}

/** refuse says why, under the field that is wrong, or at the form's foot. */
export function refuse(form: HTMLElement, r: Answer<object>, field?: string): void {
	clear(form);
	const f = r.body.errors?.[0];
	const name = f?.field ?? field;
	const input = name ? form.querySelector<HTMLInputElement>(`input[name="${CSS.escape(name)}"]:not([hidden])`) : null;
	const p = document.createElement("p");
	p.className = "err";
	p.setAttribute("role", "alert");
	if (input) {
		const label = form.querySelector(`label[for="${input.id}"]`)?.textContent ?? "It";
		p.textContent = f ? `${label} ${f.message}.` : why(r);
		p.id = `refused-${input.id}`;
		input.setAttribute("aria-invalid", "true");
		input.setAttribute("aria-describedby", p.id);
		(input.closest(".field") ?? form).append(p);
		input.focus();
		if (input.type === "password") input.select();
		return;
	}
	p.textContent = why(r);
	form.append(p);
}

/** onSubmit runs act with a form's values, once at a time. */
export function onSubmit(form: HTMLFormElement, act: (data: Record<string, string>) => Promise<void>): void {
	form.addEventListener("submit", async (e) => {
		e.preventDefault();
		if (form.getAttribute("aria-busy") === "true") return;
		form.setAttribute("aria-busy", "true");
		const button = form.querySelector<HTMLButtonElement>("button:not([type])");
		button?.setAttribute("aria-busy", "true");
		const data: Record<string, string> = {};
		for (const [k, v] of new FormData(form)) if (typeof v === "string") data[k] = v;
		clear(form);
		await act(data);
		form.removeAttribute("aria-busy");
		button?.removeAttribute("aria-busy");
	});
}

/** press runs act at a click, once at a time. */
export function press(button: HTMLElement, act: () => Promise<void>): void {
	button.addEventListener("click", async () => {
		if (button.getAttribute("aria-busy") === "true") return;
		button.setAttribute("aria-busy", "true");
		await act();
		button.removeAttribute("aria-busy");
	});
}

/** eyes lets people see what they type as a password. */
export function eyes(): void {
	for (const b of document.querySelectorAll<HTMLElement>(".pw .ib"))
		b.addEventListener("click", () => {
			const input = b.parentElement?.querySelector("input");
			if (!input) return;
			const show = input.type === "password";
			input.type = show ? "text" : "password";
			b.setAttribute("aria-pressed", String(show));
			input.focus();
		});
}

/** ticket is the secret of a mailed link; it stands behind the # and is taken off the address bar. */
export function ticket(): string {
	const t = location.hash.slice(1);
	history.replaceState(null, "", location.pathname);
	return t;
}
