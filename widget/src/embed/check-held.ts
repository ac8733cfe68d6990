/** What consent managers and script loaders leave on a page, by the name of a global. */
const globals: readonly (readonly [sign: string, name: string])[] = [
	["Cookiebot", "Cookiebot"],
	["OneTrust", "OneTrust"],
	["OptanonWrapper", "OneTrust"],
	["cmplz_accept_all", "Complianz"],
	["complianz", "Complianz"],
	["getCkyConsent", "CookieYes"],
	["UC_UI", "Usercentrics"],
	["Didomi", "Didomi"],
	["_iub", "iubenda"],
	["Osano", "Osano"],
	["Termly", "Termly"],
	["tarteaucitron", "tarteaucitron"],
	["klaro", "Klaro"],
	["CookieConsent", "CookieConsent"],
	["__cfRLUnblockHandlers", "Cloudflare Rocket Loader"],
	["RocketLazyLoadScripts", "WP Rocket"],
	["NPSH", "NitroPack"],
	["pmDelayedScripts", "Perfmatters"],
	["litespeed_docref", "LiteSpeed Cache"],
	["pagespeed", "PageSpeed"],
];

/** Attributes that are left on a tag which something has held back. */
const marks: readonly (readonly [sign: RegExp, name: string])[] = [
	[/rocketlazyloadscript|data-rocket/, "WP Rocket"],
	[/[0-9a-f]{8,}-text\/javascript|data-cf-settings/, "Cloudflare Rocket Loader"],
	[/litespeed/, "LiteSpeed Cache"],
	[/nitropack/, "NitroPack"],
	[/pmdelayedscript/, "Perfmatters"],
	[/flying-scripts/, "Flying Scripts"],
	[/data-cookieconsent/, "Cookiebot"],
	[/optanon/, "OneTrust"],
	[/data-cmplz|cmplz-/, "Complianz"],
	[/cookieyes|data-cli-/, "CookieYes"],
	[/data-usercentrics/, "Usercentrics"],
	[/consent|data-category|text\/plain/, "A consent manager"],
	[/\bdata-(lazy-)?src=|delayed?=/, "A script loader"],
];

/** holding names what held the loader's tag back, as the tag itself tells. */
export function holding(script: HTMLScriptElement | null): string {
	if (!script) return "A script loader";
	const all = [...script.attributes]
		.map((a) => `${a.name}=${a.name === "src" ? "" : a.value}`)
		.join(" ")
		.toLowerCase();
	return marks.find(([sign]) => sign.test(all))?.[1] ?? "";
}

/** managers are the consent managers and script loaders on the page. */
export function managers(): string[] {
	const out = globals.filter(([sign]) => sign in window).map(([, name]) => name);
	if ("__tcfapi" in window && out.length === 0) out.push("A consent manager");
	return [...new Set(out)];
}
