-- +goose Up
-- What members of staff are told of new comments: how often they want to hear,
-- the last comment they were told of, and when their last message was owed.
CREATE TABLE staff_news (
	author_id INTEGER PRIMARY KEY REFERENCES authors (id) ON DELETE CASCADE,
	choice    TEXT NOT NULL DEFAULT 'hourly' CHECK (choice IN ('each', 'hourly', 'daily', 'never')),
	upto      INTEGER NOT NULL,
	sent      INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Nobody is told of what was there before.
INSERT INTO staff_news (author_id, upto) SELECT id, coalesce((SELECT max(id) FROM comments), 0) FROM authors WHERE role <> 'member';
