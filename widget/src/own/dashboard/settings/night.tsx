import { useRef } from "preact/hooks";
import { Select } from "../../ui/select.tsx";
import { t } from "../desk.ts";
import type { Settings, SiteSettings } from "../state/settings.ts";
import { useChange } from "./change.ts";
import { By } from "./clash.tsx";
import { Row } from "./controls.tsx";

const modes = ["", "newcomers", "guests", "links", "all"] as const;
const CLOCK = "8.5rem"; // of a time's box
const ZONE = "13rem";

type Hours = "night_start" | "night_end" | "night_zone";

/** zoneNames are offered, not required: older browsers know no list. */
function zoneNames(): string[] {
	return typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
}

/** Night is the block about the hours in which a more careful mode holds; each part is saved as it is changed. */
export function Night({ s, first }: { s: SiteSettings; first: Settings }) {
	const now = s.now.value ?? first;
	const off = now.night_mode === "";
	const { wrong, change } = useChange(s);
	const turn = (mode: string) => {
		// Who switches it on for the first time means the clock on the own wall.
		const fresh = first.night_mode === "" && off && now.night_zone === "UTC";
		return change({
			night_mode: mode,
			...(fresh ? { night_zone: Intl.DateTimeFormat().resolvedOptions().timeZone } : {}),
		});
	};
	return (
		<div class="rows">
			<Row name={t("night")} hint={t("night_says")} wrong={wrong.value} by={<By s={s} name="night_mode" />}>
				<Select
					label={t("night")}
					value={now.night_mode}
					options={modes.map((m) => [m, t(m === "" ? "night_off" : `mode_${m}`)])}
					change={turn}
				/>
			</Row>
			<Hour s={s} name="night_start" value={now.night_start} hidden={off} />
			<Hour s={s} name="night_end" value={now.night_end} hidden={off} />
			<Hour s={s} name="night_zone" value={now.night_zone} hidden={off} />
		</div>
	);
}

/** Hour is one box of the night: what stands there is what holds; a word that was refused stays to be mended. */
function Hour({ s, name, value, hidden }: { s: SiteSettings; name: Hours; value: string; hidden: boolean }) {
	const { wrong, change } = useChange(s);
	const box = useRef<HTMLInputElement>(null);
	const invalid = useRef<"true" | "false" | undefined>(undefined);
	const zone = name === "night_zone";
	const set = async () => {
		const el = box.current;
		if (!el) return;
		const done = await change({ [name]: el.value.trim() });
		invalid.current = done ? "false" : "true";
		if (done || !zone) el.value = String(s.now.value?.[name] ?? value);
	};
	if (box.current && !wrong.value && box.current !== document.activeElement) box.current.value = value;
	return (
		<Row name={t(name)} hint="" wrong={wrong.value} hidden={hidden} by={<By s={s} name={name} />}>
			<span>
				<input
					class="inp"
					type={zone ? "text" : "time"}
					autocomplete="off"
					aria-label={t(name)}
					aria-invalid={wrong.value ? "true" : invalid.current}
					defaultValue={value}
					style={{ inlineSize: zone ? ZONE : CLOCK }}
					ref={box}
					onChange={set}
					{...(zone ? { list: "night-zones" } : {})}
				/>
				{zone && (
					<datalist id="night-zones">
						{zoneNames().map((z) => (
							<option key={z} value={z} />
						))}
					</datalist>
				)}
			</span>
		</Row>
	);
}
