-- +goose Up
-- Who wants the head of the audit log by mail: those who have asked. The column
-- that had everybody hear (heads) stays for a release before this one.
ALTER TABLE accounts ADD COLUMN audit_mail INTEGER NOT NULL DEFAULT 0 CHECK (audit_mail IN (0, 1));
