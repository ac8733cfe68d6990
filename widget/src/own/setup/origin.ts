/** originOf is the origin of an address as it was typed, with or without a scheme; "" where that is none. */
export function originOf(typed: string): string {
	const text = typed.trim();
	if (text === "" || /\s|\*/.test(text)) return "";
	const local = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])/.test(text); // mostly without TLS
	try {
		const u = new URL(/^https?:\/\//i.test(text) ? text : `${local ? "http" : "https"}://${text}`);
		return u.username || !/^https?:$/.test(u.protocol) || !(u.hostname.includes(".") || u.hostname === "localhost" || u.hostname.startsWith("["))
			? ""
			: u.origin;
	} catch {
		return "";
	}
}

/** whyNot says what is wrong with an address that is none: the key of a sentence; "" while there is nothing to say. */
export function whyNot(typed: string, server: string): "" | "origin_star" | "origin_scheme" | "origin_server" {
	const text = typed.trim();
	if (text.includes("*")) return "origin_star";
	if (/^(?!https?:)[a-z][a-z+.-]*:\/\//i.test(text)) return "origin_scheme";
	return originOf(text) === new URL(server).origin ? "origin_server" : "";
}

/** twinOf is the origin that is easily forgotten beside another: with www, or without; "" for hosts that have none. */
export function twinOf(origin: string): string {
	const u = new URL(origin);
	const bare = u.hostname.replace(/^www\./, "");
	if (bare.split(".").length !== 2 || /^[\d.]+$/.test(bare) || bare.startsWith("[")) return "";
	const port = u.port ? `:${u.port}` : "";
	return `${u.protocol}//${bare === u.hostname ? `www.${bare}` : bare}${port}`;
}
