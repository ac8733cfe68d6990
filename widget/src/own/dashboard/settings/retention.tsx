import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Answers } from "../../../shared/api/generated.d.ts";
import { Icon } from "../../ui/icon.tsx";
import { type Answer, call, type Desk, t } from "../desk.ts";

type Got = Answers["GET /api/v1/sites/{site}/settings/retention"];

const HOUR = 3600;
const DAY = 24 * HOUR;

/** span is a length of time in words. */
const span = (seconds: number): string =>
	seconds < DAY ? t("hours", { n: Math.round(seconds / HOUR) }) : t("days", { n: Math.round(seconds / DAY) });

/** Retention is how long things are kept: what the server does, which no setting changes, and the page that tells readers. */
export function Retention({ desk }: { desk: Desk }) {
	const told = useSignal<Answer<Got> | null>(null);
	useEffect(() => {
		void call<Got>("GET", desk.api("/settings/retention")).then((r) => {
			told.value = r;
		});
	}, []);
	const r = told.value;
	if (!r) return null;
	if (!r.body) return <p class="alert">{r.detail}</p>;
	return (
		<>
			<table class="kept">
				<thead>
					<tr>
						<th scope="col">{t("kept_what")}</th>
						<th scope="col">{t("kept_for")}</th>
					</tr>
				</thead>
				<tbody>
					{r.body.kept.map((k) => (
						<tr key={k.what}>
							<td>{k.text}</td>
							<td>{k.until || span(k.seconds)}</td>
						</tr>
					))}
				</tbody>
			</table>
			<a class="btn" href={r.body.privacy_url} target="_blank" rel="noopener">
				<Icon name="ext" />
				{t("privacy_page")}
			</a>
		</>
	);
}
