-- +goose Up
-- Search in the dashboard: newest first, so a common word costs no ranking.
-- The site stands in the index as a word of its own; a text is looked up by
-- the comment's id, which is its age.
CREATE VIRTUAL TABLE comments_text USING fts5(site, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");
INSERT INTO comments_text (rowid, site, body) SELECT id, 's' || site_id, body FROM comments;
-- +goose StatementBegin
CREATE TRIGGER comments_text_add AFTER INSERT ON comments BEGIN
	INSERT INTO comments_text (rowid, site, body) VALUES (new.id, 's' || new.site_id, new.body);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_change AFTER UPDATE OF body ON comments BEGIN
	DELETE FROM comments_text WHERE rowid = old.id;
	INSERT INTO comments_text (rowid, site, body) VALUES (new.id, 's' || new.site_id, new.body);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_text_drop AFTER DELETE ON comments BEGIN
	DELETE FROM comments_text WHERE rowid = old.id;
END;
-- +goose StatementEnd

CREATE INDEX comments_thread_pending ON comments (thread_id) WHERE status = 'pending'; -- the Threads screen
