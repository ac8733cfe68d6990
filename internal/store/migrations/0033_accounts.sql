-- +goose Up
-- An account's memberships of all sites: its own page, a new name or picture,
-- erasure, and the foreign key. The index of 0001 begins with the site.
CREATE INDEX authors_of_account ON authors (account_id) WHERE account_id IS NOT NULL;
