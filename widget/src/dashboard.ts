import { app } from "./dashboard/app.ts";
import { call, type Meta, t } from "./dashboard/desk.ts";
import { fill, h } from "./view/h.ts";

/** The moderators' document: signing in, then the dashboard itself. */
const meta = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="parley"]')?.content ?? "{}") as Meta;

function dark(): void {
	const q = matchMedia("(prefers-color-scheme: dark)");
	const paint = () => document.body.setAttribute("data-theme", q.matches ? "dark" : "light");
	q.addEventListener("change", paint);
	paint();
}

/** signIn is what somebody without a session sees. */
function signIn(): void {
	const say = h("p.alert", { role: "alert", hidden: true });
	const email = h("input.inp", { name: "email", type: "email", autocomplete: "username", required: true });
	const password = h("input.inp", { name: "password", type: "password", autocomplete: "current-password", required: true });
	const code = h("input.inp", { name: "code", autocomplete: "one-time-code", maxlength: 24 });
	const second = h("label", { hidden: true }, t("second_code"), code);
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const r = await call("POST", `/api/v1/sites/${encodeURIComponent(meta.login)}/login`, {
			email: email.value,
			password: password.value,
			session: "cookie",
			...(code.value ? { code: code.value.trim() } : {}),
		});
		if (r.status === 200) return location.reload();
		if (r.code === "second_factor" && second.hidden) {
			second.hidden = false;
			return code.focus();
		}
		say.textContent = r.detail;
		say.hidden = false;
		(second.hidden ? password : code).select();
	};
	const form = h(
		"form",
		{ onsubmit: submit },
		say,
		h("label", {}, t("email"), email),
		h("label", {}, t("password"), password),
		second,
		h("button.btn.pri.full", {}, t("sign_in")),
		h("a.lnk", { href: "/account" }, t("other_ways")),
	);
	fill(document.body, [h("main.narrow", {}, h("h1", {}, t("sign_in_head")), meta.login ? form : h("p", {}, t("no_site")))]);
	email.focus();
}

const signOut = async () => {
	await call("POST", "/auth/end", {});
	location.reload();
};

dark();
if (!meta.user) signIn();
else if (meta.sites.length === 0)
	fill(document.body, [
		h(
			"main.narrow",
			{},
			h("h1", {}, meta.user.name),
			h("p", {}, t("not_moderator")),
			h("button.btn", { type: "button", onclick: () => void signOut() }, t("sign_out")),
		),
	]);
else app(meta, () => void signOut());
