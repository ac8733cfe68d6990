import { Icon } from "../../ui/icon.tsx";
import { ago, t } from "../desk.ts";
import { confirm } from "../question.tsx";
import type { Server } from "../state/server.ts";

/** Jobs are those that failed: why, and again. */
export function Jobs({ s, held }: { s: Server; held: number }) {
	const list = s.jobs.value;
	const retry = async (id = "") => {
		const r = await s.act<{ retried: number }>("POST", id ? `/jobs/${id}/retry` : "/jobs/retry");
		if (r.body) s.desk.toast(t("srv_retried", { n: r.body.retried }));
	};
	const end = async (act: "send" | "drop") => {
		if (act === "drop" && !(await confirm(t("srv_held_drop_head"), t("srv_held_drop_lead"), t("srv_held_drop")))) return;
		await s.act("POST", "/held", { act });
	};
	return (
		<>
			{held > 0 && (
				<div class="note warn">
					<Icon name="alert" />
					<span class="grow">{t("srv_trouble_held", { n: held })}</span>
					<button type="button" class="btn sm" onClick={() => void end("send")}>
						{t("srv_held_send")}
					</button>
					<button type="button" class="btn sm" onClick={() => void end("drop")}>
						{t("srv_held_drop")}
					</button>
				</div>
			)}
			<div class="cap">
				<h3>{t("srv_failed")}</h3>
				{list.length > 1 && (
					<button type="button" class="btn sm" onClick={() => void retry()}>
						<Icon name="refresh" />
						{t("srv_retry_all")}
					</button>
				)}
			</div>
			{list.length === 0 ? (
				<p class="hint">{t("srv_failed_none")}</p>
			) : (
				<div class="rows">
					{list.map((j) => (
						<div key={j.id}>
							<span class="grow">
								<b>{t(`job_${j.kind}` as "job_mail")}</b>
								<span class="t">
									{j.site && `${j.site} · `}
									{t("srv_tries", { n: j.attempts })} · {ago(j.failed_at)}
								</span>
								<span class="t">{j.why}</span>
							</span>
							<button type="button" class="btn sm" aria-label={t("srv_retry_of", { what: t(`job_${j.kind}` as "job_mail") })} onClick={() => void retry(j.id)}>
								{t("srv_retry")}
							</button>
							<button
								type="button"
								class="ib"
								aria-label={t("srv_forget_of", { what: t(`job_${j.kind}` as "job_mail") })}
								onClick={() => void s.act("DELETE", `/jobs/${j.id}`)}
							>
								<Icon name="x" />
							</button>
						</div>
					))}
				</div>
			)}
		</>
	);
}
