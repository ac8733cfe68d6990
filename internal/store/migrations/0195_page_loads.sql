-- +goose Up
-- The settings say from now on when a page of the site first showed its comments, and when of late.
-- It tells an owner that the install works.
CREATE TABLE page_loads (
	site_id INTEGER PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE,
	origin  TEXT NOT NULL, -- of the page that did so last
	first   INTEGER NOT NULL,
	last    INTEGER NOT NULL -- to the hour
) STRICT;
