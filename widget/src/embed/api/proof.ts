import type { Problem } from "./reader.ts";

/** Puzzle is the work that the server asks for before it takes a guest's comment that looks risky. */
interface Puzzle {
	algorithm: string;
	challenge: string; // hex digest of salt and number
	maxnumber: number;
	salt: string;
	signature: string;
}

/** Hashes in flight at a time: between two batches the page lives on. */
const BATCH = 500;

/** solve is the header that answers the puzzle in a refusal; "" where this page cannot or may not go on. */
export async function solve(p: Problem, signal: AbortSignal): Promise<string> {
	const { algorithm, challenge, maxnumber, salt, signature } = p.body.challenge as Puzzle;
	const subtle: SubtleCrypto | undefined = crypto.subtle; // absent where the page is not secure
	const want = BigInt(`0x${challenge.slice(0, 16)}`); // half of one is certain enough among so few
	const bytes = new TextEncoder();
	for (let from = 0; subtle && from <= maxnumber && !signal.aborted; from += BATCH) {
		const batch = Array.from({ length: BATCH }, (_, i) => subtle.digest(algorithm, bytes.encode(salt + (from + i))));
		const at = (await Promise.all(batch)).findIndex((d) => new DataView(d).getBigUint64(0) === want);
		if (at >= 0) {
			const json = JSON.stringify({ algorithm, challenge, number: from + at, salt, signature });
			return btoa(json).replace(/\+/g, "-").replace(/\//g, "_");
		}
	}
	return "";
}
