import en from "../../../../static/i18n/en/setup.json";
import { Words } from "../../shared/i18n/catalogue.ts";
import { speak } from "../client.ts";

/** The texts of the set-up document; there is no site yet whose language it could speak. */
const words = new Words(en, "en");
export const t: typeof words.t = (key, values) => words.t(key, values);
speak((key, n) => t(key, { n }));
