import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { params, t } from "../desk.ts";

const READ = 0.4; // of the window's height: a part that begins above is the one that is read
const moves = ["wheel", "touchmove", "pointerdown", "keydown"] as const; // by which somebody goes on by themselves

/** Sections is the list beside a long page; it goes to a part, and marks the one that is read. */
export function Sections({ list }: { list: readonly (readonly [id: string, label: string])[] }) {
	const at = useSignal(list[0]?.[0] ?? "");
	const aimed = useRef(""); // the part that was asked for, until somebody goes on: a short one, or the last, is not alone at the top
	const nav = useRef<HTMLElement>(null);
	useLayoutEffect(() => {
		const part = (id: string) => nav.current?.parentElement?.querySelector<HTMLElement>(`#${id}`) ?? null;
		const follow = () => {
			const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
			const read = list.map(([id]) => id).filter((id) => (part(id)?.getBoundingClientRect().top ?? innerHeight) < innerHeight * READ);
			const to = aimed.current || (end && scrollY > 0 ? list.at(-1)?.[0] : read.at(-1));
			at.value = to ?? list[0]?.[0] ?? "";
		};
		const free = () => {
			aimed.current = "";
		};
		addEventListener("scroll", follow, { passive: true });
		for (const e of moves) addEventListener(e, free, { passive: true });
		return () => {
			removeEventListener("scroll", follow);
			for (const e of moves) removeEventListener(e, free);
		};
	}, [list]);
	useLayoutEffect(() => {
		const asked = params()["part"] ?? "";
		if (!list.some(([id]) => id === asked)) return;
		at.value = asked;
		aimed.current = asked;
		requestAnimationFrame(() => nav.current?.parentElement?.querySelector(`#${asked}`)?.scrollIntoView({ block: "start" }));
	}, []);
	const go = (id: string) => (e: Event) => {
		e.preventDefault();
		at.value = id;
		aimed.current = id;
		nav.current?.parentElement?.querySelector(`#${id}`)?.scrollIntoView({ block: "start" });
	};
	return (
		<nav class="snav" aria-label={t("sections")} ref={nav}>
			{list.map(([id, label]) => (
				<a key={id} href={`#${id}`} aria-current={id === at.value ? "true" : undefined} onClick={go(id)}>
					{label}
				</a>
			))}
		</nav>
	);
}
