-- +goose Up
-- Questions to outside services have a worker of their own, which claims them
-- site by site; the message that something waits is owed once a site.
ALTER TABLE jobs ADD COLUMN site_id INTEGER GENERATED ALWAYS AS
	(CASE WHEN kind IN ('ask', 'waiting') THEN json_extract(payload, '$.site') END) VIRTUAL;
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE failed IS NULL AND kind <> 'ask';
CREATE INDEX jobs_questions ON jobs (site_id, run_at, id) WHERE failed IS NULL AND kind = 'ask';
CREATE INDEX jobs_waiting ON jobs (site_id) WHERE failed IS NULL AND kind = 'waiting';
CREATE INDEX jobs_failed ON jobs (run_at, id) WHERE failed IS NOT NULL; -- what was given up: shown, then swept

-- Who sent a notice is dropped some time after it was answered, the notice
-- later; and at once where an account of that address is erased.
CREATE INDEX notices_answered ON notices (answered) WHERE answered IS NOT NULL;
CREATE INDEX notices_open ON notices (created) WHERE outcome = '';
CREATE INDEX notices_named ON notices (answered) WHERE answered IS NOT NULL AND email <> '';
CREATE INDEX notices_email ON notices (lower(email)) WHERE email <> '';

CREATE INDEX comments_person ON comments (author_id); -- and by id: what a person wrote, newest first

-- What the sweep follows: texts that were refused, what was decided long ago.
CREATE INDEX comments_refused ON comments (status, max(created, coalesce(edited, 0), coalesce(decided, 0))) WHERE waits = 0 AND status <> 'published' AND body <> '';
CREATE INDEX comments_decision ON comments (decided) WHERE decider_id IS NOT NULL;
CREATE INDEX audit_log_age ON audit_log (at, id);
CREATE INDEX audit_log_actor ON audit_log (actor_id) WHERE actor_id <> 0; -- erasure

-- A guest's confirmed address counts for the browser that left it, and no other.
ALTER TABLE guest_mail ADD COLUMN mark BLOB; -- as in guest_marks; NULL: the browser kept nothing
UPDATE guest_mail SET mark = (SELECT token FROM guest_marks WHERE comment_id = guest_mail.comment_id);
