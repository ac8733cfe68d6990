-- +goose Up
-- People can have their notifications pushed to their devices, outside the hours in which they want quiet; nothing that is there changes by the upgrade.

-- Browsers that take messages for an account, until it revokes them or they are gone.
CREATE TABLE push_devices (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	endpoint   TEXT NOT NULL UNIQUE, -- at the browser's push service; whoever knows it alone can send nothing
	key        BLOB NOT NULL,        -- the device's, to encrypt for it
	auth       BLOB NOT NULL,
	name       TEXT NOT NULL,        -- of browser and system
	created    INTEGER NOT NULL,
	used       INTEGER               -- when a message was handed over last
) STRICT;
CREATE INDEX push_devices_account ON push_devices (account_id);

-- What an account wants of such messages; no row: no quiet hours, and no text.
CREATE TABLE push_choices (
	account_id  INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
	quiet_from  INTEGER NOT NULL, -- minutes after midnight; as quiet_until: none
	quiet_until INTEGER NOT NULL,
	zone        TEXT NOT NULL,    -- by the name of the time zone database
	text        INTEGER NOT NULL  -- what was written is shown
) STRICT;
