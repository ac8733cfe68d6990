import { render } from "preact";
import { begin } from "./popup/begin.ts";
import { Window } from "./popup/window.tsx";

/**
 * The sign-in window. It is a document of our own origin: passwords are typed
 * here and nowhere else. Every step is drawn at once and one shows, so that
 * what was typed stays; the parts talk to the server and to the widget that
 * opened the window.
 */
const main = document.getElementById("main") as HTMLElement;

main.replaceChildren();
render(<Window />, main);
begin();
