import { h } from "../view/h.ts";
import { t } from "./desk.ts";
import { icon } from "./icons.ts";

/** NightSettings is the part of a site's settings that this block changes. */
export interface NightSettings {
	night_mode: string; // "" is no night
	night_start: string; // "23:00", on the clocks of night_zone
	night_end: string;
	night_zone: string;
}

type Patch = (body: Partial<NightSettings>) => Promise<{ body: NightSettings | null; detail: string }>;

const modes = ["", "newcomers", "guests", "links", "all"] as const;
const CLOCK = "8.5rem"; // of a time's box
const ZONE = "13rem";

/** zoneNames are offered, not required: older browsers know no list. */
function zoneNames(): string[] {
	return typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
}

/** night is the block of the settings about the hours in which a more careful mode holds; each part is saved as it is changed. */
export function night(s: NightSettings, patch: Patch): HTMLElement {
	let now = s;
	const row = (name: string, hint: string, control: HTMLElement, box: HTMLElement, body: () => Partial<NightSettings>) => {
		const say = h("span.err", { role: "alert" });
		box.setAttribute("aria-label", name);
		box.addEventListener("change", async () => {
			const r = await patch(body());
			say.textContent = r.body ? "" : r.detail;
			box.setAttribute("aria-invalid", String(!r.body));
			now = r.body ?? now;
			// What stands there is what holds; a word that was refused stays to be mended.
			if (r.body) zone.value = now.night_zone;
			else if (box !== zone) restore();
			for (const el of hours) el.hidden = now.night_mode === "";
		});
		return h("div", {}, h("label.grow", {}, h("b", {}, name), hint ? h("span.t", {}, hint) : null, say), control);
	};
	const input = (type: string, value: string, size: string) => {
		const box = h("input.inp", { type, value, autocomplete: "off" });
		box.style.inlineSize = size;
		return box;
	};
	const mode = h(
		"select",
		{},
		...modes.map((m) => h("option", { value: m, selected: m === s.night_mode }, t(m === "" ? "night_off" : `mode_${m}`))),
	);
	const start = input("time", s.night_start, CLOCK);
	const end = input("time", s.night_end, CLOCK);
	const zone = input("text", s.night_zone, ZONE);
	zone.setAttribute("list", "night-zones");
	const zones = h("datalist", { id: "night-zones" }, ...zoneNames().map((z) => h("option", { value: z })));
	const restore = () => {
		mode.value = now.night_mode;
		start.value = now.night_start;
		end.value = now.night_end;
	};
	const hours = [
		row(t("night_start"), "", start, start, () => ({ night_start: start.value })),
		row(t("night_end"), "", end, end, () => ({ night_end: end.value })),
		row(t("night_zone"), "", h("span", {}, zone, zones), zone, () => ({ night_zone: zone.value.trim() })),
	];
	for (const el of hours) el.hidden = s.night_mode === "";
	return h(
		"div.rows",
		{},
		row(t("night"), t("night_says"), h("span.sel.box", {}, mode, icon("cd", "i s")), mode, () => {
			// Who switches it on for the first time means the clock on the own wall.
			const first = s.night_mode === "" && now.night_mode === "" && now.night_zone === "UTC";
			return { night_mode: mode.value, ...(first ? { night_zone: Intl.DateTimeFormat().resolvedOptions().timeZone } : {}) };
		}),
		...hours,
	);
}
