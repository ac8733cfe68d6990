import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { Icon } from "../ui/icon.tsx";
import { type Attrs, type PlaceKey, platforms } from "./platforms.ts";

interface Props {
	base: string;
	site: string;
	attrs?: Attrs;
	style?: string; // of the page, before the snippet
	words: { label: string; copy: string; copied: string; place: (key: PlaceKey) => string };
}

/** Snippet is what is pasted, for the kind of page that is chosen. */
export function Snippet({ base, site, attrs = [], style = "", words }: Props) {
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
			<div class="seg pl" role="tablist" aria-label={words.label} ref={tabs} onKeyDown={move}>
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
					{text}
				</pre>
				<button type="button" class="btn sm" onClick={copy}>
					<Icon name="copy" />
					{copied.value === p.id ? words.copied : words.copy}
				</button>
			</div>
			<p class="hint">{words.place(p.where)}</p>
		</div>
	);
}
