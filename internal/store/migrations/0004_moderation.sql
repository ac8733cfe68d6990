-- +goose Up
-- What judgement, the inbox, people and the audit log need.

-- Two more roles. The old column's CHECK goes with it.
ALTER TABLE authors ADD COLUMN part TEXT NOT NULL DEFAULT 'member' CHECK (part IN ('member', 'auditor', 'staff', 'moderator', 'admin'));
UPDATE authors SET part = role;
ALTER TABLE authors DROP COLUMN role;
ALTER TABLE authors RENAME COLUMN part TO role;
ALTER TABLE authors ADD COLUMN trust INTEGER NOT NULL DEFAULT 0 CHECK (trust BETWEEN 0 AND 3); -- by hand: the level it never falls under
ALTER TABLE authors ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE authors ADD COLUMN seen INTEGER; -- the last post
UPDATE authors SET seen = (SELECT max(created) FROM comments WHERE author_id = authors.id);
CREATE INDEX authors_seen ON authors (site_id, seen, id); -- the People screen
CREATE INDEX authors_staff ON authors (site_id, role) WHERE role <> 'member';

ALTER TABLE threads ADD COLUMN mode TEXT NOT NULL DEFAULT '' CHECK (mode IN ('', 'publish', 'newcomers', 'guests', 'links', 'all')); -- '': the site's
ALTER TABLE threads ADD COLUMN slow INTEGER NOT NULL DEFAULT 0; -- seconds between two comments of one author
ALTER TABLE threads ADD COLUMN closes INTEGER; -- when it closes by itself
CREATE INDEX threads_new ON threads (site_id, created, id); -- the Threads screen

ALTER TABLE comments ADD COLUMN place REAL NOT NULL DEFAULT 0;  -- in the inbox: minus the risk, so that the most urgent and among equals the oldest is first
ALTER TABLE comments ADD COLUMN weight REAL NOT NULL DEFAULT 0; -- of the open reports
ALTER TABLE comments ADD COLUMN trace TEXT NOT NULL DEFAULT ''; -- discuss.Trace as JSON; '' where every check was silent
ALTER TABLE comments ADD COLUMN likeness INTEGER NOT NULL DEFAULT 0; -- same folded text, same number; 0 for short ones
ALTER TABLE comments ADD COLUMN decided INTEGER; -- when a person decided last
ALTER TABLE comments ADD COLUMN decider_id INTEGER;
ALTER TABLE comments ADD COLUMN reason TEXT NOT NULL DEFAULT ''; -- of that decision, shown to the author
ALTER TABLE comments ADD COLUMN network BLOB; -- keyed hash of the author's network
ALTER TABLE comments ADD COLUMN waits INTEGER GENERATED ALWAYS AS
	(CASE WHEN status = 'pending' OR status = 'published' AND reports > 0 OR status = 'spam' AND decided IS NULL THEN 1 ELSE 0 END) VIRTUAL;
CREATE INDEX comments_inbox ON comments (site_id, place, id) WHERE waits = 1;
CREATE INDEX comments_inbox_pending ON comments (site_id, place, id) WHERE status = 'pending';
CREATE INDEX comments_inbox_reported ON comments (site_id, place, id) WHERE status = 'published' AND reports > 0;
CREATE INDEX comments_inbox_age ON comments (site_id, created, id) WHERE waits = 1;
CREATE INDEX comments_site ON comments (site_id, id); -- the newest of a site, whatever their state
CREATE INDEX comments_decided ON comments (site_id, decided, id) WHERE decided IS NOT NULL;
CREATE INDEX comments_author ON comments (author_id, created, id); -- pace, record, a person's comments
CREATE INDEX comments_author_decided ON comments (author_id, decided) WHERE decided IS NOT NULL;
CREATE INDEX comments_like ON comments (site_id, likeness, created) WHERE likeness <> 0;

ALTER TABLE reports ADD COLUMN weight REAL NOT NULL DEFAULT 1;
ALTER TABLE reports ADD COLUMN network BLOB;
ALTER TABLE reports ADD COLUMN agreed INTEGER CHECK (agreed IN (0, 1)); -- what the decision said of it; NULL while open
CREATE INDEX reports_author ON reports (author_id, agreed) WHERE agreed IS NOT NULL; -- accuracy
CREATE INDEX reports_age ON reports (created);

-- Notices of illegal content need no account; the receipt is how they are answered.
CREATE TABLE notices (
	id         INTEGER PRIMARY KEY,
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
	receipt    TEXT NOT NULL UNIQUE,
	name       TEXT NOT NULL,
	email      TEXT NOT NULL,
	law        TEXT NOT NULL, -- what is said to be illegal, and why
	good_faith INTEGER NOT NULL CHECK (good_faith IN (0, 1)),
	outcome    TEXT NOT NULL DEFAULT '', -- '' while open
	created    INTEGER NOT NULL,
	answered   INTEGER
) STRICT;
CREATE INDEX notices_comment ON notices (comment_id);

-- Words and rules: each change is a new version, so that a trace can say which one judged.
CREATE TABLE policies (
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	version INTEGER NOT NULL,
	data    TEXT NOT NULL CHECK (json_valid(data)),
	at      INTEGER NOT NULL,
	PRIMARY KEY (site_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE bans (
	id         INTEGER PRIMARY KEY,
	site_id    INTEGER REFERENCES sites (id) ON DELETE CASCADE, -- NULL: the whole instance
	author_id  INTEGER REFERENCES authors (id) ON DELETE CASCADE,
	account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
	email      TEXT NOT NULL DEFAULT '', -- an address's domain
	low        BLOB, -- first and last address of a range, 16 bytes
	high       BLOB,
	shown      TEXT NOT NULL DEFAULT '', -- the range as it was written
	reason     TEXT NOT NULL,
	until      INTEGER, -- NULL: for good
	lifted     INTEGER,
	created    INTEGER NOT NULL
) STRICT;
CREATE INDEX bans_author ON bans (author_id) WHERE author_id IS NOT NULL AND lifted IS NULL;
CREATE INDEX bans_account ON bans (account_id) WHERE account_id IS NOT NULL AND lifted IS NULL;
CREATE INDEX bans_email ON bans (email) WHERE email <> '' AND lifted IS NULL;
CREATE INDEX bans_range ON bans (low, high) WHERE low IS NOT NULL AND lifted IS NULL;
CREATE INDEX bans_site ON bans (site_id, id);

CREATE TABLE notes (
	id        INTEGER PRIMARY KEY,
	author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	writer_id INTEGER NOT NULL,
	kind      TEXT NOT NULL CHECK (kind IN ('note', 'warning')),
	text      TEXT NOT NULL,
	seen      INTEGER, -- warning: when it was acknowledged
	created   INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_author ON notes (author_id, id);

-- Which networks an author posts from: a hash under a key that changes monthly, and for a week its prefix.
CREATE TABLE networks (
	author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	hash      BLOB NOT NULL,
	prefix    TEXT NOT NULL, -- '' once a week has passed
	seen      INTEGER NOT NULL,
	PRIMARY KEY (author_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX networks_hash ON networks (hash, seen);
CREATE INDEX networks_age ON networks (seen);

-- Keys that the instance makes for itself.
CREATE TABLE keys (
	name    TEXT PRIMARY KEY,
	key     BLOB NOT NULL,
	created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE undos (
	token   BLOB PRIMARY KEY, -- SHA-256
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	actor   INTEGER NOT NULL,
	data    TEXT NOT NULL CHECK (json_valid(data)),
	expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX undos_age ON undos (expires);

-- The audit log: digests are chained and stay, texts can be erased.
CREATE TABLE audit_log (
	id       INTEGER PRIMARY KEY, -- 1, 2, 3, ... without a gap
	site_id  INTEGER NOT NULL,
	actor_id INTEGER NOT NULL,
	action   TEXT NOT NULL,
	kind     TEXT NOT NULL, -- of what was acted on
	target   INTEGER NOT NULL,
	rule     INTEGER NOT NULL, -- version of the policy
	digest   BLOB NOT NULL, -- of the texts, salted
	at       INTEGER NOT NULL,
	prev     BLOB NOT NULL,
	hash     BLOB NOT NULL
) STRICT;
CREATE INDEX audit_log_site ON audit_log (site_id, id);
CREATE INDEX audit_log_target ON audit_log (kind, target, id);
CREATE TABLE audit_texts (
	id     INTEGER PRIMARY KEY REFERENCES audit_log (id),
	salt   BLOB NOT NULL,
	actor  TEXT NOT NULL, -- the name at that time
	reason TEXT NOT NULL,
	note   TEXT NOT NULL,
	before TEXT NOT NULL,
	after  TEXT NOT NULL
) STRICT;
