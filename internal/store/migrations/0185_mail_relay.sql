-- +goose Up
-- Whether the mail server takes our mail is noted, so that the dashboard can say it.
CREATE TABLE mail_relay (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	taken    INTEGER NOT NULL DEFAULT 0, -- when it last took a mail; 0: never
	refused  INTEGER NOT NULL DEFAULT 0, -- when it last did not, for a reason that is not the addressee's; 0: never
	why      TEXT NOT NULL DEFAULT ''    -- that it said then
) STRICT;
INSERT INTO mail_relay (id) VALUES (1);
