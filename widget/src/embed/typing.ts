// What keys and the clipboard make of a text: fetched when a box is first typed in.
export { continued, pasted, type } from "./view/typing.ts";
