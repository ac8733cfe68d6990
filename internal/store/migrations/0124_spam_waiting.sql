-- +goose Up
-- The count of spam that waits for a look: of one site, without a look at what else waits.
CREATE INDEX comments_spam_waiting ON comments (site_id) WHERE waits = 1 AND status = 'spam';
