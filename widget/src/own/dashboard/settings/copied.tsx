import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Field } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { t } from "../desk.ts";

/** Copied is an address to hand on, with a button that copies it. */
export function Copied({ label, text, hint, first = false }: { label: string; text: string; hint: string; first?: boolean }) {
	const box = useRef<HTMLInputElement>(null);
	const done = useSignal(false);
	const copy = async () => {
		box.current?.select();
		try {
			await navigator.clipboard.writeText(text);
			done.value = true;
		} catch {
			box.current?.focus(); // it is selected: the keyboard copies it
		}
	};
	return (
		<Field
			label={label}
			hint={hint}
			wrong=""
			control={(named) => (
				<div class="fx nowrap">
					<span class="grow">
						<input class="inp mono" readOnly value={text} ref={box} data-first={first ? "" : undefined} {...named} />
					</span>
					<button type="button" class="btn" onClick={copy}>
						<Icon name="copy" />
						<span>{done.value ? t("copied") : t("copy")}</span>
					</button>
				</div>
			)}
		/>
	);
}
