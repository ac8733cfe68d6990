-- +goose Up
-- An import that was cut short and goes on after another one is undone without taking the other's comments along; nothing that is there changes by the upgrade.

-- Which rows each run of an import made, of its source: between two runs of one
-- there may have been another. imports.first_id and last_id are around them all.
CREATE TABLE import_ranges (
	import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
	first_id  INTEGER NOT NULL,
	last_id   INTEGER NOT NULL,
	PRIMARY KEY (import_id, first_id)
) STRICT, WITHOUT ROWID;
INSERT INTO import_ranges (import_id, first_id, last_id) SELECT id, first_id, last_id FROM imports WHERE first_id <> 0;
