-- +goose Up
-- Which standards somebody agreed to when the account was made, and when.
CREATE TABLE acceptances (
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	version    INTEGER NOT NULL, -- of the site's standards; 0 is Parley's own text, or the site's page
	url        TEXT NOT NULL,    -- the site's page, '' where the text is ours
	at         INTEGER NOT NULL,
	PRIMARY KEY (account_id, site_id, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX acceptances_site ON acceptances (site_id);
