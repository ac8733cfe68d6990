-- +goose Up
-- Mail about replies also once an hour: a CHECK is changed by a new table.
CREATE TABLE mail_choices_with_hourly (
	author_id INTEGER PRIMARY KEY REFERENCES authors (id) ON DELETE CASCADE,
	replies   TEXT NOT NULL DEFAULT 'now' CHECK (replies IN ('now', 'hourly', 'daily', 'off')), -- and mentions and followed threads
	outcomes  TEXT NOT NULL DEFAULT 'now' CHECK (outcomes IN ('now', 'off')),
	waiting   TEXT NOT NULL DEFAULT 'now' CHECK (waiting IN ('now', 'off'))
) STRICT;
INSERT INTO mail_choices_with_hourly (author_id, replies, outcomes, waiting) SELECT author_id, replies, outcomes, waiting FROM mail_choices;
DROP TABLE mail_choices;
ALTER TABLE mail_choices_with_hourly RENAME TO mail_choices;
