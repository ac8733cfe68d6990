-- +goose Up
-- Until when somebody's reports count for nothing, because a moderator has
-- found that they reported together and without cause; 0: they count.
ALTER TABLE authors ADD COLUMN reports_discounted INTEGER NOT NULL DEFAULT 0;
