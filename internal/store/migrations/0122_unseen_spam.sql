-- +goose Up
-- What the sweep follows: spam that nobody has looked at.
CREATE INDEX comments_unseen_spam ON comments (created) WHERE status = 'spam' AND waits = 1;
