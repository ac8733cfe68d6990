-- +goose Up
-- What was erased for good, by its id: a backup from before is told of it when it
-- is put in place. ledgered says that the ledger beside the backups has it too.
CREATE TABLE erasures (
	what     TEXT NOT NULL CHECK (what IN ('comment', 'withdrawn', 'account', 'site')),
	target   INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	ledgered INTEGER NOT NULL DEFAULT 0 CHECK (ledgered IN (0, 1)),
	PRIMARY KEY (what, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_waiting ON erasures (at) WHERE ledgered = 0; -- what the ledger lacks
-- Which database this is: the ledger of another one is none of its own.
INSERT INTO keys (name, key, created) VALUES ('database', randomblob(16), 0);
