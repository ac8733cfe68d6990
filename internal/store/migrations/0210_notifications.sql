-- +goose Up
-- Readers are told in the page of answers, mentions and decisions, and a mention stays with the person whom it names; nothing that is there changes by the upgrade.

-- What somebody is told of: one row for a comment and a topic, however often it
-- is told. A row that has more to say gets a new id, and is unread again.
CREATE TABLE notifications (
	id         INTEGER PRIMARY KEY, -- of the discussion's own ids: the newer the larger
	author_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,  -- who is told
	comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
	topic      TEXT NOT NULL CHECK (topic IN ('told', 'outcome', 'pick', 'reactions')),
	kind       TEXT NOT NULL,
	count      INTEGER NOT NULL DEFAULT 1,
	at         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX notifications_once ON notifications (comment_id, author_id, topic);
CREATE INDEX notifications_author ON notifications (author_id, id);
CREATE INDEX notifications_at ON notifications (at); -- retention

-- How far somebody has read them.
CREATE TABLE bells (
	author_id INTEGER PRIMARY KEY REFERENCES authors (id) ON DELETE CASCADE,
	read_id   INTEGER NOT NULL
) STRICT;

-- Whom a comment names, by who they are: names change.
CREATE TABLE mentions (
	comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
	author_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,              -- as its writer chose them, folded
	told       INTEGER NOT NULL DEFAULT 0, -- they have been told of it
	PRIMARY KEY (comment_id, author_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_author ON mentions (author_id);
