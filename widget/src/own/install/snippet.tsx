import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import en from "../../../../static/i18n/en/install.json";
import { Words } from "../../shared/i18n/catalogue.ts";
import { Icon } from "../ui/icon.tsx";
import { paint } from "./paint.tsx";
import { type Attrs, platforms } from "./platforms.ts";
import { useId } from "../ui/id.ts";

const words = new Words(en, "en");

interface Props {
	base: string;
	site: string;
	attrs?: Attrs;
	style?: string; // of the page, before the snippet
}

/** Snippet is what is pasted, for the kind of page that is chosen. */
export function Snippet({ base, site, attrs = [], style = "" }: Props) {
	const chosen = useSignal(platforms[0]?.id ?? "");
	const copied = useSignal("");
	const pre = useRef<HTMLPreElement>(null);
	const tabs = useRef<HTMLDivElement>(null);
	const panel = useId();
	const p = platforms.find((x) => x.id === chosen.value) ?? platforms[0];
	if (!p) return null;
	const text = (style ? `${style}\n` : "") + p.code(base, site, attrs);
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
			copied.value = p.id;
		} catch {
			if (pre.current) getSelection()?.selectAllChildren(pre.current);
		}
	};
	const move = (e: KeyboardEvent) => {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
		if (step === undefined) return;
		e.preventDefault();
		const at = (platforms.findIndex((x) => x.id === chosen.value) + step + platforms.length) % platforms.length;
		chosen.value = platforms[at]?.id ?? "";
		tabs.current?.querySelectorAll<HTMLElement>("button")[at]?.focus();
	};
	return (
		<div class="snippet">
			<div class="seg pl" role="tablist" aria-label={words.t("platform")} ref={tabs} onKeyDown={move}>
				{platforms.map((x) => (
					<button
						key={x.id}
						type="button"
						role="tab"
						aria-selected={x.id === p.id ? "true" : "false"}
						aria-controls={panel}
						tabIndex={x.id === p.id ? 0 : -1}
						onClick={() => {
							chosen.value = x.id;
						}}
					>
						{x.name}
					</button>
				))}
			</div>
			<div class="snipw" role="tabpanel" id={panel} aria-label={p.name}>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
				<pre class="snip" tabIndex={0} ref={pre}>
					{paint(text)}
				</pre>
				<button type="button" class="btn sm" onClick={copy}>
					<Icon name="copy" />
					{copied.value === p.id ? words.t("copied") : words.t("copy")}
				</button>
			</div>
			<p class="hint">{words.t(p.where)}</p>
		</div>
	);
}
