import { render } from "preact";
import { Page } from "./setup/page.tsx";

/** The one-time document: the owner's account, the first site, the snippet. */
const main = document.getElementById("main") as HTMLElement;

main.replaceChildren();
render(<Page token={location.hash.slice(1)} />, main);
