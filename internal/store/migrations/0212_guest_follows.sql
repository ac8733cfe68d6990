-- +goose Up
-- Readers without an account can follow a discussion by mail, once they have confirmed the address; nothing that is there changes by the upgrade.

-- An address that hears of a thread, or with a comment of the replies to it.
CREATE TABLE guest_follows (
	id         INTEGER PRIMARY KEY,
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	thread_id  INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	comment_id INTEGER NOT NULL DEFAULT 0, -- as in follows
	email      TEXT NOT NULL,              -- in lower case
	confirmed  INTEGER NOT NULL DEFAULT 0, -- its owner has said yes
	created    INTEGER NOT NULL,
	UNIQUE (thread_id, comment_id, email)
) STRICT;
CREATE INDEX guest_follows_email ON guest_follows (email, site_id);
CREATE INDEX guest_follows_site ON guest_follows (site_id);                           -- for the foreign key
CREATE INDEX guest_follows_new ON guest_follows (created) WHERE confirmed = 0;        -- retention
