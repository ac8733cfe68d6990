-- +goose Up
-- When a page of a site showed its comments for the first time, and when of late:
-- what tells an owner that the install works.
CREATE TABLE page_loads (
	site_id INTEGER PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE,
	origin  TEXT NOT NULL, -- of the page that did so last
	first   INTEGER NOT NULL,
	last    INTEGER NOT NULL -- to the hour
) STRICT;
