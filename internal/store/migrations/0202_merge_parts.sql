-- +goose Up
-- Merges of threads move reactions to pages and followers without an account, too.
CREATE TABLE merge_parts_next (
	merge_id INTEGER NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
	n        INTEGER NOT NULL,
	kind     TEXT NOT NULL CHECK (kind IN ('comments', 'follows', 'dropped', 'guests', 'alike', 'reactions', 'reactions dropped', 'reactions counted')),
	data     TEXT NOT NULL CHECK (json_valid(data)),
	PRIMARY KEY (merge_id, n)
) STRICT, WITHOUT ROWID;
INSERT INTO merge_parts_next (merge_id, n, kind, data) SELECT merge_id, n, kind, data FROM merge_parts;
DROP TABLE merge_parts;
ALTER TABLE merge_parts_next RENAME TO merge_parts;
