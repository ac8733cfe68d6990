import type { App } from "./app.ts";

/** seenKey is what the reader's last visit is remembered under. */
export const seenKey = ({ o }: App): string => `seen:${o.site}:${o.thread}`;
