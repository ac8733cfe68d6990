import { paths } from "../shared/dom/h.ts";
import { here } from "../shared/in-app.ts";
import css from "./style/ways.css";
import { refused } from "./view/sign-in-methods.ts";

// What takes providers: their marks, and whom the browser of an app refuses.
// It is fetched where a site has one, and by what acts.
export * from "../shared/in-app.ts";

/** sheet dresses the marks and the button of further ways. */
export const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
refused.push(...(here()?.refuses ?? []));
Object.assign(paths, {
	"in-facebook":
		"M8 1.25a6.75 6.75 0 0 0-1.2 13.39V9.9H5.15V8h1.65V6.55c0-1.65.98-2.56 2.48-2.56.5 0 .98.05 1.47.13v1.62h-.85c-.82 0-1.08.51-1.08 1.03V8h1.83l-.29 1.9H8.82v4.78A6.75 6.75 0 0 0 8 1.25z",
	"in-google": "M13.4 8H8.3M13.4 8a5.4 5.4 0 1 1-1.7-3.93",
	"in-apple":
		"M10.9 8.4c0-1.4 1.1-2 1.2-2.1-.7-1-1.7-1.1-2.1-1.1-.9-.1-1.7.5-2.1.5-.5 0-1.1-.5-1.9-.5-1 0-1.9.6-2.4 1.4-1 1.8-.3 4.4.7 5.8.5.7 1.1 1.5 1.8 1.4.7 0 1-.5 1.9-.5.9 0 1.1.5 1.9.4.8 0 1.3-.7 1.8-1.4.5-.8.8-1.6.8-1.6s-1.6-.6-1.6-2.3zM9.5 4.3c.4-.5.6-1.1.6-1.8-.6 0-1.2.4-1.6.8-.4.4-.7 1.1-.6 1.7.6.1 1.2-.3 1.6-.7z",
	"in-github":
		"M6 13.5v-2.2c-2 .5-2.6-.9-2.9-1.5M10 13.5v-2.4c0-.7-.2-1.1-.5-1.4 1.7-.2 3.25-.8 3.25-3.5 0-.8-.3-1.4-.75-1.9.1-.4.25-1.1-.1-1.8-.7 0-1.5.5-1.9.8a6.5 6.5 0 0 0-3.5 0c-.5-.3-1.2-.8-1.9-.8-.4.7-.2 1.4-.1 1.8-.5.5-.75 1.1-.75 1.9 0 2.7 1.6 3.3 3.25 3.5-.3.3-.5.7-.5 1.2",
	"in-x": "M2.6 2.75h2.95l7.85 10.5h-2.95zM12.9 2.75 8.95 7.2M6.95 9 3.1 13.25",
});
