import { t } from "../desk.ts";
import type { SiteSettings } from "../state/settings.ts";
import { useChange } from "./change.ts";
import { By, Clash } from "./clash.tsx";
import { Row } from "./controls.tsx";

const names = ["agree", "disagree", "thanks", "insightful", "funny", "surprising", "sad", "curious"] as const;
const MOST = 6;

/** Reactions are what readers have in the place of votes; without any they vote. */
export function Reactions({ s }: { s: SiteSettings }) {
	const c = useChange(s);
	const now = s.now.value?.reactions ?? [];
	return (
		<Row
			name={t("reactions")}
			hint={t("reactions_says")}
			wrong={c.wrong.value}
			by={<By s={s} name="reactions" />}
			clash={<Clash s={s} name="reactions" c={c} />}
		>
			<div class="several" role="group" aria-label={t("reactions")}>
				{names.map((name) => {
					const on = now.includes(name);
					return (
						<label key={name}>
							<input
								type="checkbox"
								class="chk"
								checked={on}
								disabled={!on && now.length >= MOST}
								onChange={() => void c.change({ reactions: names.filter((n) => (n === name ? !on : now.includes(n))) })}
							/>{" "}
							{t(`reaction_${name}`)}
						</label>
					);
				})}
			</div>
		</Row>
	);
}
