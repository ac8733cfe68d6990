import { dialog, HEADING } from "../ui/dialog.tsx";
import { t, type Word } from "./desk.ts";

/** The keys of the dashboard, and whether single ones count. */
const list: [Word, string[]][] = [
	["approve", ["A"]],
	["reject", ["R"]],
	["key_reason", ["1–9"]],
	["spam_act", ["S"]],
	["delete", ["D"]],
	["ban_more", ["B"]],
	["feature", ["F"]],
	["undo", ["U"]],
	["key_next", ["J"]],
	["key_previous", ["K"]],
	["key_select", ["X"]],
	["key_range", ["⇧ X"]],
	["key_alike", ["L"]],
	["key_open", ["O"]],
	["key_reply", ["C"]],
	["search", ["/"]],
	["key_queue", ["G", "Q"]],
	["key_comments", ["G", "C"]],
	["key_people", ["G", "P"]],
	["key_threads", ["G", "T"]],
	["key_rules", ["G", "R"]],
	["key_new", ["N"]],
	["save_rules", ["⌘/Ctrl ↵"]],
	["key_clear", ["esc"]],
	["key_help", ["?"]],
];

const KEYS = "parley-dashboard-keys";

export function keysOn(): boolean {
	try {
		return localStorage.getItem(KEYS) !== "off";
	} catch {
		return true;
	}
}

/** keyHints shows the keys beside what they do, or hides them where they are off; nothing is drawn anew. */
export function keyHints(): void {
	document.body.classList.toggle("keyless", !keysOn());
}

/** help lists the keys, and turns the single ones off for who needs that (WCAG 2.1.4). */
export function help(): void {
	void dialog("helpd", ({ close }) => <Keys close={close} />);
}

function Keys({ close }: { close: () => void }) {
	const turn = (on: boolean) => {
		try {
			localStorage.setItem(KEYS, on ? "on" : "off");
		} catch {
			/* a private window: it holds until the page is left */
		}
		keyHints();
	};
	return (
		<>
			<h2 id={HEADING}>{t("keyboard")}</h2>
			<ul>
				{list.map(([word, keys]) => (
					<li key={word}>
						{t(word)}
						<span>
							{keys.map((k) => (
								<kbd key={k}>{k}</kbd>
							))}
						</span>
					</li>
				))}
			</ul>
			<label class="fx">
				<input
					class="sw"
					type="checkbox"
					role="switch"
					defaultChecked={keysOn()}
					onChange={(e) => turn(e.currentTarget.checked)}
				/>
				<span>{t("keys_on")}</span>
			</label>
			<div class="fx">
				<span class="grow" />
				<button type="button" class="btn" onClick={close}>
					{t("close")}
				</button>
			</div>
		</>
	);
}
