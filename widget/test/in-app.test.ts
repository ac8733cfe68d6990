import assert from "node:assert/strict";
import { test } from "node:test";
import { type InApp, inApp, outward } from "../src/shared/in-app.ts";

const ios = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const droid = "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0.6367.82 Mobile Safari/537.36";
const both = ["google", "facebook"];

const apps: [string, string, string, string[]][] = [
	["Facebook", "android", `${droid} [FB_IAB/FB4A;FBAV/462.0.0.47.85;IABMV/1;]`, ["google"]],
	["Facebook", "ios", `${ios} Mobile/15E148 [FBAN/FBIOS;FBAV/462.0.0.41.102;FBBV/596712337;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/17.4.1;FBSS/3;FBCR/;FBID/phone;FBLC/en_US;FBOP/5]`, ["google"]],
	["Messenger", "android", `${droid} [FB_IAB/Orca-Android;FBAV/455.0.0.41.109;]`, ["google"]],
	["Messenger", "ios", `${ios} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/455.0.0.34.107;FBBV/590000000;FBDV/iPhone15,2]`, ["google"]],
	["Instagram", "android", `${droid} Instagram 330.0.0.40.92 Android (34/14; 480dpi; 1080x2115; samsung; SM-S918B; dm3q; qcom; en_GB; 595902190)`, ["google"]],
	["Instagram", "ios", `${ios} Mobile/21E236 Instagram 330.0.3.29.90 (iPhone15,2; iOS 17_4_1; en_GB; en; scale=3.00; 1179x2556; 596227766)`, ["google"]],
	["TikTok", "android", `${droid} trill_340204 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/musical_ly app_version/34.2.4 ByteLocale/en BytedanceWebview/d8a21c6`, both],
	["TikTok", "ios", `${ios} Mobile/15E148 musical_ly_34.2.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/GB BytedanceWebview/d8a21c6`, ["google"]],
	["LINE", "android", `${droid} Line/14.5.1/IAB`, both],
	["LINE", "ios", `${ios} Mobile/15E148 Safari Line/14.5.0`, ["google"]],
	["X", "ios", `${ios} Mobile/15E148 Twitter for iPhone/10.37`, ["google"]],
	["X", "android", `${droid} TwitterAndroid`, both],
	["LinkedIn", "ios", `${ios} Mobile/15E148 [LinkedInApp]/9.29.7962`, ["google"]],
	["LinkedIn", "android", `${droid} [LinkedInApp]/4.1.940`, both],
	["Telegram", "android", `${droid} Telegram-Android/10.12.0 (Samsung SM-S918B; Android 14; SDK 34; HIGH)`, both],
	["Snapchat", "ios", `${ios} Mobile/15E148 Snapchat/12.83.0.38 (like Safari/8617.2.4, panda)`, ["google"]],
	["WeChat", "android", `${droid} MMWEBID/6170 MicroMessenger/8.0.48.2580 WeChat/arm64`, both],
	["", "android", droid, both],
	["", "ios", `${ios} Mobile/15E148`, ["google"]],
	["", "ios", "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", ["google"]],
	["", "android", "Mozilla/5.0 (Linux; U; Android 4.4.2; en-us) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/30.0.0.0 Mobile Safari/537.36", both],
];

for (const [name, system, agent, refuses] of apps)
	test(`${name || "an app that says nothing"}, ${system}`, () => assert.deepEqual(inApp(agent), { name, system, refuses }));

for (const [name, agent] of [
	["Safari", `${ios} Version/17.4.1 Mobile/15E148 Safari/604.1`],
	["Chrome on iOS", `${ios} CriOS/124.0.6367.88 Mobile/15E148 Safari/604.1`],
	["Firefox on iOS", `${ios} FxiOS/125.0 Mobile/15E148 Safari/605.1.15`],
	["Edge on iOS", `${ios} Version/17.0 EdgiOS/124.0.2478.50 Mobile/15E148 Safari/605.1.15`],
	["Chrome on Android", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36"],
	["Samsung Internet", "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"],
	["Firefox on Android", "Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0"],
	["Chrome", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"],
	["Safari on a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15"],
	["Firefox", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0"],
] as const)
	test(`${name} is a browser of its own`, () => assert.equal(inApp(agent), null));

test("what was put on the home screen is no app's browser", () => assert.equal(inApp(`${ios} Mobile/15E148`, true), null));

test("the way out of each", () => {
	const at = (name: string, system: InApp["system"]) => outward("https://news.test/a?page=2#parley-txn=secret", { name, system, refuses: [] });
	assert.equal(at("Facebook", "android"), "intent://news.test/a?page=2#Intent;scheme=https;action=android.intent.action.VIEW;end");
	assert.equal(at("Instagram", "ios"), "x-safari-https://news.test/a?page=2");
	assert.equal(at("LINE", "ios"), "https://news.test/a?page=2&openExternalBrowser=1");
	assert.equal(at("WeChat", ""), "");
});
