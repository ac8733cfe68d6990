-- +goose Up
-- Accounts can be switched off: they sign in nowhere and hear nothing, and what they wrote stays.
ALTER TABLE accounts ADD COLUMN disabled INTEGER; -- since when; NULL: it is not
