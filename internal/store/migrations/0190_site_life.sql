-- +goose Up
-- Sites can be archived, and are deleted after a day in which that can be called off.
ALTER TABLE sites ADD COLUMN archived INTEGER;  -- since when it is kept for reading alone; NULL: it is not
ALTER TABLE sites ADD COLUMN delete_at INTEGER; -- when it is deleted; NULL: it is not
