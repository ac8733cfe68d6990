-- +goose Up
-- What people hear by mail.

-- No row is: at once, decisions and what waits included.
CREATE TABLE mail_choices (
	author_id INTEGER PRIMARY KEY REFERENCES authors (id) ON DELETE CASCADE,
	replies   TEXT NOT NULL DEFAULT 'now' CHECK (replies IN ('now', 'daily', 'off')), -- and mentions and followed threads
	outcomes  TEXT NOT NULL DEFAULT 'now' CHECK (outcomes IN ('now', 'off')),
	waiting   TEXT NOT NULL DEFAULT 'now' CHECK (waiting IN ('now', 'off'))
) STRICT;

-- A guest's address counts only once its owner has said so.
CREATE TABLE guest_mail (
	comment_id INTEGER PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
	site_id    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	email      TEXT NOT NULL,
	confirmed  INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1))
) STRICT;
CREATE INDEX guest_mail_email ON guest_mail (site_id, email);

-- One row per message owed or sent: a job that runs twice sends once, and caps count here.
CREATE TABLE mail_sent (
	key TEXT PRIMARY KEY,
	who TEXT NOT NULL, -- digest of the address
	at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_sent_who ON mail_sent (who, at);
CREATE INDEX mail_sent_age ON mail_sent (at);

-- What waits for somebody's daily message.
CREATE TABLE digests (
	author_id  INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
	comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
	why        TEXT NOT NULL CHECK (why IN ('reply', 'mention', 'thread')),
	created    INTEGER NOT NULL,
	PRIMARY KEY (author_id, comment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX digests_age ON digests (created);
CREATE INDEX digests_comment ON digests (comment_id);

CREATE INDEX keys_age ON keys (created);
