-- +goose Up
-- Threads that look like one page: their keys differ in scheme, www., capitals
-- or a slash at the end alone. What a key comes to stands in an index, so that
-- a new thread finds the one that is like it, and the list of pairs is short.
ALTER TABLE threads ADD COLUMN spot TEXT GENERATED ALWAYS AS (
	rtrim(replace(CASE
		WHEN lower(substr(key, 1, 12)) = 'https://www.' THEN lower(substr(key, 13))
		WHEN lower(substr(key, 1, 11)) = 'http://www.' THEN lower(substr(key, 12))
		WHEN lower(substr(key, 1, 8)) = 'https://' THEN lower(substr(key, 9))
		WHEN lower(substr(key, 1, 7)) = 'http://' THEN lower(substr(key, 8))
		ELSE lower(key) END, '/?', '?'), '/')) VIRTUAL;
CREATE INDEX threads_spot ON threads (site_id, spot, id);
CREATE TABLE alike_threads (
	site_id   INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE, -- the younger
	like_id   INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	PRIMARY KEY (site_id, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alike_threads_thread ON alike_threads (thread_id);
CREATE INDEX alike_threads_like ON alike_threads (like_id);
INSERT INTO alike_threads SELECT site_id, id, first FROM (
	SELECT site_id, id, min(id) OVER (PARTITION BY site_id, spot) AS first FROM threads WHERE spot <> '') WHERE id > first;
