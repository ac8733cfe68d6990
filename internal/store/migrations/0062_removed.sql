-- +goose Up
-- What is removed is gone. The search index forgets a word when the text that
-- held it goes, and not when its segment is merged some day: for that it has
-- to be told what it held, which an index that only marks rows as deleted is
-- not. It is made anew, so that what it still holds of removed texts goes too.
DROP TRIGGER comments_text_add;
DROP TRIGGER comments_text_change;
DROP TRIGGER comments_text_drop;
DROP TABLE comments_text;
CREATE VIRTUAL TABLE comments_text USING fts5(site, body, content='', tokenize="unicode61 remove_diacritics 2");
INSERT INTO comments_text (comments_text, rank) VALUES ('secure-delete', 1);
INSERT INTO comments_text (rowid, site, body) SELECT id, 's' || site_id, body FROM comments WHERE body <> '';
-- +goose StatementBegin
CREATE TRIGGER comments_text_add AFTER INSERT ON comments WHEN new.body <> '' BEGIN
	INSERT INTO comments_text (rowid, site, body) VALUES (new.id, 's' || new.site_id, new.body);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_change AFTER UPDATE OF body ON comments WHEN old.body <> new.body BEGIN
	INSERT INTO comments_text (comments_text, rowid, site, body) SELECT 'delete', old.id, 's' || old.site_id, old.body WHERE old.body <> '';
	INSERT INTO comments_text (rowid, site, body) SELECT new.id, 's' || new.site_id, new.body WHERE new.body <> '';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_drop AFTER DELETE ON comments WHEN old.body <> '' BEGIN
	INSERT INTO comments_text (comments_text, rowid, site, body) VALUES ('delete', old.id, 's' || old.site_id, old.body);
END;
-- +goose StatementEnd

-- The answer to an idempotency key is which comment it made: what that is shows
-- when it is asked again, and no copy of its text stays here.
UPDATE idempotency SET answer = CAST(CASE WHEN json_valid(CAST(answer AS TEXT)) THEN coalesce(json_extract(CAST(answer AS TEXT), '$.comment.id'), '')
	ELSE substr(CAST(answer AS TEXT), 1, instr(CAST(answer AS TEXT) || ' ', ' ') - 1) END AS BLOB);

-- What the sweep follows: texts of comments that their authors deleted, earlier
-- texts that are kept from readers, words that a moderator changed.
CREATE INDEX withdrawals_age ON withdrawals (at, comment_id);
CREATE INDEX revisions_taken ON revisions (taken) WHERE taken IS NOT NULL;
CREATE INDEX revisions_private ON revisions (at) WHERE public = 0;
CREATE INDEX audit_log_edits ON audit_log (at, id) WHERE kind = 'comment' AND action = 'edit';
