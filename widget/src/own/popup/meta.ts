import type { SignInMethod } from "../../shared/api/shapes.ts";
import { meta as read } from "../client.ts";

/** Person is who signs in, as far as the page may know it. */
export interface Person {
	name: string;
	picture: boolean;
	mail: boolean;
}

/** Meta is what the server told the window when it opened. */
interface Meta {
	site?: string;
	name: string; // of the site
	asks?: boolean; // for an agreement to them
	standards?: string; // where its community standards are
	origin?: string;
	return?: string;
	challenge?: string;
	proof?: string;
	way?: string;
	label?: string;
	step?: string;
	ways: SignInMethod[];
	registration: boolean;
	user?: Person;
	newcomer?: Person;
	sso?: string;
}

export const meta = read<Meta>();

/** sitePath is a route of the site that somebody signs in to. */
export const sitePath = (verb: string): string => `/api/v1/sites/${encodeURIComponent(meta.site ?? "")}/${verb}`;
