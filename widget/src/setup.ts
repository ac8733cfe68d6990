/** The one-time form: the owner's account, the first site, the snippet. */
const form = document.getElementById("setup") as HTMLFormElement;
const error = document.getElementById("error") as HTMLElement;
const token = location.hash.slice(1);

interface Answer {
	snippet?: string;
	detail?: string;
	errors?: { field: string; message: string }[];
}

function say(text: string): void {
	error.textContent = text;
	error.hidden = text === "";
	if (text) error.scrollIntoView({ block: "nearest" });
}

const names: Record<string, string> = {
	name: "name",
	email: "email",
	password: "password",
	"site.key": "siteKey",
	"site.name": "siteName",
	"site.origins": "siteOrigin",
	"site.origin": "siteOrigin",
};

if (!token) {
	form.hidden = true;
	say("This page opens only from the one-time link that the server prints when it starts without an account.");
}

form.addEventListener("submit", async (e) => {
	e.preventDefault();
	const v = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value;
	say("");
	let res: Response;
	let body: Answer;
	try {
		res = await fetch("/setup", {
			method: "POST",
			headers: { "Content-Type": "application/json", "X-Parley": "1" },
			body: JSON.stringify({
				token,
				name: v("name"),
				email: v("email"),
				password: v("password"),
				site: { key: v("siteKey"), name: v("siteName"), origin: v("siteOrigin").replace(/\/+$/, "") },
			}),
		});
		body = (await res.json()) as Answer;
	} catch {
		return say("The server didn't answer. Nothing was made; try again.");
	}
	if (res.status !== 201) {
		const f = body.errors?.[0];
		const input = f && form.elements.namedItem(names[f.field] ?? f.field);
		if (input instanceof HTMLInputElement) {
			input.setAttribute("aria-invalid", "true");
			input.focus();
			return say(`${input.closest("label")?.firstChild?.textContent?.trim().replace(/,.*$/, "") ?? f?.field}: ${f?.message}.`);
		}
		return say(body.detail ?? "That didn't work.");
	}
	history.replaceState(null, "", location.pathname);
	form.hidden = true;
	(document.getElementById("snippet") as HTMLElement).textContent = body.snippet ?? "";
	const done = document.getElementById("installed") as HTMLElement;
	done.hidden = false;
	done.querySelector("h2")?.focus();
	document.getElementById("copy")?.addEventListener("click", async (c) => {
		await navigator.clipboard.writeText(body.snippet ?? "");
		(c.currentTarget as HTMLElement).textContent = "Copied";
	});
});
form.addEventListener("input", (e) => (e.target as HTMLElement).removeAttribute("aria-invalid"));
