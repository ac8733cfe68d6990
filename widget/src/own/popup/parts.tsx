import { useSignal } from "@preact/signals";
import type { ComponentChildren, ComponentProps } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { Form, Text } from "../ui/form.tsx";
import { mailLink } from "./acts.ts";
import { draftKept, email, show, step, turn } from "./state.ts";
import { t } from "./words.ts";

/** Icon is one of the pictures that the document carries. */
export function Icon({ name, cls = "i" }: { name: string; cls?: string }) {
	return (
		<svg class={cls} aria-hidden="true">
			<use href={`#i-${name}`} />
		</svg>
	);
}

interface StepProps {
	name: string;
	back?: boolean;
	children: ComponentChildren;
}

/** Step is one section of the window. It puts the cursor where it is needed; what was typed in it stays while another shows. */
export function Step({ name, back = false, children }: StepProps) {
	const ref = useRef<HTMLElement>(null);
	const shown = step.value === name;
	const visit = shown ? turn.value : 0;
	useLayoutEffect(() => {
		if (visit && ref.current) enter(ref.current);
	}, [visit]);
	return (
		<section class="step" data-step={name} hidden={!shown} ref={ref}>
			{back && (
				<button type="button" class="back" onClick={() => show("choose")}>
					<Icon name="back" cls="i flip" />
					{t("back")}
				</button>
			)}
			{children}
		</section>
	);
}

function enter(section: HTMLElement): void {
	for (const box of section.querySelectorAll<HTMLInputElement>('input[name="email"]')) box.value = email.value;
	const empty = [...section.querySelectorAll<HTMLInputElement>("input:not([hidden])")].find((box) => !box.value);
	(empty && empty.type !== "checkbox" ? empty : section.querySelector<HTMLElement>("h1"))?.focus();
}

/** Head is a step's heading, with a picture above it. */
export function Head({ icon, cls = "ic", children }: { icon?: string; cls?: string; children: ComponentChildren }) {
	return (
		<>
			{icon && (
				<span class={cls}>
					<Icon name={icon} />
				</span>
			)}
			<h1 tabIndex={-1}>{children}</h1>
		</>
	);
}

/** Letter stands for the site. */
export function Letter({ name }: { name: string }) {
	return (
		<span class="lg" aria-hidden="true">
			{([...name][0] ?? "").toUpperCase()}
		</span>
	);
}

/** signInLabel is what the last button of a sign-in does: what was written is posted by it. */
export const signInLabel = (): string => t(draftKept ? "sign_in_post" : "sign_in");

/** Kept says that what was typed on the page is kept. */
export function Kept({ text = t("kept") }: { text?: string }) {
	return draftKept ? <p class="lead">{text}</p> : null;
}

/** KeptToo says it behind another sentence. */
export function KeptToo() {
	return draftKept ? <span> {t("kept")}</span> : null;
}

/** Identity is the address that was typed. */
export function Identity() {
	return (
		<div class="idrow">
			<Icon name="mail" />
			<span>{email.value}</span>
			<button type="button" class="lnk" onClick={() => show("choose")}>
				{t("change")}
			</button>
		</div>
	);
}

/** WithAddress is a sentence with the address in it. */
export function WithAddress({ text }: { text: "confirm_lead" | "sent_lead" | "link_lead" }) {
	const [before, after] = t(text, { email: "\0" }).split("\0");
	return (
		<p class="lead">
			{before}
			<b>{email.value}</b>
			{after}
		</p>
	);
}

/** StepForm is a step's form: what was refused in it is gone when another step has shown. */
export function StepForm(props: ComponentProps<typeof Form>) {
	return <Form {...props} turn={turn.value} />;
}

/** Username tells password managers whose password it is. */
export function Username() {
	return <input type="email" name="email" autocomplete="username" hidden />;
}

type PasswordProps = Omit<ComponentProps<typeof Text>, "name" | "label" | "type" | "around" | "required"> & {
	below?: ComponentChildren;
};

/** Password is a box for one, which can be looked at. */
export function Password({ below, ...box }: PasswordProps) {
	const readable = useSignal(false);
	const look = (e: Event) => {
		readable.value = !readable.value;
		(e.currentTarget as HTMLElement).parentElement?.querySelector("input")?.focus();
	};
	return (
		<Text
			{...box}
			name="password"
			label={t("password")}
			type={readable.value ? "text" : "password"}
			required
			around={(input) => (
				<>
					<div class="pw">
						{input}
						<button
							type="button"
							class="ib"
							aria-label={t("show_password")}
							aria-pressed={readable.value ? "true" : "false"}
							onClick={look}
						>
							<Icon name="eye" />
						</button>
					</div>
					{below}
				</>
			)}
		/>
	);
}

/** MailLink is the way in by a mailed link. */
export function MailLink({ text }: { text: string }) {
	return (
		<Button cls="btn ghost full" act={mailLink}>
			<Icon name="mail" />
			{text}
		</Button>
	);
}
