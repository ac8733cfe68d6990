-- +goose Up
-- What is left of the budgets that guard signing in and posting, over a restart.
-- A bucket is named by its purpose and a keyed hash of whose it is.
CREATE TABLE rates (
	bucket TEXT PRIMARY KEY,
	left   REAL NOT NULL,
	at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
