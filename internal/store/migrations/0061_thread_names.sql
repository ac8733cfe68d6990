-- +goose Up
-- By whose word a thread has its page's address and title: NULL nobody's that
-- counts, 0 a moderator's or an import's, else that of a published comment.
ALTER TABLE threads ADD COLUMN url_by INTEGER;
ALTER TABLE threads ADD COLUMN title_by INTEGER;

-- What a comment that is not public said of its page, and what a public one
-- said otherwise than the thread has it: from there a thread is named when the
-- comment that named it goes.
CREATE TABLE pages (
	comment_id INTEGER PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
	thread_id  INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	url        TEXT NOT NULL,
	title      TEXT NOT NULL,
	at         INTEGER NOT NULL
) STRICT;
CREATE INDEX pages_thread ON pages (thread_id, comment_id);
CREATE INDEX pages_age ON pages (at); -- the sweep

-- Until now a thread took them from whoever made it. That counts where it was
-- a moderator, an import, or the comment it began with, if that is public; a
-- thread that somebody has only followed has none.
UPDATE threads SET url_by = 0, title_by = 0 WHERE source IS NOT NULL OR id IN (SELECT target FROM audit_log WHERE kind = 'thread');
UPDATE threads SET url_by = (SELECT c.id FROM comments c WHERE c.thread_id = threads.id AND c.created = threads.created AND c.status = 'published' LIMIT 1) WHERE url_by IS NULL;
UPDATE threads SET title_by = url_by WHERE title_by IS NULL;
UPDATE threads SET url = '', title = '' WHERE url_by IS NULL AND count = 0;
