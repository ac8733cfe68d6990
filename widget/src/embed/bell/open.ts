import { set } from "../../shared/dom/h.ts";
import { type Opened, openDialog } from "../view/dialog.ts";

const GAP = 8; // between a button and its panel
const NARROW = 560; // of the window: a panel is a sheet there

/** openPanel opens a dialog under its button; in a narrow window it is a sheet. */
export function openPanel(
	home: HTMLElement,
	button: HTMLElement,
	o: { title: string; close: string; beside?: HTMLElement; closed?(): void },
): Opened {
	const panel = openDialog(home, button, o);
	const dialog = panel.body.closest("dialog");
	if (!dialog) return panel;
	dialog.classList.add("panel");
	if (o.beside) dialog.querySelector(".dh")?.lastElementChild?.before(o.beside);
	set(button, { "aria-expanded": "true" });
	const over = new AbortController();
	const put = () => {
		const wide = innerWidth > NARROW;
		dialog.classList.toggle("at", wide);
		if (!wide) return;
		const b = button.getBoundingClientRect();
		const w = dialog.offsetWidth;
		const left = getComputedStyle(home).direction === "rtl" ? b.left : b.right - w;
		dialog.style.setProperty("--x", `${Math.max(GAP, Math.min(left, innerWidth - w - GAP)) + scrollX}px`);
		dialog.style.setProperty("--y", `${b.bottom + GAP + scrollY}px`);
	};
	put();
	addEventListener("resize", put, { signal: over.signal });
	dialog.addEventListener("close", () => {
		over.abort();
		set(button, { "aria-expanded": "false" });
		o.closed?.();
	});
	return panel;
}
