// Menus, dialogs and the writer's tools: all that comes only when it is asked for.
// What the lazy parts share with this one; see lazy in widget/main.go.
export * from "./view/dialog.ts";
export * from "./tools/words.ts";
export { solve } from "./api/proof.ts";
export { account, others } from "./tools/account.ts";
export { followThread } from "./tools/following.ts";
export { commentMenu } from "./tools/menu.ts";
export { person } from "./tools/person.ts";
export { outside } from "./tools/outside.ts";
export { quote } from "./tools/quote.ts";
export { banned, removed } from "./tools/removed.ts";
export { keysHelp } from "./tools/keyshelp.ts";
export { react, reactionMenu } from "./tools/reacting.ts";
export { history, standards } from "./tools/reading.ts";
export { save } from "./tools/saving.ts";
export { signInFirst } from "./tools/signin.ts";
export { preview, warnings } from "./tools/writing.ts";
