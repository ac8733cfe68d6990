import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { call, t } from "./desk.ts";

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

/** NoModerator is what somebody sees who has a session and no role on any site. */
export function NoModerator({ name, signOut }: { name: string; signOut: () => void }) {
	return (
		<main class="narrow">
			<h1>{name}</h1>
			<p>{t("not_moderator")}</p>
			<button type="button" class="btn" onClick={signOut}>
				{t("sign_out")}
			</button>
		</main>
	);
}
