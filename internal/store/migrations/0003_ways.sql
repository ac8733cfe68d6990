-- +goose Up
-- Ways in. An account may have no address: then email holds '@' and its id,
-- which no address begins with, because the column of 0001 is NOT NULL UNIQUE.

ALTER TABLE accounts ADD COLUMN site_id INTEGER REFERENCES sites (id) ON DELETE CASCADE; -- known on this site only: it came by the site's own keys or tokens
ALTER TABLE accounts ADD COLUMN avatar TEXT NOT NULL DEFAULT '';       -- of pictures; '' for none
ALTER TABLE accounts ADD COLUMN lang TEXT NOT NULL DEFAULT '';         -- BCP 47; '' as the browser says
ALTER TABLE accounts ADD COLUMN mail_replies INTEGER NOT NULL DEFAULT 0 CHECK (mail_replies IN (0, 1));
ALTER TABLE accounts ADD COLUMN totp BLOB;                             -- sealed secret; NULL while off
ALTER TABLE accounts ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;  -- the last time step used: a code works once
ALTER TABLE accounts ADD COLUMN recovery TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(recovery)); -- hashes of codes that are left
ALTER TABLE accounts ADD COLUMN erase_at INTEGER;                      -- when it will be erased; NULL: it will not
ALTER TABLE accounts ADD COLUMN erase_text INTEGER NOT NULL DEFAULT 0 CHECK (erase_text IN (0, 1));
CREATE INDEX accounts_erase ON accounts (erase_at) WHERE erase_at IS NOT NULL;
CREATE INDEX accounts_unverified ON accounts (created) WHERE verified IS NULL;

ALTER TABLE authors ADD COLUMN avatar TEXT NOT NULL DEFAULT ''; -- the account's picture, beside each comment without a join

ALTER TABLE sessions ADD COLUMN name TEXT NOT NULL DEFAULT '';  -- of a token
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT ''; -- browser and system in words
ALTER TABLE sessions ADD COLUMN seen INTEGER;                   -- last used, to the hour
ALTER TABLE sessions ADD COLUMN proved INTEGER;                 -- when the person last proved who he is
ALTER TABLE sessions ADD COLUMN second INTEGER NOT NULL DEFAULT 0 CHECK (second IN (0, 1)); -- with a second factor

-- Who somebody is elsewhere. site_id is 0 for the instance's own keys; a
-- site's keys, issuers and tokens speak for that site alone.
CREATE TABLE identities (
	site_id    INTEGER NOT NULL,
	provider   TEXT NOT NULL,
	subject    TEXT NOT NULL,
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,
	created    INTEGER NOT NULL,
	used       INTEGER NOT NULL,
	PRIMARY KEY (site_id, provider, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_account ON identities (account_id);

-- A site's own keys at a provider, or its own OIDC issuer. Secrets are sealed
-- by a key that is not in this file.
CREATE TABLE site_ways (
	site_id  INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	provider TEXT NOT NULL,
	client   TEXT NOT NULL,
	secret   BLOB NOT NULL,
	issuer   TEXT NOT NULL,
	label    TEXT NOT NULL,
	extra    TEXT NOT NULL CHECK (json_valid(extra)), -- what one provider alone needs
	PRIMARY KEY (site_id, provider)
) STRICT, WITHOUT ROWID;

-- The keys that a site signs its readers' tokens with: two, so that one can be
-- replaced while the other works.
CREATE TABLE sso_keys (
	id      INTEGER PRIMARY KEY,
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	secret  BLOB NOT NULL, -- sealed
	created INTEGER NOT NULL
) STRICT;
CREATE INDEX sso_keys_site ON sso_keys (site_id, id);

CREATE TABLE sso_seen (
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	jti     BLOB NOT NULL, -- SHA-256
	expires INTEGER NOT NULL,
	PRIMARY KEY (site_id, jti)
) STRICT, WITHOUT ROWID;
CREATE INDEX sso_seen_age ON sso_seen (expires);

CREATE TABLE passkeys (
	id         BLOB PRIMARY KEY, -- the credential's
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,
	credential TEXT NOT NULL CHECK (json_valid(credential)),
	created    INTEGER NOT NULL,
	used       INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_account ON passkeys (account_id);

-- Pictures of people, decoded and drawn anew by us.
CREATE TABLE pictures (
	id         TEXT PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	type       TEXT NOT NULL,
	image      BLOB NOT NULL,
	created    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pictures_account ON pictures (account_id);

-- What guests of one browser wrote, so that an account made there keeps it.
CREATE TABLE guest_marks (
	comment_id INTEGER PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
	token      BLOB NOT NULL, -- SHA-256 of what the browser holds
	created    INTEGER NOT NULL
) STRICT;
CREATE INDEX guest_marks_token ON guest_marks (token);

-- Requests by a provider to forget somebody, for the page that tells about them.
CREATE TABLE deletions (
	code     TEXT PRIMARY KEY,
	provider TEXT NOT NULL,
	asked    INTEGER NOT NULL,
	done     INTEGER
) STRICT, WITHOUT ROWID;

-- Tickets grow new kinds; the list of 0001 named four.
CREATE TABLE tickets_new (
	token      BLOB PRIMARY KEY, -- SHA-256
	kind       TEXT NOT NULL CHECK (kind <> ''),
	account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
	site_id    INTEGER REFERENCES sites (id) ON DELETE CASCADE,
	data       TEXT NOT NULL,
	created    INTEGER NOT NULL,
	expires    INTEGER NOT NULL,
	tries      INTEGER NOT NULL DEFAULT 0 -- wrong codes typed
) STRICT, WITHOUT ROWID;
INSERT INTO tickets_new (token, kind, account_id, site_id, data, created, expires)
	SELECT token, kind, account_id, site_id, data, created, expires FROM tickets;
DROP TABLE tickets;
ALTER TABLE tickets_new RENAME TO tickets;
CREATE INDEX tickets_age ON tickets (expires);
CREATE INDEX tickets_account ON tickets (account_id, kind) WHERE account_id IS NOT NULL;
