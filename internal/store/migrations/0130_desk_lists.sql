-- +goose Up
-- The moderators' lists of what is new and of what was refused: until when each
-- member of staff has read, and an index that gives each list in its order.
CREATE TABLE desk_looks (
	author_id INTEGER PRIMARY KEY REFERENCES authors (id) ON DELETE CASCADE,
	upto      INTEGER NOT NULL
) STRICT;
DROP INDEX comments_spam_waiting;
CREATE INDEX comments_spam_waiting ON comments (site_id, created, id) WHERE waits = 1 AND status = 'spam';
CREATE INDEX comments_turned_down ON comments (site_id, created, id) WHERE waits = 0 AND status IN ('rejected', 'spam');
