import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Act } from "./card.tsx";
import { type Cut, draw, MOST, within } from "./picture.ts";
import { t } from "./words.ts";

const SHOWN = 256; // pixels of the square on the screen
const STEP = 0.03; // of the picture, by an arrow key
const ZOOM_STEP = 0.1;

interface Props {
	picture: ImageBitmap;
	save: (cut: Cut) => Promise<unknown>;
	cancel: () => void;
}

/** Crop lets a person choose the square of a picture that readers see: by pointer, wheel and keys. */
export function Crop({ picture, save, cancel }: Props) {
	const cut = useSignal<Cut>({ x: 0.5, y: 0.5, zoom: 1 });
	const canvas = useRef<HTMLCanvasElement>(null);
	const from = useRef<{ x: number; y: number; cut: Cut } | null>(null);
	const set = (to: Cut) => {
		cut.value = within(picture, to);
	};
	useEffect(() => {
		if (canvas.current) draw(canvas.current, picture, cut.value);
	}, [cut.value, picture]);
	useEffect(() => canvas.current?.focus(), [picture]);
	const part = (pixels: number, all: number, zoom: number) => ((pixels / SHOWN) * Math.min(picture.width, picture.height)) / zoom / all;
	const move = (e: PointerEvent) => {
		const at = from.current;
		if (!at) return;
		set({ ...at.cut, x: at.cut.x - part(e.clientX - at.x, picture.width, at.cut.zoom), y: at.cut.y - part(e.clientY - at.y, picture.height, at.cut.zoom) });
	};
	const key = (e: KeyboardEvent) => {
		const { x, y, zoom } = cut.value;
		const to: Record<string, Cut> = {
			ArrowLeft: { x: x - STEP / zoom, y, zoom },
			ArrowRight: { x: x + STEP / zoom, y, zoom },
			ArrowUp: { x, y: y - STEP / zoom, zoom },
			ArrowDown: { x, y: y + STEP / zoom, zoom },
			"+": { x, y, zoom: zoom + ZOOM_STEP },
			"-": { x, y, zoom: zoom - ZOOM_STEP },
		};
		const next = to[e.key];
		if (!next) return;
		e.preventDefault();
		set(next);
	};
	return (
		<div class="crop" role="group" aria-label={t("crop")}>
			<canvas
				ref={canvas}
				width={SHOWN}
				height={SHOWN}
				tabIndex={0}
				role="img"
				aria-label={t("crop_how")}
				onKeyDown={key}
				onPointerDown={(e) => {
					from.current = { x: e.clientX, y: e.clientY, cut: cut.value };
					e.currentTarget.setPointerCapture(e.pointerId);
				}}
				onPointerMove={move}
				onPointerUp={() => {
					from.current = null;
				}}
				onPointerCancel={() => {
					from.current = null;
				}}
			/>
			<p class="hint">{t("crop_how")}</p>
			<label class="field">
				<b>{t("crop_zoom")}</b>
				<input
					type="range"
					min={1}
					max={MOST}
					step={ZOOM_STEP}
					value={cut.value.zoom}
					onInput={(e) => set({ ...cut.value, zoom: Number(e.currentTarget.value) })}
				/>
			</label>
			<div class="acts">
				<Act kind="pri" act={() => save(cut.value)}>
					{t("crop_save")}
				</Act>
				<Act kind="ghost" act={cancel}>
					{t("crop_cancel")}
				</Act>
			</div>
		</div>
	);
}
