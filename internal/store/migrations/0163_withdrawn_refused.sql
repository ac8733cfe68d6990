-- +goose Up
-- An author may take away what moderators have refused already: then an
-- approval or an undo does not bring it back.
CREATE TABLE withdrawn (
	comment_id INTEGER PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
	status     TEXT NOT NULL CHECK (status IN ('published', 'pending', 'rejected', 'spam', 'deleted')), -- before
	at         INTEGER NOT NULL
) STRICT;
INSERT INTO withdrawn SELECT comment_id, status, at FROM withdrawals;
DROP TABLE withdrawals;
ALTER TABLE withdrawn RENAME TO withdrawals;
CREATE INDEX withdrawals_age ON withdrawals (at, comment_id);
