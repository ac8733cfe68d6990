-- +goose Up
-- Signing out of a browser ends the messages to it, too.
ALTER TABLE push_devices ADD COLUMN session BLOB; -- SHA-256 of the session that let it in; NULL: not known
CREATE INDEX push_devices_session ON push_devices (session) WHERE session IS NOT NULL;
