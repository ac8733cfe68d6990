-- +goose Up
-- Search of Arabic and Hebrew by letters alone. To the index a vowel mark ends a
-- word: behind a text that has any stands the same text without them. What is
-- taken out of the index has to be what was put in, so both are made by the same
-- words here; the marks, m.marks, are tokens.Marks, written by their numbers.
DROP TRIGGER comments_text_add;
DROP TRIGGER comments_text_change;
DROP TRIGGER comments_text_drop;
INSERT INTO comments_text (comments_text, rowid, site, body) SELECT 'delete', id, 's' || site_id, body || CASE WHEN body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(body))
		SELECT ' ' || group_concat(substr(body, n, 2), ' ') FROM at WHERE substr(body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END
	FROM comments, (SELECT '[' || char(0x591, 45, 0x5BD, 0x5BF, 0x5C1, 45, 0x5C2, 0x5C4, 45, 0x5C5, 0x5C7, 0x610, 45, 0x61A, 0x640, 0x64B, 45, 0x65F, 0x670, 0x6D6, 45, 0x6DC, 0x6DF, 45, 0x6E4, 0x6E7, 45, 0x6E8, 0x6EA, 45, 0x6ED) || ']' AS marks) m WHERE body GLOB '*' || m.marks || '*';
INSERT INTO comments_text (rowid, site, body) SELECT id, 's' || site_id, body || CASE WHEN body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(body))
		SELECT ' ' || group_concat(substr(body, n, 2), ' ') FROM at WHERE substr(body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END || CASE WHEN body GLOB '*' || m.marks || '*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(body))
		SELECT ' ' || group_concat(substr(body, n, 1), '') FROM at WHERE substr(body, n, 1) NOT GLOB m.marks) ELSE '' END
	FROM comments, (SELECT '[' || char(0x591, 45, 0x5BD, 0x5BF, 0x5C1, 45, 0x5C2, 0x5C4, 45, 0x5C5, 0x5C7, 0x610, 45, 0x61A, 0x640, 0x64B, 45, 0x65F, 0x670, 0x6D6, 45, 0x6DC, 0x6DF, 45, 0x6E4, 0x6E7, 45, 0x6E8, 0x6EA, 45, 0x6ED) || ']' AS marks) m WHERE body GLOB '*' || m.marks || '*';
-- +goose StatementBegin
CREATE TRIGGER comments_text_add AFTER INSERT ON comments WHEN new.body <> '' BEGIN
	INSERT INTO comments_text (rowid, site, body) SELECT new.id, 's' || new.site_id, new.body || CASE WHEN new.body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(new.body))
		SELECT ' ' || group_concat(substr(new.body, n, 2), ' ') FROM at WHERE substr(new.body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END || CASE WHEN new.body GLOB '*' || m.marks || '*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(new.body))
		SELECT ' ' || group_concat(substr(new.body, n, 1), '') FROM at WHERE substr(new.body, n, 1) NOT GLOB m.marks) ELSE '' END
	FROM (SELECT '[' || char(0x591, 45, 0x5BD, 0x5BF, 0x5C1, 45, 0x5C2, 0x5C4, 45, 0x5C5, 0x5C7, 0x610, 45, 0x61A, 0x640, 0x64B, 45, 0x65F, 0x670, 0x6D6, 45, 0x6DC, 0x6DF, 45, 0x6E4, 0x6E7, 45, 0x6E8, 0x6EA, 45, 0x6ED) || ']' AS marks) m;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_change AFTER UPDATE OF body ON comments WHEN old.body <> new.body BEGIN
	INSERT INTO comments_text (comments_text, rowid, site, body) SELECT 'delete', old.id, 's' || old.site_id, old.body || CASE WHEN old.body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(old.body))
		SELECT ' ' || group_concat(substr(old.body, n, 2), ' ') FROM at WHERE substr(old.body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END || CASE WHEN old.body GLOB '*' || m.marks || '*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(old.body))
		SELECT ' ' || group_concat(substr(old.body, n, 1), '') FROM at WHERE substr(old.body, n, 1) NOT GLOB m.marks) ELSE '' END
	FROM (SELECT '[' || char(0x591, 45, 0x5BD, 0x5BF, 0x5C1, 45, 0x5C2, 0x5C4, 45, 0x5C5, 0x5C7, 0x610, 45, 0x61A, 0x640, 0x64B, 45, 0x65F, 0x670, 0x6D6, 45, 0x6DC, 0x6DF, 45, 0x6E4, 0x6E7, 45, 0x6E8, 0x6EA, 45, 0x6ED) || ']' AS marks) m WHERE old.body <> '';
	INSERT INTO comments_text (rowid, site, body) SELECT new.id, 's' || new.site_id, new.body || CASE WHEN new.body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(new.body))
		SELECT ' ' || group_concat(substr(new.body, n, 2), ' ') FROM at WHERE substr(new.body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END || CASE WHEN new.body GLOB '*' || m.marks || '*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(new.body))
		SELECT ' ' || group_concat(substr(new.body, n, 1), '') FROM at WHERE substr(new.body, n, 1) NOT GLOB m.marks) ELSE '' END
	FROM (SELECT '[' || char(0x591, 45, 0x5BD, 0x5BF, 0x5C1, 45, 0x5C2, 0x5C4, 45, 0x5C5, 0x5C7, 0x610, 45, 0x61A, 0x640, 0x64B, 45, 0x65F, 0x670, 0x6D6, 45, 0x6DC, 0x6DF, 45, 0x6E4, 0x6E7, 45, 0x6E8, 0x6EA, 45, 0x6ED) || ']' AS marks) m WHERE new.body <> '';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_drop AFTER DELETE ON comments WHEN old.body <> '' BEGIN
	INSERT INTO comments_text (comments_text, rowid, site, body) SELECT 'delete', old.id, 's' || old.site_id, old.body || CASE WHEN old.body GLOB '*[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(old.body))
		SELECT ' ' || group_concat(substr(old.body, n, 2), ' ') FROM at WHERE substr(old.body, n, 1) GLOB '[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]') ELSE '' END || CASE WHEN old.body GLOB '*' || m.marks || '*' THEN
		(WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(old.body))
		SELECT ' ' || group_concat(substr(old.body, n, 1), '') FROM at WHERE substr(old.body, n, 1) NOT GLOB m.marks) ELSE '' END
	FROM (SELECT '[' || char(0x591, 45, 0x5BD, 0x5BF, 0x5C1, 45, 0x5C2, 0x5C4, 45, 0x5C5, 0x5C7, 0x610, 45, 0x61A, 0x640, 0x64B, 45, 0x65F, 0x670, 0x6D6, 45, 0x6DC, 0x6DF, 45, 0x6E4, 0x6E7, 45, 0x6E8, 0x6EA, 45, 0x6ED) || ']' AS marks) m;
END;
-- +goose StatementEnd
