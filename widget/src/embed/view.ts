// What the lazy parts share with this one; see lazy in widget/main.go.
export * from "./api/reader.ts";
export * from "../shared/i18n/catalogue.ts";
export * from "./scheme.ts";
export * from "./state/discussion.ts";
export * from "./state/draft.ts";
export * from "./view/context.ts";
export * from "../shared/dom/h.ts";
export * from "../shared/dom/html.ts";
export * from "./view/reply-line.ts";
export * from "./mount.ts";
