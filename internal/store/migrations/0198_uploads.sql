-- +goose Up
-- Imports can be made in the dashboard; nothing that is there changes by the upgrade.
ALTER TABLE imports ADD COLUMN how TEXT NOT NULL DEFAULT '';      -- JSON: how the file is read
ALTER TABLE imports ADD COLUMN received INTEGER NOT NULL DEFAULT 0; -- bytes of the file that have come
ALTER TABLE imports ADD COLUMN part INTEGER NOT NULL DEFAULT 0;     -- bytes of one part of it: of all but the last
ALTER TABLE imports ADD COLUMN job TEXT NOT NULL DEFAULT '' CHECK (job IN ('', 'read', 'apply', 'undo')); -- what the server is at, and goes on with after a restart
ALTER TABLE imports ADD COLUMN job_by INTEGER REFERENCES accounts (id) ON DELETE SET NULL; -- who has asked for it
ALTER TABLE imports ADD COLUMN trouble TEXT NOT NULL DEFAULT '';    -- why it failed, or stopped, in a sentence
ALTER TABLE imports ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;  -- when somebody last went on with it in the dashboard
CREATE INDEX imports_job_by ON imports (job_by) WHERE job_by IS NOT NULL; -- for the foreign key
CREATE INDEX imports_open ON imports (id) WHERE spool IS NOT NULL OR job <> '';
