-- +goose Up
-- That an author deleted a comment is known for good, and not only while they
-- can take it back: nobody else brings it back. Of the deletions before this,
-- those were a moderator's that stand in the audit log; the others are taken
-- for their authors'.
DROP INDEX withdrawals_age;
INSERT INTO withdrawals (comment_id, status, at)
	SELECT c.id, 'published', 0 FROM comments c WHERE c.status = 'deleted' AND c.body <> ''
	AND c.id NOT IN (SELECT target FROM audit_log WHERE kind = 'comment' AND action = 'delete')
	ON CONFLICT DO NOTHING;
