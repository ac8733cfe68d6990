import { t } from "../desk.ts";
import type { Listing } from "../state/listing.ts";

/** Pages is the foot of a list: what failed, that there is nothing, and more. */
export function Pages<T>({ list, empty }: { list: Listing<T>; empty: string }) {
	const failed = list.failed.value;
	return (
		<div>
			<div role="status">
				{failed?.mistaken && <p class="alert">{failed.detail}</p>}
				{failed && !failed.mistaken && (
					<p class="alert">
						{`${t("failed")} ${failed.detail} `}
						<button type="button" class="lnk" onClick={() => void list.load(failed.further)}>
							{t("try_again")}
						</button>
					</p>
				)}
				{!failed && list.empty.value && <p class="empty">{empty}</p>}
			</div>
			<div class="more" hidden={list.next.value === null}>
				<button type="button" class="btn" onClick={() => void list.load(true)}>
					{t("more")}
				</button>
			</div>
		</div>
	);
}
