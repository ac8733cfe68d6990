-- +goose Up
-- Since when a comment waits for a decision: since it was held, reported or
-- edited into a hold, which may be long after it was written.
ALTER TABLE comments ADD COLUMN waiting_since INTEGER NOT NULL DEFAULT 0;
UPDATE comments SET waiting_since = coalesce((SELECT min(r.created) FROM reports r WHERE r.comment_id = comments.id AND r.open = 1 AND comments.status = 'published'), created)
	WHERE waits = 1;
DROP INDEX comments_inbox_age;
CREATE INDEX comments_inbox_age ON comments (site_id, waiting_since, id) WHERE waits = 1;
CREATE INDEX comments_pending_age ON comments (site_id, waiting_since, id) WHERE status = 'pending';
DROP INDEX comments_reported;
CREATE INDEX comments_reported ON comments (site_id, waiting_since, id) WHERE status = 'published' AND reports > 0;
