import { render } from "preact";
import { Page } from "./setup/page.tsx";
import { Setup } from "./setup/state.ts";

/** The set-up document: the owner's account, the first site, who can comment, how it looks, the snippet. */
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.body.setAttribute("data-theme", dark.matches ? "dark" : "light");
dark.addEventListener("change", paint);
paint();

const setup = new Setup(/^[\w-]{20,}$/.test(location.hash.slice(1)) ? location.hash.slice(1) : "");
document.body.replaceChildren();
render(<Page s={setup} />, document.body);
void setup.begin();
