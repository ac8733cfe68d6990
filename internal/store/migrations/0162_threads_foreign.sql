-- +goose Up
-- A thread that an import brought is known by what it was called there, also
-- where a later run gives it another address.
CREATE INDEX threads_foreign ON threads (site_id, source, foreign_id) WHERE source IS NOT NULL;
