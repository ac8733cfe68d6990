-- +goose Up
-- Warnings that a person has not acknowledged yet. The number stands in the
-- author's row, which every post reads anyway; the texts are read where it is
-- not 0. Guests cannot acknowledge anything and are not kept from writing.
ALTER TABLE authors ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
UPDATE authors SET unread = (SELECT count(*) FROM notes n WHERE n.author_id = authors.id AND n.kind = 'warning' AND n.seen IS NULL)
	WHERE warnings > 0 AND kind = 'member';
CREATE INDEX notes_unread ON notes (author_id, id) WHERE kind = 'warning' AND seen IS NULL;
