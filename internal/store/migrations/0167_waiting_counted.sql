-- +goose Up
-- How many wait in each list of a site is counted as they come and go, so that
-- the numbers on the desk cost the same however many wait. A comment that is
-- published at once touches nothing here.
CREATE TABLE waiting (
	site_id  INTEGER PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE,
	pending  INTEGER NOT NULL DEFAULT 0,
	reported INTEGER NOT NULL DEFAULT 0,
	spam     INTEGER NOT NULL DEFAULT 0 -- that nobody has looked at
) STRICT;
INSERT INTO waiting (site_id, pending, reported, spam)
	SELECT site_id, sum(status = 'pending'), sum(status = 'published'), sum(status = 'spam') FROM comments WHERE waits = 1 GROUP BY site_id;
-- +goose StatementBegin
CREATE TRIGGER waiting_comes AFTER INSERT ON comments WHEN new.waits = 1 BEGIN
	INSERT INTO waiting (site_id, pending, reported, spam) VALUES (new.site_id, new.status = 'pending', new.status = 'published', new.status = 'spam')
		ON CONFLICT DO UPDATE SET pending = pending + excluded.pending, reported = reported + excluded.reported, spam = spam + excluded.spam;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER waiting_moves AFTER UPDATE OF status, reports, decided ON comments WHEN old.waits <> new.waits OR new.waits = 1 AND old.status <> new.status BEGIN
	UPDATE waiting SET pending = pending - (old.status = 'pending'), reported = reported - (old.status = 'published'), spam = spam - (old.status = 'spam')
		WHERE site_id = old.site_id AND old.waits = 1;
	INSERT INTO waiting (site_id, pending, reported, spam) SELECT new.site_id, new.status = 'pending', new.status = 'published', new.status = 'spam' WHERE new.waits = 1
		ON CONFLICT DO UPDATE SET pending = pending + excluded.pending, reported = reported + excluded.reported, spam = spam + excluded.spam;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER waiting_goes AFTER DELETE ON comments WHEN old.waits = 1 BEGIN
	UPDATE waiting SET pending = pending - (old.status = 'pending'), reported = reported - (old.status = 'published'), spam = spam - (old.status = 'spam') WHERE site_id = old.site_id;
END;
-- +goose StatementEnd
