-- +goose Up
-- Two pages that are one can have their discussions merged; nothing that is there changes by the upgrade.

-- A thread that was merged stays as an empty row, so that the log of its events
-- tells its open pages; it has no comments and a key that nobody can ask for.
ALTER TABLE threads ADD COLUMN merged_into INTEGER REFERENCES threads (id) ON DELETE CASCADE;
CREATE INDEX threads_merged ON threads (merged_into) WHERE merged_into IS NOT NULL; -- for the foreign key, and chains

CREATE TABLE merges (
	id        INTEGER PRIMARY KEY,
	site_id   INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	source_id INTEGER NOT NULL UNIQUE REFERENCES threads (id) ON DELETE CASCADE,
	target_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	state     TEXT NOT NULL CHECK (state IN ('moving', 'done', 'undoing')),
	author_id INTEGER NOT NULL,  -- who asked; 0: a command on the server
	account   INTEGER NOT NULL,  -- who may undo it
	token     BLOB,              -- SHA-256 of what undoes it; NULL: nothing does
	note      TEXT NOT NULL,
	was       TEXT NOT NULL CHECK (json_valid(was)), -- of the source, what an undo gives back
	total     INTEGER NOT NULL,  -- comments
	moved     INTEGER NOT NULL DEFAULT 0,
	created   INTEGER NOT NULL,
	touched   INTEGER NOT NULL,  -- when a part of it was last done
	expires   INTEGER NOT NULL DEFAULT 0 -- with done: until when it can be undone
) STRICT;
CREATE INDEX merges_site ON merges (site_id);
CREATE INDEX merges_target ON merges (target_id);
CREATE INDEX merges_over ON merges (expires) WHERE state = 'done';

-- What an undo takes back, in parts that are one write each.
CREATE TABLE merge_parts (
	merge_id INTEGER NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
	n        INTEGER NOT NULL,
	kind     TEXT NOT NULL CHECK (kind IN ('comments', 'follows', 'dropped', 'alike')),
	data     TEXT NOT NULL CHECK (json_valid(data)),
	PRIMARY KEY (merge_id, n)
) STRICT, WITHOUT ROWID;
