-- +goose Up
-- The head of the audit log goes by mail once a day to those who look after
-- the instance, unless they have said no.
ALTER TABLE accounts ADD COLUMN heads INTEGER NOT NULL DEFAULT 1 CHECK (heads IN (0, 1));
