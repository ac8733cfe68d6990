import type { Acting } from "../acting.ts";
import type { App } from "../app.ts";
import { editLeft } from "../view/own.ts";
import { question } from "../view/dialog.ts";
import { type Item, openMenu } from "../view/menu.ts";
import { followReplies } from "./following.ts";
import { mute } from "./muting.ts";
import { person } from "./person.ts";
import { report } from "./report.ts";
import { wordsOf } from "./words.ts";

/** commentMenu is the menu of a comment: one's own, or another's. */
export async function commentMenu(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	const { x } = app;
	const c = x.d.known.get(id);
	if (!c?.author) return;
	const { author } = c;
	const left = editLeft(x, c);
	const mine = x.d.mine.has(id);
	const muted = x.d.mutes.has(author.id);
	const follows = x.d.follows.has(id);
	const minutes = Number.isFinite(left) ? t.t("left", { n: Math.max(1, Math.ceil(left / 60)) }) : "";
	const items: Item[] = mine
		? [
				...(left > 0 ? [{ icon: "edit", label: t.t("edit"), side: minutes, act: () => acting.edit(id) }] : []),
				{ icon: "trash", label: t.t("delete"), danger: true, act: () => void remove(app, acting, id, button) },
			]
		: [
				{ icon: "user", label: t.t("card", { name: author.name }), act: () => void person(app, acting, id, button) },
				{ icon: "flag", label: t.t("report"), act: () => void report(app, acting, id, button) },
				{
					icon: "mute",
					label: t.t(muted ? "unmute" : "mute", { name: author.name }),
					act: () => void mute(app, acting, id, author.id, author.name, !muted),
				},
			];
	items.push(
		"-",
		{ icon: "link", label: t.t("copy_link"), act: () => void acting.share(id) },
		{ icon: "bell", label: t.t(follows ? "stop_replies" : "replies"), act: () => void followReplies(app, acting, id, !follows) },
	);
	if (x.d.decides) {
		items.push(
			"-",
			{
				icon: "star",
				label: t.t(c.featured ? "unpick" : "pick"),
				act: () => void decide(app, id, c.featured ? "unfeature" : "feature"),
			},
			...(c.parent_id
				? []
				: [{ icon: "pin", label: t.t(c.pinned ? "unpin" : "pin"), act: () => void decide(app, id, c.pinned ? "unpin" : "pin") }]),
			{ icon: "shield", label: t.t("mod_remove"), danger: true, act: () => void removeAsModerator(app, acting, id, button) },
		);
	}
	if (x.d.desk !== "") {
		const at = `${x.d.desk}&screen=comments&comment=${encodeURIComponent(id)}`;
		items.push(...(x.d.decides ? [] : ["-" as const]), {
			icon: "share",
			label: t.t("mod_desk"),
			act: () => void open(at, "_blank", "noopener"),
		});
	}
	openMenu(app.frame.el, button, items);
}

/** decide picks or pins a comment, or no longer; for some seconds that can be taken back. What is pinned goes to its place: who asked for it sees it there. */
async function decide(app: App, id: string, action: "feature" | "unfeature" | "pin" | "unpin"): Promise<void> {
	const t = await wordsOf(app);
	const show = async (on: boolean) => {
		const c = app.x.d.known.get(id);
		if (!/pin$/.test(action)) {
			if (c) app.acting?.changed({ ...c, featured: on === (action === "feature") });
			return;
		}
		if (c) app.acting?.changed({ ...c, pinned: on === (action === "pin") });
		await app.reload();
		await app.acting?.goTo(id).catch(() => {});
	};
	try {
		const c = app.x.d.known.get(id);
		const got = c && (await app.api.decide(c, action));
		if (!c || !got?.results[0]?.ok) throw got;
		await show(true);
		const undo = got.undo;
		const back = () => {
			if (undo) app.api.takeBack(undo).then(() => show(false), (e: unknown) => app.acting?.showError(e));
		};
		app.acting?.toast.show("check", t.t("decided"), !!undo && { label: t.t("undo"), act: back });
	} catch (e) {
		app.acting?.showError(e, () => void decide(app, id, action));
	}
}

async function removeAsModerator(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	if (
		await question(app.frame.el, button, {
			title: t.t("mod_head"),
			text: t.t("mod_text"),
			yes: t.t("mod_yes"),
			no: t.t("cancel"),
			close: t.t("close"),
		})
	) {
		if (await acting.reject(id)) app.frame.say(t.t("mod_done"));
		else acting.showError();
	}
}

async function remove(app: App, acting: Acting, id: string, button: HTMLElement): Promise<void> {
	const t = await wordsOf(app);
	if (
		await question(app.frame.el, button, {
			title: t.t("delete_head"),
			text: t.t("delete_text"),
			yes: t.t("delete_yes"),
			no: t.t("cancel"),
			close: t.t("close"),
		})
	)
		void acting.remove(id);
}
