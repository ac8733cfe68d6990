import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Field } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { t } from "../desk.ts";
import { confirm } from "../question.tsx";
import type { Server, State } from "../state/server.ts";

/** sure asks before an operator is one no more. */
const sure = (name: string): Promise<boolean> => confirm(t("srv_op_head", { name }), t("srv_op_lead"), t("srv_op_drop"));

/** Operators run the whole server; the last one stays. */
export function Operators({ s, v }: { s: Server; v: State }) {
	const box = useRef<HTMLInputElement>(null);
	const wrong = useSignal("");
	const set = async (email: string, on: boolean) => {
		const r = await s.act<State>("PUT", "/operators", { email, on });
		wrong.value = r.body ? "" : r.detail;
		s.wrong.value = "";
		if (r.body && on && box.current) box.current.value = "";
	};
	const add = () => {
		const email = box.current?.value.trim() ?? "";
		if (email) void set(email, true);
		else box.current?.focus();
	};
	return (
		<>
			<p>{t("srv_op_says")}</p>
			<div class="rows">
				{v.operators.map((o) => (
					<div key={o.id}>
						<Icon name="shield" />
						<span class="grow">
							<b>{o.name}</b>
							<span class="t">{o.email}</span>
						</span>
						<button
							type="button"
							class="btn sm"
							aria-label={t("srv_op_drop_of", { name: o.name })}
							onClick={async () => (await sure(o.name)) && set(o.email, false)}
						>
							{t("srv_op_drop")}
						</button>
					</div>
				))}
			</div>
			<Field
				label={t("srv_op_new")}
				hint={t("srv_op_new_says")}
				wrong={wrong.value}
				control={(named) => (
					<div class="fx nowrap">
						<span class="grow">
							<input class="inp" type="email" autocomplete="off" ref={box} onKeyDown={(e) => e.key === "Enter" && add()} {...named} />
						</span>
						<button type="button" class="btn" onClick={add}>
							{t("add")}
						</button>
					</div>
				)}
			/>
		</>
	);
}
