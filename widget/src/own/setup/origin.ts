/** originOf is the origin of an address as it was typed, with or without a scheme; "" where that is none. */
export function originOf(typed: string): string {
	const text = typed.trim();
	if (text === "" || /\s|\*/.test(text)) return "";
	const local = /^(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(text);
	try {
		const u = new URL(/^https?:\/\//i.test(text) ? text : `${local ? "http" : "https"}://${text}`);
		return u.username || !/^https?:$/.test(u.protocol) || !(u.hostname.includes(".") || u.hostname === "localhost" || u.hostname.startsWith("["))
			? ""
			: u.origin;
	} catch {
		return "";
	}
}

/** twinOf is the origin that is easily forgotten beside another: with www, or without; "" for hosts that have none. */
export function twinOf(origin: string): string {
	const u = new URL(origin);
	const bare = u.hostname.replace(/^www\./, "");
	if (bare.split(".").length !== 2 || /^[\d.]+$/.test(bare) || bare.startsWith("[")) return "";
	const port = u.port ? `:${u.port}` : "";
	return `${u.protocol}//${bare === u.hostname ? `www.${bare}` : bare}${port}`;
}
