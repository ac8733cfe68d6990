-- +goose Up
-- Times are milliseconds since 1970, ids are discuss.ID. Every index says
-- which list it is for; a test asks EXPLAIN QUERY PLAN that they are used.

CREATE TABLE sites (
	id       INTEGER PRIMARY KEY,
	key      TEXT NOT NULL UNIQUE,
	name     TEXT NOT NULL,
	settings TEXT NOT NULL CHECK (json_valid(settings)),
	created  INTEGER NOT NULL
) STRICT;

CREATE TABLE origins (
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	origin  TEXT NOT NULL, -- scheme://host[:port], lower case
	PRIMARY KEY (site_id, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
	id       INTEGER PRIMARY KEY,
	email    TEXT NOT NULL UNIQUE, -- lower case; the name that logs in
	name     TEXT NOT NULL,
	password TEXT NOT NULL,        -- argon2id, '' for none
	verified INTEGER,              -- when the address was proved; NULL: cannot log in
	operator INTEGER NOT NULL DEFAULT 0 CHECK (operator IN (0, 1)),
	created  INTEGER NOT NULL
) STRICT;

-- An author is a person on one site: an account's membership, a guest, or
-- somebody an importer brought. Bans, roles and trust are per site.
CREATE TABLE authors (
	id         INTEGER PRIMARY KEY,
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	account_id INTEGER REFERENCES accounts (id) ON DELETE SET NULL,
	kind       TEXT NOT NULL CHECK (kind IN ('member', 'guest', 'imported')),
	name       TEXT NOT NULL,
	skeleton   TEXT NOT NULL, -- look-alike names have the same one
	role       TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'moderator', 'admin')),
	published  INTEGER NOT NULL DEFAULT 0,
	source     TEXT,          -- imported: format and the person's id there
	foreign_id TEXT,
	created    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX authors_account ON authors (site_id, account_id) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX authors_guest ON authors (site_id, name) WHERE kind = 'guest';
CREATE UNIQUE INDEX authors_foreign ON authors (site_id, source, foreign_id) WHERE source IS NOT NULL;
CREATE INDEX authors_name ON authors (site_id, skeleton) WHERE kind = 'member';

CREATE TABLE threads (
	id         INTEGER PRIMARY KEY,
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	key        TEXT NOT NULL,
	url        TEXT NOT NULL,
	title      TEXT NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('open', 'closed', 'read_only')),
	count      INTEGER NOT NULL DEFAULT 0, -- published comments
	seq        INTEGER NOT NULL DEFAULT 0, -- of the last event
	source     TEXT,
	foreign_id TEXT,
	created    INTEGER NOT NULL,
	UNIQUE (site_id, key)
) STRICT;

CREATE TABLE aliases (
	site_id   INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	key       TEXT NOT NULL,
	thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	PRIMARY KEY (site_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_thread ON aliases (thread_id);

CREATE TABLE comments (
	id         INTEGER PRIMARY KEY,
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	thread_id  INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	parent_id  INTEGER REFERENCES comments (id), -- NULL for a root
	root_id    INTEGER NOT NULL,                 -- its own id for a root
	depth      INTEGER NOT NULL,
	author_id  INTEGER NOT NULL REFERENCES authors (id),
	body       TEXT NOT NULL,
	html       TEXT NOT NULL,
	status     TEXT NOT NULL CHECK (status IN ('published', 'pending', 'rejected', 'spam', 'deleted')),
	shown      INTEGER NOT NULL CHECK (shown IN (0, 1)), -- published, or a tombstone with replies in view
	created    INTEGER NOT NULL,
	edited     INTEGER,
	up         INTEGER NOT NULL DEFAULT 0,
	down       INTEGER NOT NULL DEFAULT 0,
	replies    INTEGER NOT NULL DEFAULT 0, -- published direct replies
	kids       INTEGER NOT NULL DEFAULT 0, -- direct replies in view
	rank       REAL NOT NULL DEFAULT 0,    -- discuss.Best
	branch     REAL NOT NULL DEFAULT 0,    -- discuss.Branch; roots only
	heat       REAL NOT NULL DEFAULT 0,    -- discuss.Controversial
	reports    INTEGER NOT NULL DEFAULT 0, -- open ones
	featured   INTEGER NOT NULL DEFAULT 0 CHECK (featured IN (0, 1)),
	source     TEXT,
	foreign_id TEXT
) STRICT;
CREATE INDEX comments_root_time ON comments (thread_id, created, id) WHERE parent_id IS NULL AND shown = 1;
CREATE INDEX comments_root_rank ON comments (thread_id, branch, id) WHERE parent_id IS NULL AND shown = 1;
CREATE INDEX comments_root_heat ON comments (thread_id, heat, id) WHERE parent_id IS NULL AND shown = 1;
CREATE INDEX comments_flat_time ON comments (thread_id, created, id) WHERE shown = 1;
CREATE INDEX comments_flat_rank ON comments (thread_id, rank, id) WHERE shown = 1;
CREATE INDEX comments_flat_heat ON comments (thread_id, heat, id) WHERE shown = 1;
CREATE INDEX comments_reply_time ON comments (parent_id, created, id) WHERE parent_id IS NOT NULL AND shown = 1;
CREATE INDEX comments_reply_rank ON comments (root_id, rank) WHERE parent_id IS NOT NULL AND status = 'published';
CREATE INDEX comments_latest ON comments (site_id, created, id) WHERE status = 'published';
CREATE INDEX comments_queue ON comments (site_id, status, created, id) WHERE status <> 'published';
CREATE INDEX comments_reported ON comments (site_id, created, id) WHERE status = 'published' AND reports > 0;
CREATE INDEX comments_mine ON comments (author_id, thread_id);
CREATE INDEX comments_parent ON comments (parent_id) WHERE parent_id IS NOT NULL; -- for the foreign key
CREATE UNIQUE INDEX comments_foreign ON comments (site_id, source, foreign_id) WHERE source IS NOT NULL;

CREATE TABLE revisions (
	comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
	at         INTEGER NOT NULL,
	n          INTEGER NOT NULL,
	body       TEXT NOT NULL,
	html       TEXT NOT NULL,
	PRIMARY KEY (comment_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE votes (
	comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
	author_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	value      INTEGER NOT NULL CHECK (value IN (-1, 1)),
	PRIMARY KEY (comment_id, author_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX votes_author ON votes (author_id, comment_id);

-- Comments whose votes have changed and whose rank and public tally have not.
CREATE TABLE tallies_due (
	comment_id INTEGER PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
	thread_id  INTEGER NOT NULL
) STRICT;

CREATE TABLE reports (
	comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
	author_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	reason     TEXT NOT NULL,
	note       TEXT NOT NULL,
	open       INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
	created    INTEGER NOT NULL,
	PRIMARY KEY (comment_id, author_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
	id         INTEGER PRIMARY KEY, -- in commit order over the whole file
	thread_id  INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	seq        INTEGER NOT NULL,
	type       TEXT NOT NULL,
	comment_id INTEGER NOT NULL,
	root_id    INTEGER NOT NULL,
	parent_id  INTEGER NOT NULL,
	count      INTEGER NOT NULL,
	up         INTEGER NOT NULL,
	down       INTEGER NOT NULL,
	at         INTEGER NOT NULL,
	UNIQUE (thread_id, seq)
) STRICT;
CREATE INDEX events_age ON events (at);

CREATE TABLE jobs (
	id       INTEGER PRIMARY KEY,
	kind     TEXT NOT NULL,
	payload  TEXT NOT NULL CHECK (json_valid(payload)),
	run_at   INTEGER NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	failed   TEXT, -- why it was given up; NULL while it may still run
	created  INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE failed IS NULL;

CREATE TABLE idempotency (
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	actor   TEXT NOT NULL,
	key     TEXT NOT NULL,
	digest  BLOB NOT NULL,
	answer  BLOB NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (site_id, actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (at);

CREATE TABLE sessions (
	token      BLOB PRIMARY KEY, -- SHA-256
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	kind       TEXT NOT NULL CHECK (kind IN ('account', 'widget', 'bearer', 'program')),
	site_id    INTEGER REFERENCES sites (id) ON DELETE CASCADE, -- widget and bearer: the only site it is for
	scopes     TEXT NOT NULL DEFAULT '', -- program: what it may do, space-separated; '' for all that its account may
	created    INTEGER NOT NULL,
	expires    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_age ON sessions (expires);

-- Single-use secrets sent by mail or handed between two windows.
CREATE TABLE tickets (
	token      BLOB PRIMARY KEY, -- SHA-256
	kind       TEXT NOT NULL CHECK (kind IN ('verify', 'reset', 'popup', 'setup')),
	account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
	site_id    INTEGER REFERENCES sites (id) ON DELETE CASCADE,
	data       TEXT NOT NULL,
	created    INTEGER NOT NULL,
	expires    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_age ON tickets (expires);

CREATE TABLE audit (
	id         INTEGER PRIMARY KEY,
	site_id    INTEGER NOT NULL,
	actor_id   INTEGER NOT NULL,
	action     TEXT NOT NULL,
	comment_id INTEGER NOT NULL,
	reason     TEXT NOT NULL,
	note       TEXT NOT NULL,
	at         INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_site ON audit (site_id, id);
