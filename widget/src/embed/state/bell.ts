import type { Discussion } from "./discussion.ts";

/** read says that nothing is unread any more. */
export function read(d: Discussion): void {
	d.unread = 0;
}
