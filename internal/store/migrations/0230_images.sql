-- +goose Up
-- Images in comments, where a site lets its readers add them.
CREATE TABLE images (
	id         TEXT PRIMARY KEY,                                       -- 128 random bits, in hex
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	account_id INTEGER REFERENCES accounts (id) ON DELETE SET NULL,    -- whose; NULL once that is gone and the comment stays
	comment_id INTEGER REFERENCES comments (id) ON DELETE CASCADE,     -- that shows it; NULL: none yet
	type       TEXT NOT NULL,
	width      INTEGER NOT NULL,
	height     INTEGER NOT NULL,
	colour     TEXT NOT NULL,
	bytes      INTEGER NOT NULL,
	sum        BLOB NOT NULL,              -- SHA-256 of the bytes
	looks      INTEGER NOT NULL,           -- difference hash, by which the same picture is known again in another size
	veil       TEXT NOT NULL DEFAULT '',   -- why it is shown on a click alone
	state      TEXT NOT NULL DEFAULT '',   -- held: said to be illegal; illegal: found to be
	checked    INTEGER NOT NULL DEFAULT 0, -- a moderator said that it may stand
	rejected   INTEGER NOT NULL DEFAULT 0, -- its comment was
	created    INTEGER NOT NULL
) STRICT;
CREATE INDEX images_comment ON images (comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX images_account ON images (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX images_site ON images (site_id);
CREATE INDEX images_unused ON images (created) WHERE comment_id IS NULL;
CREATE INDEX images_rejected ON images (created) WHERE rejected = 1 OR state = 'illegal';
-- The bytes, away from what lists read.
CREATE TABLE image_files (
	image_id TEXT PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
	body     BLOB NOT NULL
) STRICT;
-- What images that were taken away are known again by. It says nothing of anybody.
CREATE TABLE image_marks (
	sum     BLOB PRIMARY KEY,
	looks   INTEGER NOT NULL,
	verdict TEXT NOT NULL, -- rejected, illegal
	at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX image_marks_at ON image_marks (at);
-- +goose StatementBegin
-- Whatever empties a text takes its images, but those that somebody has said are
-- illegal and nobody has decided about.
CREATE TRIGGER images_emptied AFTER UPDATE OF body ON comments WHEN new.body = '' AND old.body <> '' BEGIN
	INSERT INTO image_marks (sum, looks, verdict, at) SELECT sum, looks, 'rejected', created FROM images WHERE comment_id = new.id AND rejected = 1 ON CONFLICT DO NOTHING;
	DELETE FROM images WHERE comment_id = new.id AND state <> 'held';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER images_rejected AFTER UPDATE OF status ON comments WHEN new.status = 'rejected' OR old.status = 'rejected' BEGIN
	UPDATE images SET rejected = new.status = 'rejected' WHERE comment_id = new.id;
END;
-- +goose StatementEnd
