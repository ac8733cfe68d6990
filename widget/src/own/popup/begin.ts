import { codeWaits } from "./acts.ts";
import { finish } from "./finish.ts";
import { leave, leaveForSite, meet, returnFromSite, sentByPage } from "./meeting.ts";
import { meta } from "./meta.ts";
import { confirmation, LAST, now, remember, show, TXN } from "./state.ts";
import { complete } from "./finish.ts";
import { takeTicket } from "./tickets.ts";
import { t } from "./words.ts";

const tickets = ["magic", "email", "verify", "newpassword", "invite"];

/** begin shows the first step, or resumes one. */
export function begin(): void {
	const wanted = meta.step === "reset" ? "newpassword" : meta.step;
	if (wanted === "sso") void returnFromSite();
	else if (wanted && tickets.includes(wanted)) takeTicket(wanted);
	else if (wanted) resume(wanted);
	else if (meta.challenge && !sentByPage()) show("expired");
	else open();
}

/** resume goes on where the provider has led back to. */
function resume(wanted: string): void {
	now.txn = remember(sessionStorage, TXN);
	if (wanted === "done") {
		remember(localStorage, LAST, meta.way ?? "");
		finish();
	} else show(wanted);
}

/** open meets the widget, and goes as far as no press of a button is needed. */
function open(): void {
	now.meeting = meet();
	const chosen = meta.ways.find((w) => w.id === meta.way && w.kind === "provider");
	const { sso } = meta;
	const bySite = meta.way === "sso" && sso ? () => leaveForSite(sso) : null;
	if (!window.opener && !meta.challenge) show("cut");
	else if (meta.user) ask(t("welcome"), t("continue_as", { name: meta.user.name }), complete, true);
	else if (codeWaits()) show("link");
	else if (meta.challenge && chosen) askToLeave(chosen.label, () => leave(chosen.id, chosen.label));
	else if (meta.challenge && bySite) askToLeave(meta.label ?? "", bySite);
	else if (chosen) void leave(chosen.id, chosen.label);
	else if (bySite) void bySite();
	else show("choose");
}

/** askToLeave leaves only after a click: no window was opened by one. */
const askToLeave = (label: string, act: () => Promise<void>) =>
	ask(t("choose_head"), t("continue_with", { name: label }), act, false);

function ask(head: string, button: string, act: () => Promise<void>, other: boolean): void {
	confirmation.value = { head, button, other, act };
	show("continue");
}
