-- +goose Up
-- An image that was found to be illegal is erased for good: a backup from before is
-- told of it too, by the first 60 bits of its id.
CREATE TABLE erasures_new (
	what     TEXT NOT NULL CHECK (what IN ('comment', 'withdrawn', 'account', 'site', 'image')),
	target   INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	ledgered INTEGER NOT NULL DEFAULT 0 CHECK (ledgered IN (0, 1)),
	PRIMARY KEY (what, target)
) STRICT, WITHOUT ROWID;
INSERT INTO erasures_new SELECT what, target, at, ledgered FROM erasures;
DROP TABLE erasures;
ALTER TABLE erasures_new RENAME TO erasures;
CREATE INDEX erasures_waiting ON erasures (at) WHERE ledgered = 0; -- what the ledger lacks
