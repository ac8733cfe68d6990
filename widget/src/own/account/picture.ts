const SIDE = 512; // pixels of a picture that is sent; the server draws it smaller still
const QUALITY = 0.85;

/** small makes a picture small in the browser, so that any photo fits; null: this browser knows no such picture. */
export async function small(chosen: File): Promise<Blob | null> {
	try {
		const bitmap = await createImageBitmap(chosen);
		const scale = Math.min(1, SIDE / Math.min(bitmap.width, bitmap.height));
		const canvas = document.createElement("canvas");
		canvas.width = Math.round(bitmap.width * scale);
		canvas.height = Math.round(bitmap.height * scale);
		canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
		return await new Promise((done) => canvas.toBlob(done, chosen.type === "image/png" ? "image/png" : "image/jpeg", QUALITY));
	} catch {
		return null;
	}
}
