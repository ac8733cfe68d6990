// Browsers inside apps. Some providers refuse to sign anybody in there, windows
// don't come back, and a mailed link opens another browser.

/** InApp is the browser of an app in which a page shows. */
export interface InApp {
	name: string; // of the app; "" where it does not say
	refuses: readonly string[]; // providers that sign nobody in here
	system: "android" | "ios" | "";
}

/** apps are those that say who they are, the ones inside others first. */
const apps: readonly (readonly [name: string, agent: RegExp])[] = [
	["Instagram", /\bInstagram[ /]/],
	["Messenger", /\bFB_IAB\/(?:Orca|MESSENGER)|\bFBAN\/Messenger/i],
	["Threads", /\bBarcelona[ /]/],
	["Facebook", /\bFB_IAB\/|\bFBA[NV]\//],
	["TikTok", /\bmusical_ly|\bBytedance|\btrill_|\bTikTok/i],
	["LINE", /\bLine\/\d/],
	["X", /\bTwitter(?:Android| for i)|\bX-Twitter/],
	["LinkedIn", /\bLinkedInApp\b/],
	["Telegram", /\bTelegram(?:-Android|Bot-iOS| for)?[ /]/],
	["Snapchat", /\bSnapchat\//],
	["Pinterest", /\[Pinterest\/|\bPinterest for /],
	["WeChat", /\bMicroMessenger\//],
	["KakaoTalk", /\bKAKAOTALK\b/],
];

const family = ["Facebook", "Instagram", "Messenger", "Threads"]; // where Facebook's own sign-in works

/**
 * inApp tells whether a page shows in the browser of an app, by its user
 * agent; null: a browser of its own. alone says that it was put on the home
 * screen, where iOS leaves "Safari" out as well.
 */
export function inApp(agent: string, alone = false): InApp | null {
	const name = apps.find(([, re]) => re.test(agent))?.[0] ?? "";
	const android = /\bAndroid\b/.test(agent);
	const ios = !android && /\b(?:iPhone|iPad|iPod)\b/.test(agent);
	const view = android ? /;\s*wv\)|\bVersion\/\d+\.\d+ Chrome\//.test(agent) : ios && !alone && !/\bSafari\/|\b(?:Crv|CriOS|FxiOS|EdgiOS|OPT|OPiOS|DuckDuckGo|YaBrowser|GSA)\//.test(agent);
	if (!name && !view) return null;
	return {
		name,
		// Google refuses every embedded browser, Facebook Android's outside its own apps.
		refuses: android && !family.includes(name) ? ["google", "facebook"] : ["google"],
		system: android ? "android" : ios ? "ios" : "",
	};
}

/** here is inApp of this browser. */
export const here = (): InApp | null =>
	inApp(navigator.userAgent, (navigator as Navigator & { standalone?: boolean }).standalone === true);

/** outward is the address that opens a page in the reader's own browser; "" where no way is known. */
export function outward(page: string, app: InApp): string {
	const url = new URL(page);
	url.hash = "";
	if (app.name === "LINE") {
		url.searchParams.set("openExternalBrowser", "1");
		return url.href;
	}
	const bare = url.href.slice(url.protocol.length); // from // on
	const scheme = url.protocol.slice(0, -1);
	if (app.system === "android") return `intent:${bare}#Intent;scheme=${scheme};action=android.intent.action.VIEW;end`;
	if (app.system === "ios") return `x-safari-${scheme}:${bare}`;
	return "";
}
