import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Form } from "./form.tsx";
import { t } from "./words.ts";

/** Page is the form, then the snippet to paste. Without the link's token there is neither. */
export function Page({ token }: { token: string }) {
	const snippet = useSignal("");
	const problem = useSignal(token ? "" : t("needs_link"));
	const made = (text: string) => {
		history.replaceState(null, "", location.pathname); // the link works once
		snippet.value = text;
	};
	return (
		<>
			<h1>{t("title")}</h1>
			<Problem text={problem.value} />
			{token && !snippet.value && <Form token={token} problem={problem} made={made} />}
			{snippet.value && <Installed snippet={snippet.value} />}
		</>
	);
}

/** Problem is what went wrong, in sight. */
function Problem({ text }: { text: string }) {
	const box = useRef<HTMLParagraphElement>(null);
	useLayoutEffect(() => {
		if (text) box.current?.scrollIntoView({ block: "nearest" });
	}, [text]);
	return (
		<p role="alert" id="error" hidden={!text} ref={box}>
			{text}
		</p>
	);
}

function Installed({ snippet }: { snippet: string }) {
	const copied = useSignal(false);
	const copy = async () => {
		await navigator.clipboard.writeText(snippet);
		copied.value = true;
	};
	return (
		<section id="installed">
			<h2>{t("paste")}</h2>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever uses a keyboard can scroll it */}
			<pre tabIndex={0}>
				<code id="snippet">{snippet}</code>
			</pre>
			<p>
				<button type="button" id="copy" onClick={copy}>
					{t(copied.value ? "copied" : "copy")}
				</button>
			</p>
			<p>{t("own_domain")}</p>
			<p>
				<a href="/dashboard/">{t("dashboard")}</a>
			</p>
		</section>
	);
}
