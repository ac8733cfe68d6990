import { type Answer, call } from "./client.ts";

/** The two ceremonies of passkeys. Browsers speak buffers, the server base64url. */

/** possible says whether this browser knows passkeys on this page. */
export const possible = (): boolean => typeof PublicKeyCredential === "function" && window.isSecureContext;

const bytes = (s: string): ArrayBuffer =>
	Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
const text = (b: ArrayBuffer): string =>
	btoa(String.fromCharCode(...new Uint8Array(b)))
		.replace(/\+/g, "-")
		.replace(/\//g, "_")
		.replace(/=+$/, "");

interface Descriptor {
	type: "public-key";
	id: string;
	transports?: AuthenticatorTransport[];
}

interface Asked {
	ticket: string;
	options: {
		publicKey: {
			challenge: string;
			rpId?: string;
			timeout?: number;
			userVerification?: UserVerificationRequirement;
			allowCredentials?: Descriptor[];
		};
	};
}

interface Wanted {
	ticket: string;
	options: {
		publicKey: Omit<PublicKeyCredentialCreationOptions, "challenge" | "user" | "excludeCredentials"> & {
			challenge: string;
			user: { id: string; name: string; displayName: string };
			excludeCredentials?: Descriptor[];
		};
	};
}

const descriptors = (list?: Descriptor[]): PublicKeyCredentialDescriptor[] =>
	(list ?? []).map((d) => ({ ...d, id: bytes(d.id) }));

/** ask signs in by a passkey of this device; null: the person said no. */
export async function ask(signal: AbortSignal): Promise<Answer<{ name?: string }> | null> {
	const begun = await call<Asked>("POST", "/api/v1/passkeys/login/begin", {});
	if (!begun.body) return { ...begun, body: null };
	const { publicKey } = begun.body.options;
	let got: PublicKeyCredential;
	try {
		got = (await navigator.credentials.get({
			signal,
			publicKey: {
				...publicKey,
				challenge: bytes(publicKey.challenge),
				allowCredentials: descriptors(publicKey.allowCredentials),
			},
		})) as PublicKeyCredential;
	} catch {
		return null;
	}
	const r = got.response as AuthenticatorAssertionResponse;
	return call("POST", "/api/v1/passkeys/login/finish", {
		ticket: begun.body.ticket,
		answer: {
			id: got.id,
			rawId: text(got.rawId),
			type: got.type,
			response: {
				clientDataJSON: text(r.clientDataJSON),
				authenticatorData: text(r.authenticatorData),
				signature: text(r.signature),
				userHandle: r.userHandle ? text(r.userHandle) : null,
			},
		},
	});
}

/** make adds a passkey of this device to the account; null: the person said no. */
export async function make(): Promise<Answer<unknown> | null> {
	const begun = await call<Wanted>("POST", "/api/v1/passkeys/register/begin", {});
	if (!begun.body) return { ...begun, body: null };
	const { publicKey } = begun.body.options;
	let got: PublicKeyCredential;
	try {
		got = (await navigator.credentials.create({
			publicKey: {
				...publicKey,
				challenge: bytes(publicKey.challenge),
				user: { ...publicKey.user, id: bytes(publicKey.user.id) },
				excludeCredentials: descriptors(publicKey.excludeCredentials),
			},
		})) as PublicKeyCredential;
	} catch {
		return null;
	}
	const r = got.response as AuthenticatorAttestationResponse;
	return call("POST", "/api/v1/passkeys/register/finish", {
		ticket: begun.body.ticket,
		answer: {
			id: got.id,
			rawId: text(got.rawId),
			type: got.type,
			response: {
				clientDataJSON: text(r.clientDataJSON),
				attestationObject: text(r.attestationObject),
				transports: r.getTransports(),
			},
		},
	});
}
