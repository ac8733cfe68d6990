-- +goose Up
-- Badges beside names: experts, subscribers, and who wrote an article.
ALTER TABLE authors ADD COLUMN tier TEXT NOT NULL DEFAULT '';      -- of a subscription, as the site's token last said
ALTER TABLE authors ADD COLUMN expert INTEGER NOT NULL DEFAULT 0;
CREATE TABLE article_authors (
	author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	key       TEXT NOT NULL,    -- of the article's thread, which may not be there yet
	site_id   INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	PRIMARY KEY (author_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_authors_key ON article_authors (site_id, key);
