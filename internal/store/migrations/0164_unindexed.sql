-- +goose Up
-- The words of a new text come into the index within a second and outside of the
-- post that brought it: the index writes a segment for each transaction, and that
-- was most of what a post cost. What is taken away leaves the index at once.
-- What is taken out has to be what was put in: both are made by this view.
DROP TRIGGER comments_text_add;
DROP TRIGGER comments_text_change;
DROP TRIGGER comments_text_drop;
CREATE TABLE unindexed (id INTEGER PRIMARY KEY) STRICT; -- comments whose words are not in the index yet
CREATE VIEW comment_words AS SELECT id, 's' || site_id AS site, body || CASE WHEN body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(body))
		SELECT ' ' || group_concat(substr(body, n, 2), ' ') FROM at WHERE substr(body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END || CASE WHEN body GLOB '*' || m.marks || '*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(body))
		SELECT ' ' || group_concat(substr(body, n, 1), '') FROM at WHERE substr(body, n, 1) NOT GLOB m.marks) ELSE '' END AS words
	FROM comments, (SELECT '[' || char(0x591, 45, 0x5BD, 0x5BF, 0x5C1, 45, 0x5C2, 0x5C4, 45, 0x5C5, 0x5C7, 0x610, 45, 0x61A, 0x640, 0x64B, 45, 0x65F, 0x670, 0x6D6, 45, 0x6DC, 0x6DF, 45, 0x6E4, 0x6E7, 45, 0x6E8, 0x6EA, 45, 0x6ED) || ']' AS marks) m WHERE body <> '';
-- +goose StatementBegin
CREATE TRIGGER comments_text_add AFTER INSERT ON comments WHEN new.body <> '' BEGIN
	INSERT INTO unindexed (id) VALUES (new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_change BEFORE UPDATE OF body ON comments WHEN old.body <> new.body BEGIN
	INSERT INTO comments_text (comments_text, rowid, site, body) SELECT 'delete', id, site, words FROM comment_words WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM unindexed WHERE id = old.id);
	DELETE FROM unindexed WHERE id = old.id;
	INSERT INTO unindexed (id) SELECT new.id WHERE new.body <> '';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_drop BEFORE DELETE ON comments WHEN old.body <> '' BEGIN
	INSERT INTO comments_text (comments_text, rowid, site, body) SELECT 'delete', id, site, words FROM comment_words WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM unindexed WHERE id = old.id);
	DELETE FROM unindexed WHERE id = old.id;
END;
-- +goose StatementEnd
