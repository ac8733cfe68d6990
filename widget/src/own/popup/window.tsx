import { Introduce, Login, NewPassword, Register, Reset, SecondFactor } from "./account.tsx";
import { Choose, Continue } from "./choose.tsx";
import { Invite } from "./invite.tsx";
import { Link, Sent, Tickets, Unverified } from "./mailed.tsx";
import { Away, Outcomes, Passkey } from "./outcomes.tsx";
import { problem } from "./state.ts";
import { t } from "./words.ts";

/** Window is every step; one of them shows. */
export function Window() {
	return (
		<>
			<Problem />
			<Choose />
			<Continue />
			<Login />
			<Register />
			<Reset />
			<Unverified />
			<Sent />
			<Link />
			<Passkey />
			<SecondFactor />
			<Tickets />
			<Introduce />
			<Away />
			<NewPassword />
			<Invite />
			<Outcomes />
			<footer class="foot">
				<span>{t("run_by")}</span>
			</footer>
		</>
	);
}

function Problem() {
	return (
		<p class="note bad step-note" role="alert" id="error" hidden={!problem.value}>
			{problem.value}
		</p>
	);
}
