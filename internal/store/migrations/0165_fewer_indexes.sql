-- +goose Up
-- A new comment has no votes, so it has no place in the lists by rank: only what
-- has one stands in their indexes, and the rest follows by time. What is newest
-- of a site, published or not, is one index; so is what a person has written,
-- anywhere or in one thread.
DROP INDEX comments_root_rank;
DROP INDEX comments_root_heat;
DROP INDEX comments_flat_rank;
DROP INDEX comments_flat_heat;
DROP INDEX comments_reply_rank;
CREATE INDEX comments_root_rank ON comments (thread_id, branch, id) WHERE parent_id IS NULL AND shown = 1 AND branch > 0;
CREATE INDEX comments_root_heat ON comments (thread_id, heat, id) WHERE parent_id IS NULL AND shown = 1 AND heat > 0;
CREATE INDEX comments_flat_rank ON comments (thread_id, rank, id) WHERE shown = 1 AND rank > 0;
CREATE INDEX comments_flat_heat ON comments (thread_id, heat, id) WHERE shown = 1 AND heat > 0;
CREATE INDEX comments_reply_rank ON comments (root_id, rank) WHERE parent_id IS NOT NULL AND status = 'published' AND rank > 0;
DROP INDEX comments_latest;
DROP INDEX comments_site;
CREATE INDEX comments_site ON comments (site_id, created, id, status);
DROP INDEX comments_mine;
DROP INDEX comments_author;
CREATE INDEX comments_author ON comments (author_id, created, id, thread_id); -- pace, record, a person's comments
