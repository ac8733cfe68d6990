-- +goose Up
-- Who sends a notice of illegal content is answered by mail: in whose language,
-- and whether that has happened. What was answered before is not told of now.
ALTER TABLE notices ADD COLUMN lang TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
UPDATE notices SET told = 1 WHERE outcome <> '';
CREATE INDEX notices_told ON notices (answered) WHERE told = 0 AND outcome <> '';
UPDATE comments SET place = place - 994 WHERE reports > 0 AND id IN (SELECT comment_id FROM notices WHERE outcome = ''); -- they come first now
