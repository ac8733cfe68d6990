-- +goose Up
-- Who changed which setting of a site last, and when, is kept from now on.
CREATE TABLE setting_changes (
	site_id   INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	name      TEXT NOT NULL, -- as the audit log names it: Moderation.NewPosts
	author_id INTEGER REFERENCES authors (id) ON DELETE SET NULL, -- NULL: by a command on the server, or by somebody who is gone
	at        INTEGER NOT NULL,
	PRIMARY KEY (site_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX setting_changes_author ON setting_changes (author_id) WHERE author_id IS NOT NULL; -- for the foreign key
