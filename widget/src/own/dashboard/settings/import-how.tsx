import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { t } from "../desk.ts";
import type { How } from "../state/imports.ts";

/** systems are the names of what can be read, by the server's word for it. */
const systems: Readonly<Record<string, string>> = {
	artalk: "Artalk",
	blogger: "Blogger",
	comentario: "Comentario",
	commento: "Commento",
	coral: "Coral",
	csv: "CSV",
	disqus: "Disqus XML",
	giscus: "giscus, utterances",
	isso: "Isso",
	movabletype: "Movable Type",
	parley: "Parley",
	remark42: "remark42",
	waline: "Waline, Valine",
	wordpress: "WordPress (WXR)",
};

/** named is what people call a system. */
export const named = (source: string): string => systems[source] ?? source;

/** Saying is what stands in the boxes. */
export interface Saying {
	first: How;
	format: { value: string };
	paths: { current: HTMLTextAreaElement | null };
	columns: { current: HTMLTextAreaElement | null };
	said: () => How;
}

const lines = (el: HTMLTextAreaElement | null): string[] => (el?.value ?? "").split("\n").map((x) => x.trim()).filter(Boolean);

/** useHow holds in which way a file is to be read. */
export function useHow(first: How): Saying {
	const format = useSignal(first.format ?? "auto");
	const paths = useRef<HTMLTextAreaElement>(null);
	const columns = useRef<HTMLTextAreaElement>(null);
	const said = (): How => ({
		format: format.value,
		map_path: lines(paths.current),
		map_column: Object.fromEntries(
			lines(columns.current).map((x) => {
				const [part, ...head] = x.split("=");
				return [(part ?? "").trim(), head.join("=").trim()];
			}),
		),
	});
	return { first, format, paths, columns, said };
}

/** HowFields are the boxes; most files need none of them. */
export function HowFields({ how, children }: { how: Saying; children?: ComponentChildren }) {
	const options = [["auto", t("import_auto")] as const, ...Object.entries(systems)];
	return (
		<details class="how">
			<summary>{t("import_how")}</summary>
			<div class="sub2">
				<Field
					label={t("import_system")}
					hint={t("import_system_says")}
					control={({ id }) => (
						<Select
							id={id}
							options={options}
							value={how.format.value}
							change={(v) => {
								how.format.value = v;
							}}
						/>
					)}
				/>
				<Field
					label={t("import_paths")}
					hint={t("import_paths_says")}
					control={(named) => (
						<textarea
							class="inp mono"
							rows={2}
							spellcheck={false}
							placeholder="/blog/*=/news/*"
							defaultValue={(how.first.map_path ?? []).join("\n")}
							ref={how.paths}
							{...named}
						/>
					)}
				/>
				<Field
					label={t("import_columns")}
					hint={t("import_columns_says")}
					control={(named) => (
						<textarea
							class="inp mono"
							rows={2}
							spellcheck={false}
							placeholder="text=Comment"
							defaultValue={Object.entries(how.first.map_column ?? {})
								.map((x) => x.join("="))
								.join("\n")}
							ref={how.columns}
							{...named}
						/>
					)}
				/>
				{children}
			</div>
		</details>
	);
}
