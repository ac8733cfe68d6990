-- +goose Up
-- Of an earlier text it is known whether it was ever public, and when it was
-- taken away: by a moderator who changed the words, by a decision, a verdict
-- or a ban. Others are shown only what was public and stands.
ALTER TABLE revisions ADD COLUMN public INTEGER NOT NULL DEFAULT 0 CHECK (public IN (0, 1));
ALTER TABLE revisions ADD COLUMN taken INTEGER; -- milliseconds; NULL: it was not

-- What was replaced before this was public where the comment was public from
-- its first day to this: nobody has decided about it and nothing has moved it.
UPDATE revisions SET public = 1 WHERE comment_id IN (SELECT id FROM comments WHERE status = 'published' AND decided IS NULL AND reports = 0)
	AND comment_id NOT IN (SELECT target FROM audit_log WHERE kind = 'comment');
