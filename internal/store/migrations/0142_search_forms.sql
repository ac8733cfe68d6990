-- +goose Up
-- Search of what is written without spaces, by other forms of a word, and by date.
-- A script without spaces is one long word to the index, in which nothing is
-- found: behind such a text stands every two letters of it that follow each
-- other. The set of letters is tokens.Unspaced. What is taken out of the index
-- has to be what was put in, so both are made by the same words here.
DROP TRIGGER comments_text_add;
DROP TRIGGER comments_text_change;
DROP TRIGGER comments_text_drop;
-- +goose StatementBegin
CREATE TRIGGER comments_text_add AFTER INSERT ON comments WHEN new.body <> '' BEGIN
	INSERT INTO comments_text (rowid, site, body) VALUES (new.id, 's' || new.site_id, new.body || CASE WHEN new.body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(new.body))
		SELECT ' ' || group_concat(substr(new.body, n, 2), ' ') FROM at WHERE substr(new.body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_change AFTER UPDATE OF body ON comments WHEN old.body <> new.body BEGIN
	INSERT INTO comments_text (comments_text, rowid, site, body) SELECT 'delete', old.id, 's' || old.site_id, old.body || CASE WHEN old.body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(old.body))
		SELECT ' ' || group_concat(substr(old.body, n, 2), ' ') FROM at WHERE substr(old.body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END WHERE old.body <> '';
	INSERT INTO comments_text (rowid, site, body) SELECT new.id, 's' || new.site_id, new.body || CASE WHEN new.body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(new.body))
		SELECT ' ' || group_concat(substr(new.body, n, 2), ' ') FROM at WHERE substr(new.body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END WHERE new.body <> '';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_drop AFTER DELETE ON comments WHEN old.body <> '' BEGIN
	INSERT INTO comments_text (comments_text, rowid, site, body) VALUES ('delete', old.id, 's' || old.site_id, old.body || CASE WHEN old.body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(old.body))
		SELECT ' ' || group_concat(substr(old.body, n, 2), ' ') FROM at WHERE substr(old.body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END);
END;
-- +goose StatementEnd
INSERT INTO comments_text (comments_text, rowid, site, body) SELECT 'delete', id, 's' || site_id, body FROM comments WHERE body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*';
INSERT INTO comments_text (rowid, site, body) SELECT id, 's' || site_id, body ||
	(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(body))
	SELECT ' ' || group_concat(substr(body, n, 2), ' ') FROM at WHERE substr(body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') FROM comments WHERE body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*';

-- The words of the index, for the other forms of one that is looked for.
CREATE VIRTUAL TABLE comments_words USING fts5vocab(comments_text, row);

-- Lists of what was found come by date: an import brings old comments with new ids.
DROP INDEX comments_site;
CREATE INDEX comments_site ON comments (site_id, created, id);
DROP INDEX comments_person; -- comments_author gives the same by date
