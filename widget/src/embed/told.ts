// What the bell says, and how one follows a discussion: it comes when it is asked for.
import { paths } from "../shared/dom/h.ts";

export { notifications } from "./bell/panel.ts";
export { followMenu } from "./bell/follow.ts";
export { followByMail } from "./bell/guest.ts";

paths["sliders"] = "M2.5 4.75h6M11.5 4.75h2M2.5 11.25h2M7.5 11.25h6M10 3.25v3M6 9.75v3";
