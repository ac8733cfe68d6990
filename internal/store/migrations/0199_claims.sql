-- +goose Up
-- People can ask for the comments that they wrote on another system, once they are imported, and the site says yes or no; nothing that is there changes by the upgrade.

-- What an imported person can be known by: keyed hashes of an address or of an
-- identity at a provider, and nothing in clear.
CREATE TABLE author_marks (
	mark      BLOB NOT NULL, -- HMAC-SHA-256
	author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	created   INTEGER NOT NULL,
	PRIMARY KEY (mark, author_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX author_marks_author ON author_marks (author_id);  -- for the foreign key, and when they are somebody's
CREATE INDEX author_marks_created ON author_marks (created);   -- retention

CREATE TABLE claims (
	id         INTEGER PRIMARY KEY,
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	author_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,  -- imported
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- who says so
	state      TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'declined', 'not_mine')),
	created    INTEGER NOT NULL,
	UNIQUE (author_id, account_id)
) STRICT;
CREATE UNIQUE INDEX claims_one ON claims (author_id) WHERE state IN ('asked', 'approved'); -- the first who asks
CREATE INDEX claims_asked ON claims (site_id, created) WHERE state = 'asked';              -- a site's list
CREATE INDEX claims_site ON claims (site_id);       -- for the foreign key
CREATE INDEX claims_account ON claims (account_id); -- for the foreign key, and the account's own

-- The member that an imported person turned out to be. The row stays, so that
-- another run of the import knows the person.
ALTER TABLE authors ADD COLUMN became INTEGER REFERENCES authors (id) ON DELETE SET NULL;
CREATE INDEX authors_became ON authors (became) WHERE became IS NOT NULL;

-- Of the published comments those that were brought from elsewhere: they make nobody trusted.
ALTER TABLE authors ADD COLUMN brought INTEGER NOT NULL DEFAULT 0;
