import en from "../../../../static/i18n/en/popup.json";
import { Words } from "../../shared/i18n/catalogue.ts";
import { speak } from "../client.ts";
import { meta } from "./meta.ts";

/** The window's texts, in its language before anything is drawn; all know the site's name. */
const words = new Words(en, "");
await words.fetch("", "popup");
export const t: typeof words.t = (key, values) => words.t(key, { site: meta.name, ...values });
speak((key, n) => t(key, { n }));
