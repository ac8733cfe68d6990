-- +goose Up
-- A guest is a browser with a name, not a name: two who call themselves Anna are
-- two, and a ban of one is none of the other. The mark is that of guest_marks;
-- empty for programs, which have no browser, and for guests of earlier releases.
ALTER TABLE authors ADD COLUMN mark BLOB NOT NULL DEFAULT x'';
DROP INDEX authors_guest;
CREATE UNIQUE INDEX authors_guest ON authors (site_id, name, mark) WHERE kind = 'guest';
CREATE INDEX authors_mark ON authors (mark) WHERE length(mark) = 32 AND kind = 'guest';
