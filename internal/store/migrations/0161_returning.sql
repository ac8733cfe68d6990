-- +goose Up
-- Who was banned and then erased does not come back by erasing: of the address
-- and the sign-ins stays a keyed hash, as long as the ban holds.
CREATE TABLE ban_marks (
	mark   BLOB NOT NULL, -- HMAC-SHA256 under the key "returning"
	ban_id INTEGER NOT NULL REFERENCES bans (id) ON DELETE CASCADE,
	PRIMARY KEY (mark, ban_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ban_marks_ban ON ban_marks (ban_id);
