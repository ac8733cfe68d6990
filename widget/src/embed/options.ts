import type { Sort, View } from "../shared/api/shapes.ts";

/** Options are the attributes of the element, read. */
export interface Options {
	site: string;
	thread: string;
	url: string;
	title: string;
	lang: string;
	sort: Sort | "";
	view: View | "";
	maxDepth: number;
	pageSize: number;
	live: boolean;
	sso: string; // a token that the page's own site has signed
	readOnly: boolean;
}
