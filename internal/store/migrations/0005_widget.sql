-- +goose Up
-- What a reader keeps of a discussion: what he follows, whom he does not want
-- to read, what he took back a moment ago. And the site's standards.

CREATE TABLE follows (
	author_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	thread_id  INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
	comment_id INTEGER NOT NULL DEFAULT 0, -- 0: the whole thread; else the replies to this comment
	created    INTEGER NOT NULL,
	PRIMARY KEY (author_id, thread_id, comment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_thread ON follows (thread_id, comment_id, author_id); -- whom to tell

CREATE TABLE mutes (
	author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	muted_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	created   INTEGER NOT NULL,
	PRIMARY KEY (author_id, muted_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mutes_muted ON mutes (muted_id); -- for the foreign key

-- Comments that their authors deleted, for as long as that can be undone.
CREATE TABLE withdrawals (
	comment_id INTEGER PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
	status     TEXT NOT NULL CHECK (status IN ('published', 'pending')), -- before
	at         INTEGER NOT NULL
) STRICT;
CREATE INDEX withdrawals_age ON withdrawals (at);

-- Community standards: each change is a new version.
CREATE TABLE standards (
	site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	version INTEGER NOT NULL,
	body    TEXT NOT NULL, -- Markdown
	html    TEXT NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (site_id, version)
) STRICT, WITHOUT ROWID;
