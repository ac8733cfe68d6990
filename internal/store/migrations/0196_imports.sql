-- +goose Up
-- Imports have a number from now on, and can be undone by it.
-- What an import brought are the rows with its source and an id between its first
-- and its last: ids grow, and no two imports of one source into one site run at once.
CREATE TABLE imports (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	site_id  INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	source   TEXT NOT NULL, -- the format; '' while nobody knows it yet
	name     TEXT NOT NULL, -- of the file or files, without a path; '' once forgotten
	size     INTEGER NOT NULL,
	digest   BLOB NOT NULL, -- of the file: a run that was cut short is known by it
	state    TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'applying', 'done', 'failed', 'undone')),
	by_id    INTEGER REFERENCES accounts (id) ON DELETE SET NULL, -- NULL: by a command on the server, or by somebody who is gone
	created  INTEGER NOT NULL,
	started  INTEGER,
	ended    INTEGER,
	undoing  INTEGER, -- since when it is being undone; one that was cut short goes on
	undone   INTEGER,
	runner   BLOB,    -- who works on it; NULL: nobody
	beat     INTEGER NOT NULL DEFAULT 0, -- when the runner was last at work
	first_id INTEGER NOT NULL DEFAULT 0, -- of the rows that it made
	last_id  INTEGER NOT NULL DEFAULT 0,
	threads  INTEGER NOT NULL DEFAULT 0, -- that it made
	comments INTEGER NOT NULL DEFAULT 0,
	people   INTEGER NOT NULL DEFAULT 0,
	gone_threads  INTEGER NOT NULL DEFAULT 0, -- that its undo has removed
	gone_comments INTEGER NOT NULL DEFAULT 0,
	gone_people   INTEGER NOT NULL DEFAULT 0,
	report   TEXT NOT NULL DEFAULT '', -- JSON: of the import
	undo     TEXT NOT NULL DEFAULT '', -- JSON: of its undo
	spool    TEXT -- the file that is being sent, among the server's own; NULL: none
) STRICT;
CREATE INDEX imports_site ON imports (site_id, id);                     -- a site's list
CREATE INDEX imports_by ON imports (by_id) WHERE by_id IS NOT NULL;     -- for the foreign key
CREATE INDEX imports_ended ON imports (ended) WHERE name <> '' OR report <> '' OR undo <> ''; -- retention

-- Which import gave a thread that was there before a further key.
ALTER TABLE aliases ADD COLUMN import_id INTEGER;
CREATE INDEX aliases_import ON aliases (import_id) WHERE import_id IS NOT NULL;

-- What is in a thread, in view or not, so that one can be deleted without a look at
-- every comment there is; and still what a page's list goes by.
DROP INDEX comments_flat_time;
CREATE INDEX comments_flat_time ON comments (thread_id, shown, created, id);

-- Ids of events only grow, also where the newest are deleted with their thread:
-- other processes are followed by them.
CREATE TABLE events_floor (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	event INTEGER NOT NULL
) STRICT;
INSERT INTO events_floor (id, event) VALUES (1, 0);
