import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { call, type Meta, t } from "./desk.ts";
import { newSite } from "./newsite.tsx";

/** SignIn is what somebody without a session sees; login is the site whose log-in route to use, if there is one. */
export function SignIn({ login }: { login: string }) {
	return (
		<main class="narrow">
			<h1>{t("sign_in_head")}</h1>
			{login ? <SignInForm login={login} /> : <p>{t("no_site")}</p>}
		</main>
	);
}

function SignInForm({ login }: { login: string }) {
	const problem = useSignal("");
	const second = useSignal(false); // asks for the second factor too
	const form = useRef<HTMLFormElement>(null);
	const box = (name: string) => form.current?.querySelector<HTMLInputElement>(`input[name="${name}"]`);
	useLayoutEffect(() => box(second.value ? "code" : "email")?.focus(), [second.value]);
	const submit = async (e: Event) => {
		e.preventDefault();
		const code = box("code")?.value;
		const r = await call("POST", `/api/v1/sites/${encodeURIComponent(login)}/login`, {
			email: box("email")?.value,
			password: box("password")?.value,
			session: "cookie",
			...(code ? { code: code.trim() } : {}),
		});
		if (r.status === 200) return location.reload();
		if (r.code === "second_factor" && !second.value) {
			second.value = true;
			return;
		}
		problem.value = r.detail;
		box(second.value ? "code" : "password")?.select();
	};
	return (
		<form ref={form} onSubmit={submit}>
			<p class="alert" role="alert" hidden={!problem.value}>
				{problem.value}
			</p>
			<label>
				{t("email")}
				<input class="inp" name="email" type="email" autocomplete="username" required />
			</label>
			<label>
				{t("password")}
				<input class="inp" name="password" type="password" autocomplete="current-password" required />
			</label>
			<label hidden={!second.value}>
				{t("second_code")}
				<input class="inp" name="code" autocomplete="one-time-code" maxLength={24} />
			</label>
			<button type="submit" class="btn pri full">
				{t("sign_in")}
			</button>
			<a class="lnk" href="/account">
				{t("other_ways")}
			</a>
		</form>
	);
}

interface NoModeratorProps {
	meta: Meta;
	signOut: () => void;
}

/** NoModerator is what somebody sees who has a session and no site to moderate with it: no role, or no second factor yet. */
export function NoModerator({ meta, signOut }: NoModeratorProps) {
	const second = meta.second.length > 0;
	return (
		<main class="narrow">
			<h1>{second ? t("second_head") : meta.user?.name}</h1>
			<p>{second ? t("second_line", { sites: meta.second.join(", ") }) : t(meta.operator ? "no_site_yet" : "not_moderator")}</p>
			{second && (
				<a class="btn pri" href="/account">
					{t("second_do")}
				</a>
			)}
			{!second && meta.operator && (
				<button type="button" class="btn pri" onClick={() => void newSite()}>
					{t("site_new_more")}
				</button>
			)}
			<button type="button" class="btn" onClick={signOut}>
				{t("sign_out")}
			</button>
		</main>
	);
}
