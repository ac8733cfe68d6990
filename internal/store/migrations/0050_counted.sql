-- +goose Up
-- A newcomer's report is shown and hides nothing: whether one counts is
-- decided when it is made, not read out of its weight, which a member who is
-- often wrong may have as low as a newcomer.
ALTER TABLE reports ADD COLUMN counts INTEGER NOT NULL DEFAULT 1;
UPDATE reports SET counts = 0 WHERE weight <= 1;
UPDATE comments SET weight = coalesce((SELECT sum(w) FROM (SELECT max(weight) AS w FROM reports
	WHERE comment_id = comments.id AND open = 1 AND counts = 1 GROUP BY coalesce(network, CAST(author_id AS BLOB)))), 0)
	WHERE reports > 0;

-- Whether votes have changed, or only what weighs on the rank: that is told to
-- readers where it changes the order.
ALTER TABLE tallies_due ADD COLUMN voted INTEGER NOT NULL DEFAULT 1;
INSERT INTO tallies_due (comment_id, thread_id, voted) SELECT id, thread_id, 0 FROM comments WHERE reports > 0 ON CONFLICT DO NOTHING;
