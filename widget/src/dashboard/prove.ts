import { h } from "../view/h.ts";
import { type Answer, call, t } from "./desk.ts";
import { dialog } from "./dialogs.ts";
import { field } from "./form.ts";

/**
 * proving calls the server; where it wants to know first who it is, it asks
 * for the password and calls again. Keys that open a site are changed by
 * whoever has just shown that, not by an unlocked screen.
 */
export async function proving<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
	const r = await call<T>(method, path, body);
	if (r.code !== "proof" || !(await prove())) return r;
	return call<T>(method, path, body);
}

/** proven is true once the server knows of late who this is: for what is a link and cannot be called again. */
export const proven = (): Promise<boolean> => prove(true);

async function prove(ask = false): Promise<boolean> {
	const me = await call<{ password: boolean; second_factor: boolean; fresh: boolean }>("GET", "/api/v1/me/account");
	if (!me.body) return false;
	if (ask && me.body.fresh) return true;
	const { password: byPassword, second_factor: second } = me.body;
	if (!byPassword && !second) {
		open("/account", "_blank", "noopener"); // signing in anew is done there, in the ways that the account has
		return false;
	}
	const done = await dialog<true>(t("prove_head"), t("prove_lead"), (end) => {
		const password = h("input.inp", { type: "password", autocomplete: "current-password" });
		const code = h("input.inp", { autocomplete: "one-time-code", maxlength: 24 });
		const button = h("button.btn.pri", { type: "submit" }, t("go_on"));
		const fields = [...(byPassword ? [field(t("password"), password)] : []), ...(second ? [field(t("second_code"), code)] : [])];
		button.addEventListener("click", async () => {
			button.disabled = true;
			const r = await call("POST", "/api/v1/me/proof", {
				...(password.value ? { password: password.value } : {}),
				...(code.value ? { code: code.value } : {}),
			});
			button.disabled = false;
			if (r.status === 204) return end(true);
			fields[0]?.say(r.detail || t("no_answer"));
			fields[0]?.control.focus();
		});
		return { fields: fields.map((f) => f.el), button, first: fields[0]?.control ?? button };
	});
	return done === true;
}
