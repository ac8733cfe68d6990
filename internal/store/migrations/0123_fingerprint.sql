-- +goose Up
-- The word of the field for it, and of the code.
ALTER TABLE comments RENAME COLUMN likeness TO fingerprint;
