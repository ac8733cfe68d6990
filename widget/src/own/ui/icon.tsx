import { h } from "preact";
import { drawings } from "./drawings.ts";

/** Icon is a decoration: whatever carries it has a name of its own. */
export function Icon({ name, cls = "i" }: { name: string; cls?: string }) {
	return (
		<svg class={cls} viewBox="0 0 16 16" aria-hidden="true">
			{(drawings[name] ?? []).map(([tag, attrs], i) => h(tag, { key: i, ...attrs }))}
		</svg>
	);
}
