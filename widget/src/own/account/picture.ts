const SIDE = 512; // pixels of a picture that is sent; the server draws it smaller still
const QUALITY = 0.85;

/** MOST is how far a part of a picture can be enlarged. */
export const MOST = 4;

/** Cut is the square of a picture that is taken: its middle in parts of the whole, and how far it is enlarged. */
export interface Cut {
	x: number; // 0 to 1
	y: number;
	zoom: number; // 1: as much as fits
}

/** opened is a file as a picture, upright; null: this browser knows no such picture. */
export const opened = (chosen: File): Promise<ImageBitmap | null> => createImageBitmap(chosen, { imageOrientation: "from-image" }).catch(() => null);

/** within keeps a cut inside of its picture. */
export function within({ width, height }: { width: number; height: number }, cut: Cut): Cut {
	const zoom = Math.min(MOST, Math.max(1, cut.zoom));
	const side = Math.min(width, height) / zoom / 2;
	const keep = (v: number, all: number) => Math.min(1 - side / all, Math.max(side / all, v));
	return { x: keep(cut.x, width), y: keep(cut.y, height), zoom };
}

/** draw puts the cut onto a square canvas. */
export function draw(on: HTMLCanvasElement, m: ImageBitmap, cut: Cut): void {
	const side = Math.min(m.width, m.height) / cut.zoom;
	const x = on.getContext("2d");
	x?.clearRect(0, 0, on.width, on.height);
	x?.drawImage(m, cut.x * m.width - side / 2, cut.y * m.height - side / 2, side, side, 0, 0, on.width, on.height);
}

/** taken is the cut as a file, small enough for any photo to fit. */
export function taken(m: ImageBitmap, cut: Cut, kind: string): Promise<Blob | null> {
	const canvas = document.createElement("canvas");
	canvas.width = canvas.height = Math.min(SIDE, Math.max(1, Math.round(Math.min(m.width, m.height) / cut.zoom)));
	draw(canvas, m, cut);
	return new Promise((done) => canvas.toBlob(done, kind === "image/png" ? "image/png" : "image/jpeg", QUALITY));
}
