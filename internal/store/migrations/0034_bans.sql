-- +goose Up
-- Who set a ban, and an index for the list of those that hold.
ALTER TABLE bans ADD COLUMN set_by INTEGER REFERENCES authors (id) ON DELETE SET NULL;
CREATE INDEX bans_holding ON bans (site_id, id) WHERE lifted IS NULL; -- the Bans screen; also those of every site, by NULL
CREATE INDEX bans_set_by ON bans (set_by) WHERE set_by IS NOT NULL; -- so that erasing an author need not read every ban
