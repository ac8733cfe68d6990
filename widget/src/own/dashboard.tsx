import { type ComponentChild, render } from "preact";
import { meta as read } from "./client.ts";
import { app } from "./dashboard/app.ts";
import { call, type Meta } from "./dashboard/desk.ts";
import { NoModerator, SignIn } from "./dashboard/signin.tsx";

/** The moderators' document: signing in, then the dashboard itself. */
const meta = read<Meta>();

/** followScheme takes the browser's colours, while it is open too. */
function followScheme(): void {
	const dark = matchMedia("(prefers-color-scheme: dark)");
	const paint = () => document.body.setAttribute("data-theme", dark.matches ? "dark" : "light");
	dark.addEventListener("change", paint);
	paint();
}

async function signOut(): Promise<void> {
	await call("POST", "/auth/end", {});
	location.reload();
}

function draw(page: ComponentChild): void {
	document.body.replaceChildren();
	render(page, document.body);
}

followScheme();
if (!meta.user) draw(<SignIn login={meta.login} />);
else if (meta.sites.length === 0) draw(<NoModerator meta={meta} signOut={() => void signOut()} />);
else app(meta, () => void signOut());
