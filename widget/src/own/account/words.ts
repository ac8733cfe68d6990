import en from "../../../../static/i18n/en/account.json";
import { Words } from "../../shared/i18n/catalogue.ts";
import { speak } from "../client.ts";

/** The texts of the account's page, in its language before anything is drawn. */
export const words = new Words(en, "");
await words.fetch("", "account");
export const t: typeof words.t = (key, values) => words.t(key, values);
speak((key, n) => t(key, { n }));

const moment = new Intl.DateTimeFormat(words.lang, { dateStyle: "medium", timeStyle: "short" });
const date = new Intl.DateTimeFormat(words.lang, { dateStyle: "medium" });

/** at is a moment in the reader's zone, on its day. */
export const at = (iso: string): string => moment.format(new Date(iso));
export const on = (iso: string): string => date.format(new Date(iso));
