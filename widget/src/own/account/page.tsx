import { useLayoutEffect, useRef } from "preact/hooks";
import { act } from "./acts.ts";
import { Act, Card } from "./card.tsx";
import { Push } from "./devices.tsx";
import { Claims } from "./claims.tsx";
import { Bans, Decisions } from "./decisions.tsx";
import { Copy, Erasure } from "./data.tsx";
import { Address, SignInMethods } from "./sign-in-methods.tsx";
import { Sessions, Tokens } from "./sessions.tsx";
import { Choices, Profile } from "./profile.tsx";
import { Password, SecondFactor } from "./password.tsx";
import { SignIn } from "./signin.tsx";
import { Told } from "./told.tsx";
import { type Account, drawn, me, meta, note, secret, signOut, unread } from "./state.ts";
import { t } from "./words.ts";

/** Page is the account, or the way in. */
export function Page({ signed }: { signed: boolean }) {
	if (unread.value)
		return (
			<p class="note bad" role="alert">
				{unread.value}
			</p>
		);
	if (!signed || !me.value) return <SignIn />;
	const who = me.value;
	// What is typed goes with what it was about: every act reads the page anew.
	return (
		<>
			<header class="top">
				<img class="pic" src={who.avatar_url} alt="" width={64} height={64} />
				<h1>
					<bdi>{who.name}</bdi>
				</h1>
				<Act act={signOut}>{t("sign_out")}</Act>
			</header>
			<Said />
			{secret.value && (
				<div class="note warn">
					{secret.value.lead}
					<p class="secret">{secret.value.text}</p>
				</div>
			)}
			<Cards key={drawn.value} me={who} />
		</>
	);
}

/** Said is what came of the last act, in sight. */
function Said() {
	const box = useRef<HTMLDivElement>(null);
	const said = note.value;
	useLayoutEffect(() => {
		if (said) box.current?.scrollIntoView({ block: "nearest" });
	}, [said]);
	return (
		<div role="status" ref={box}>
			{said && <p class={`note ${said.kind}`}>{said.text}</p>}
		</div>
	);
}

function Cards({ me: who }: { me: Account }) {
	if (meta.push)
		return (
			<>
				<Push />
				<p class="hint">
					<a href="/account">{t("push_account")}</a>
				</p>
			</>
		);
	return (
		<>
			<Warnings me={who} />
			<Bans me={who} />
			<Decisions />
			<Claims />
			<Told />
			<Profile me={who} />
			<div id="told">
				<Choices me={who} />
			</div>
			<Push />
			<Address me={who} />
			<SignInMethods me={who} />
			{who.email && <Password me={who} />}
			<SecondFactor me={who} />
			<Sessions />
			<Tokens me={who} />
			<Copy />
			<Erasure me={who} />
		</>
	);
}

/** Warnings are what moderators want read before the person comments again. */
function Warnings({ me: who }: { me: Account }) {
	return (
		<>
			{who.sites.flatMap((s) =>
				s.warnings.map((w) => (
					<Card key={w.id} title={t("warned", { site: s.name })} sub={t("warned_lead")}>
						<p class="note warn" dir="auto">
							{w.text}
						</p>
						<div class="acts">
							<Act
								kind="pri"
								act={() =>
									act("PUT", `/api/v1/sites/${encodeURIComponent(s.site)}/warnings/${w.id}/seen`, undefined, t("warned_done"))
								}
							>
								{t("warned_yes")}
							</Act>
						</div>
					</Card>
				)),
			)}
		</>
	);
}
