-- +goose Up
-- Reactions to comments and pages, comments pinned above a discussion, and editors' picks before the others.

CREATE TABLE reactions (
	comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
	author_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,
	PRIMARY KEY (comment_id, author_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX reactions_author ON reactions (author_id, comment_id); -- a person's own on a page

CREATE TABLE page_reactions (
	thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	name      TEXT NOT NULL,
	PRIMARY KEY (thread_id, author_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_reactions_author ON page_reactions (author_id);

-- How many there are, as {"name": n}; '' where there are none.
ALTER TABLE comments ADD COLUMN reactions TEXT NOT NULL DEFAULT '';
ALTER TABLE threads ADD COLUMN reactions TEXT NOT NULL DEFAULT '';

ALTER TABLE tallies_due ADD COLUMN reacted INTEGER NOT NULL DEFAULT 0;
CREATE TABLE page_tallies_due (
	thread_id INTEGER PRIMARY KEY REFERENCES threads (id) ON DELETE CASCADE
) STRICT;

-- When a comment was pinned; 0: it is not. What stands above a discussion is found here.
ALTER TABLE comments ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX comments_pinned ON comments (thread_id, pinned) WHERE pinned > 0;
CREATE INDEX comments_picked ON comments (thread_id, created, id) WHERE featured = 1;
