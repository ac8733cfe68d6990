// Made by `go run ./widget` from internal/discuss/can.go. Not to be edited.

// The roles that may do each act: one name each, so that a page carries what it asks for.
export const READ: readonly string[] = ["auditor", "staff", "moderator", "admin", "operator"];
export const DECIDE: readonly string[] = ["moderator", "admin", "operator"];
export const PICK: readonly string[] = ["staff", "moderator", "admin", "operator"];
export const NOTE: readonly string[] = ["moderator", "admin", "operator"];
export const SANCTION: readonly string[] = ["moderator", "admin", "operator"];
export const TRUST: readonly string[] = ["moderator", "admin", "operator"];
export const THREAD: readonly string[] = ["moderator", "admin", "operator"];
export const RULES: readonly string[] = ["moderator", "admin", "operator"];
export const SETTINGS: readonly string[] = ["admin", "operator"];
export const ROLE: readonly string[] = ["admin", "operator"];
export const EXPORT: readonly string[] = ["auditor", "admin", "operator"];
export const ADDRESS: readonly string[] = ["admin", "operator"];
export const INSTANCE: readonly string[] = ["operator"];

/** rights are the roles that may do an act. */
export const rights = {
	read: READ,
	decide: DECIDE,
	pick: PICK,
	note: NOTE,
	sanction: SANCTION,
	trust: TRUST,
	thread: THREAD,
	rules: RULES,
	settings: SETTINGS,
	role: ROLE,
	export: EXPORT,
	address: ADDRESS,
	instance: INSTANCE,
} as const;

/** Act is something that needs a right. */
export type Act = keyof typeof rights;

/** may tells whether a role may do an act. */
export function may(role: string, act: Act): boolean {
	return rights[act].includes(role);
}
