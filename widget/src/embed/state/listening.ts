import type { Discussion } from "./discussion.ts";

// What is heard by who only reads. As in discussion.ts, these alone change it.

/** readAlong takes how many read along. */
export function readAlong(d: Discussion, readers: number): void {
	d.readers = readers;
}
