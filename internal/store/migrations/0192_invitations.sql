-- +goose Up
-- Invitations to a site's team wait until they are accepted; they can be taken back, and work once.
CREATE TABLE invitations (
	id      INTEGER PRIMARY KEY,
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	token   BLOB NOT NULL UNIQUE, -- hash
	email   TEXT NOT NULL,        -- lower case
	name    TEXT NOT NULL,        -- that is offered to whoever has no account
	role    TEXT NOT NULL CHECK (role IN ('auditor', 'staff', 'moderator', 'admin')),
	by_id   INTEGER REFERENCES authors (id) ON DELETE SET NULL, -- NULL: by a command on the server
	created INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	used    INTEGER,
	revoked INTEGER
) STRICT;
CREATE UNIQUE INDEX invitations_open ON invitations (site_id, email) WHERE used IS NULL AND revoked IS NULL;
CREATE INDEX invitations_site ON invitations (site_id, created); -- a site's list
CREATE INDEX invitations_age ON invitations (expires);           -- retention
CREATE INDEX invitations_email ON invitations (email);           -- erasure
CREATE INDEX invitations_by ON invitations (by_id) WHERE by_id IS NOT NULL; -- for the foreign key
