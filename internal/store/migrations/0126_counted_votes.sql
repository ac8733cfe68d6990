-- +goose Up
-- What newcomers vote is shown and counts for neither rank nor folding: their
-- part of each tally is kept beside it. low says that members have voted a
-- comment down; it is settled with the rank.
ALTER TABLE votes ADD COLUMN counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1));
ALTER TABLE comments ADD COLUMN fresh_up INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN fresh_down INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN low INTEGER NOT NULL DEFAULT 0 CHECK (low IN (0, 1));
INSERT INTO tallies_due (comment_id, thread_id, voted) SELECT id, thread_id, 0 FROM comments WHERE down > 5 ON CONFLICT DO NOTHING;
