// The worker of our own origin: it shows messages on this device, and leads to what they are about.

/** Message is what the server sends: a declarative push message, which some browsers show by themselves. */
interface Message {
	web_push: number;
	notification: { title: string; body: string; navigate: string; lang: string; dir: NotificationDirection; tag: string };
}

interface PushLike extends Event {
	readonly data: { json(): unknown } | null;
	waitUntil(p: Promise<unknown>): void;
}

interface ClickLike extends Event {
	readonly notification: Notification;
	waitUntil(p: Promise<unknown>): void;
}

interface ChangedLike extends Event {
	readonly oldSubscription: PushSubscription | null;
	waitUntil(p: Promise<unknown>): void;
}

const here = globalThis as unknown as EventTarget & {
	registration: ServiceWorkerRegistration;
	clients: { openWindow(url: string): Promise<unknown> };
	skipWaiting(): Promise<void>;
	location: Location;
};

/** show puts a message where the system shows such; one that cannot be read says no more than that there is one. */
async function show(data: PushLike["data"]): Promise<void> {
	const m = ((): Message["notification"] | null => {
		try {
			return (data?.json() as Message | undefined)?.notification ?? null;
		} catch {
			return null;
		}
	})();
	if (!m?.title) return here.registration.showNotification("Parley", { data: { navigate: "/account" } });
	return here.registration.showNotification(m.title, {
		body: m.body,
		lang: m.lang,
		dir: m.dir,
		tag: m.tag, // one a discussion: the later takes the place of the earlier
		icon: "/favicon.ico",
		data: { navigate: m.navigate },
	});
}

/** renew lets this device in again where its browser has changed the address. */
async function renew(old: PushSubscription | null): Promise<void> {
	const key = old?.options.applicationServerKey;
	if (!key) return;
	const subscription = await here.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
	await fetch("/api/v1/me/push", {
		method: "POST",
		headers: { "Content-Type": "application/json", "X-Parley": "1" },
		body: JSON.stringify(subscription),
	});
}

here.addEventListener("push", (e) => (e as PushLike).waitUntil(show((e as PushLike).data)));
here.addEventListener("notificationclick", (e) => {
	const { notification } = e as ClickLike;
	notification.close();
	const to = new URL(String((notification.data as { navigate?: unknown } | null)?.navigate ?? "/account"), here.location.origin);
	if (to.origin === here.location.origin) (e as ClickLike).waitUntil(here.clients.openWindow(to.href));
});
here.addEventListener("pushsubscriptionchange", (e) => (e as ChangedLike).waitUntil(renew((e as ChangedLike).oldSubscription)));
here.addEventListener("install", () => void here.skipWaiting());
