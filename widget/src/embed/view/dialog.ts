import { h, icon } from "../../shared/dom/h.ts";

export interface Opened {
	readonly body: HTMLElement;
	close(then?: () => void): void;
}

/**
 * openDialog opens a native modal dialog: the browser keeps the focus inside
 * and the rest out of reach. Closing gives the focus back to where it came from.
 */
export function openDialog(home: HTMLElement, back: HTMLElement | (() => HTMLElement | null | undefined), o: { title: string; hint?: string; close: string }): Opened {
	const body = h("div.in");
	const id = `d-${Math.random().toString(36).slice(2)}`;
	const dialog = h(
		"dialog.dlg",
		{ "aria-labelledby": id, part: "dialog" },
		h(
			"div.dh",
			{},
			h("div", {}, h("h3", { id }, o.title), o.hint && h("p.hint", {}, o.hint)),
			h("button.ib", { type: "button", "aria-label": o.close, onclick: () => dialog.close() }, icon("x")),
		),
		body,
	);
	let after: (() => void) | undefined;
	dialog.addEventListener("close", () => {
		dialog.remove();
		const to = typeof back === "function" ? back() : back;
		if (to?.isConnected) to.focus({ preventScroll: true });
		after?.();
	});
	dialog.addEventListener("click", (e) => {
		if (e.target === dialog) dialog.close(); // beside it
	});
	dialog.addEventListener("keydown", (e) => e.stopPropagation());
	home.append(dialog);
	dialog.showModal();
	return {
		body,
		close(then) {
			after = then;
			dialog.close();
		},
	};
}

/** question asks for a yes; anything else is a no. */
export function question(
	home: HTMLElement,
	back: HTMLElement,
	o: { title: string; text: string; yes: string; no: string; close: string },
): Promise<boolean> {
	return new Promise((done) => {
		const d = openDialog(home, back, o);
		let yes = false;
		d.body.append(
			h("p", {}, o.text),
			h(
				"div.acts",
				{},
				h("button.btn.ghost", { type: "button", onclick: () => d.close() }, o.no),
				h(
					"button.btn.danger",
					{
						type: "button",
						onclick: () => {
							yes = true;
							d.close();
						},
					},
					o.yes,
				),
			),
		);
		d.body.closest("dialog")?.addEventListener("close", () => done(yes));
		d.body.querySelector<HTMLElement>(".btn")?.focus();
	});
}
