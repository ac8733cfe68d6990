-- +goose Up
-- What is reported and not answered, for the search by "is:reported".
CREATE INDEX reports_open ON reports (comment_id) WHERE open = 1;
