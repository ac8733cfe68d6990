-- +goose Up
-- Pages that wanted to write or to listen and are not on their site's list: what
-- an owner sees who has forgotten an address.
CREATE TABLE refused_origins (
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	origin  TEXT NOT NULL,
	first   INTEGER NOT NULL,
	last    INTEGER NOT NULL,
	count   INTEGER NOT NULL,
	PRIMARY KEY (site_id, origin)
) STRICT, WITHOUT ROWID;
CREATE INDEX refused_origins_age ON refused_origins (last);
