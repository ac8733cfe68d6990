import { useRef } from "preact/hooks";
import { ago, t, words } from "../desk.ts";
import type { Name, SiteSettings } from "../state/settings.ts";
import type { Change } from "./change.ts";

const day = new Intl.DateTimeFormat(words.lang, { dateStyle: "medium" });

/** By says who changed a setting last, and on which day. */
export function By({ s, name }: { s: SiteSettings; name: Name }) {
	const c = s.now.value?.changes[name];
	if (!c) return null;
	const at = new Date(c.at);
	const date = day.format(at);
	return (
		<span class="t by" title={words.full(at)}>
			{c.by ? t("changed_by", { name: c.by, date }) : t("changed_on_server", { date })}
		</span>
	);
}

interface Props {
	s: SiteSettings;
	c: Change;
	name: Name;
	say?: (v: unknown) => string;
}

/** Clash is the question where a colleague has set the same thing first: theirs holds, and what was meant is not lost. */
export function Clash({ s, c, name, say = String }: Props) {
	const box = useRef<HTMLDivElement>(null);
	const mine = c.clash.value;
	if (!mine) return null;
	const by = s.now.value?.changes[name];
	const when = by && words.ago(new Date(by.at), new Date()) ? ago(by.at) : t("just_now");
	const theirs = say(s.now.value?.[name]);
	const back = () => {
		c.clash.value = null;
		s.saw(name, s.now.value?.[name]);
		(box.current?.previousElementSibling?.querySelector<HTMLElement>("input, select, textarea") ?? box.current?.parentElement?.querySelector<HTMLElement>("input, select, textarea"))?.focus();
	};
	return (
		<div class="clash" role="alert" ref={box}>
			<p>
				<b>{by?.by ? t("clash_set", { name: by.by, ago: when, value: theirs }) : t("clash_set_server", { ago: when, value: theirs })}</b>{" "}
				{t("clash_mine", { value: say(mine[name]) })}
			</p>
			<div class="clash-a">
				<button
					type="button"
					class="btn sm"
					onClick={async () => {
						if (await c.change(mine, true)) back();
					}}
				>
					{t("clash_anyway")}
				</button>
				<button type="button" class="btn sm" onClick={back}>
					{t("clash_leave")}
				</button>
			</div>
		</div>
	);
}
