package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"parley/internal/discuss"
)

// settings is how a site's settings stand in the file.
type settings struct {
	Guests       bool   `json:"guests"`
	Hold         string `json:"hold"`
	View         string `json:"view"`
	Sort         string `json:"sort"`
	MaxRunes     int    `json:"max_length"`
	EditSeconds  int    `json:"edit_seconds"`
	Votes        string `json:"votes"`
	MaxDepth     int    `json:"max_depth"`
	Registration bool   `json:"registration"`
	Standards    string `json:"standards_url"`

	Moderation discuss.Moderation `json:"moderation"`
	SignIn     discuss.SignIn     `json:"sign_in"`
	Threads    string             `json:"threads,omitempty"`
	Presence   bool               `json:"presence"`

	ClosedPaths []string `json:"closed_paths,omitempty"`
	Team        string   `json:"team_name,omitempty"`
	Reactions   []string `json:"reactions,omitempty"`
	Picks       string   `json:"picks"`
	Images      string   `json:"images,omitempty"`
	Write       []string `json:"write,omitempty"`
	Subscribe   string   `json:"subscribe_url,omitempty"`
	Profiles    bool     `json:"profiles,omitempty"`
	Ask         bool     `json:"ask_standards,omitempty"`
	BlurImages  string   `json:"blur_images"`
}

func encodeSettings(v discuss.Settings) (string, error) {
	b, err := json.Marshal(settings{
		v.Guests, v.Hold, string(v.View), string(v.Sort), v.MaxRunes, v.EditSeconds, v.Votes, v.MaxDepth, v.Registration, v.Standards, v.Moderation, v.SignIn, v.Threads, v.Presence, v.ClosedPaths, v.Team, v.Reactions, v.Picks, v.Images, v.Write, v.Subscribe, v.Profiles, v.AskStandards, v.BlurImages,
	})
	return string(b), err
}

func decodeSettings(s string) (discuss.Settings, error) {
	d := discuss.DefaultSettings()
	v := settings{d.Guests, d.Hold, string(d.View), string(d.Sort), d.MaxRunes, d.EditSeconds, d.Votes, d.MaxDepth, d.Registration, d.Standards, d.Moderation, d.SignIn, d.Threads, d.Presence, d.ClosedPaths, d.Team, d.Reactions, d.Picks, d.Images, d.Write, d.Subscribe, d.Profiles, d.AskStandards, d.BlurImages}
	err := json.Unmarshal([]byte(s), &v)
	return discuss.Settings{
		Guests: v.Guests, Hold: v.Hold, View: discuss.View(v.View), Sort: discuss.Sort(v.Sort), MaxRunes: v.MaxRunes,
		EditSeconds: v.EditSeconds, Votes: v.Votes, MaxDepth: v.MaxDepth, Registration: v.Registration, Standards: v.Standards, Moderation: v.Moderation, SignIn: v.SignIn, Threads: v.Threads, Presence: v.Presence, ClosedPaths: v.ClosedPaths, Team: v.Team, Reactions: v.Reactions, Picks: v.Picks,
		Images: v.Images, BlurImages: v.BlurImages, Write: v.Write, Subscribe: v.Subscribe, Profiles: v.Profiles, AskStandards: v.Ask,
	}, err
}

// siteColumns carries the origins as one JSON array.
const siteColumns = `id, key, name, settings, created, coalesce(archived, 0), coalesce(delete_at, 0), (SELECT json_group_array(origin) FROM origins WHERE site_id = sites.id)`

func scanSite(row scanner) (discuss.Site, error) {
	var s discuss.Site
	var set, origins string
	var created, archived, deletes int64
	if err := row.Scan(&s.ID, &s.Key, &s.Name, &set, &created, &archived, &deletes, &origins); err != nil {
		return s, found(err)
	}
	s.Created, s.Archived, s.Deletes = fromMillis(created), fromMillis(archived), fromMillis(deletes)
	var err error
	if s.Settings, err = decodeSettings(set); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(origins), &s.Origins)
}

// SiteByKey reads a site with its origins and settings.
func (s *Store) SiteByKey(ctx context.Context, key string) (discuss.Site, error) {
	return scanSite(s.first(ctx, `SELECT `+siteColumns+` FROM sites WHERE key = ?1`, key))
}

// SiteByID reads a site with its origins and settings.
func (s *Store) SiteByID(ctx context.Context, id discuss.ID) (discuss.Site, error) {
	return scanSite(s.first(ctx, `SELECT `+siteColumns+` FROM sites WHERE id = ?1`, id))
}

// Site reads a site inside a write.
func (t *Tx) Site(id discuss.ID) (discuss.Site, error) {
	return scanSite(t.w.queryRow(`SELECT `+siteColumns+` FROM sites WHERE id = ?1`, id))
}

// SiteKeyTaken reports whether there is a site with a key.
func (t *Tx) SiteKeyTaken(key string) (taken bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM sites WHERE key = ?1)`, []any{key}, &taken)
	return taken, err
}

// Sites lists all sites by key.
func (s *Store) Sites(ctx context.Context) ([]discuss.Site, error) {
	rows, err := s.query(ctx, `SELECT `+siteColumns+` FROM sites ORDER BY key`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.Site
	for rows.Next() {
		site, err := scanSite(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, site)
	}
	return out, rows.Err()
}

// PutSite adds a site, or changes the one with its key, origins included.
func (s *Store) PutSite(ctx context.Context, site discuss.Site) (discuss.Site, error) {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		if site.ID == 0 {
			site.ID, site.Created = tx.NextID(), tx.Now()
		}
		return tx.putSite(&site)
	})
	return site, err
}

// putSite adds or changes a site inside a write.
func (t *Tx) putSite(site *discuss.Site) error {
	set, err := encodeSettings(site.Settings)
	if err != nil {
		return err
	}
	if err := t.get(`INSERT INTO sites (id, key, name, settings, created) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (key) DO UPDATE SET name = excluded.name, settings = excluded.settings RETURNING id`,
		[]any{site.ID, site.Key, site.Name, set, millis(site.Created)}, &site.ID); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM origins WHERE site_id = ?1`, site.ID); err != nil {
		return err
	}
	for _, o := range site.Origins {
		if err := t.exec(`INSERT INTO origins (site_id, origin) VALUES (?1, ?2) ON CONFLICT DO NOTHING`, site.ID, o); err != nil {
			return err
		}
	}
	return nil
}

// setSiteLife notes since when a site is archived and when it will be deleted.
func (t *Tx) setSiteLife(c discuss.SetSiteLife) error {
	return t.execOne(`UPDATE sites SET archived = nullif(?2, 0), delete_at = nullif(?3, 0) WHERE id = ?1`, c.Site, zeroMillis(c.Archived), zeroMillis(c.Deletes))
}

// zeroMillis is 0 for no time.
func zeroMillis(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return millis(at)
}

const threadColumns = `t.id, t.site_id, t.key, t.url, t.title, t.state, t.count, t.seq, t.created, t.mode, t.slow, t.closes,
	CASE WHEN t.url_by IS NULL THEN 0 WHEN t.url_by = 0 THEN 2 ELSE 1 END, CASE WHEN t.title_by IS NULL THEN 0 WHEN t.title_by = 0 THEN 2 ELSE 1 END, coalesce(t.merged_into, 0)`

const (
	threadByKey   = `SELECT ` + threadColumns + ` FROM threads t WHERE t.site_id = ?1 AND t.key = ?2`
	threadByAlias = `SELECT ` + threadColumns + ` FROM aliases a JOIN threads t ON t.id = a.thread_id WHERE a.site_id = ?1 AND a.key = ?2`
	threadByID    = `SELECT ` + threadColumns + ` FROM threads t WHERE t.id = ?1`
	readThread    = `SELECT ` + threadColumns + `, t.reactions FROM threads t WHERE t.id = ?1`
)

func scanThread(row scanner) (discuss.Thread, error) {
	var t discuss.Thread
	var created int64
	var closes sql.NullInt64
	err := row.Scan(&t.ID, &t.SiteID, &t.Key, &t.URL, &t.Title, (*string)(&t.State), &t.Count, &t.Seq, &created, &t.Mode, &t.Slow, &closes, &t.URLFrom, &t.TitleFrom, &t.Merged)
	t.Created = fromMillis(created)
	if closes.Valid {
		t.Closes = fromMillis(closes.Int64)
	}
	return t, found(err)
}

// ThreadByKey finds a thread by its key or by one of its aliases.
func (s *Store) ThreadByKey(ctx context.Context, site discuss.ID, key string) (discuss.Thread, error) {
	for _, q := range []string{threadByKey, threadByAlias} {
		t, err := scanThread(s.first(ctx, q, site, key))
		if discuss.KindOf(err) != discuss.NotFound {
			return t, err
		}
	}
	return discuss.Thread{}, discuss.ErrNotFound
}

// ThreadByID reads a thread.
func (s *Store) ThreadByID(ctx context.Context, id discuss.ID) (discuss.Thread, error) {
	var reactions string
	t, err := scanThread(extended{s.first(ctx, readThread, id), []any{&reactions}})
	t.Reactions = discuss.Reactions(reactions)
	return t, err
}

// What a write asks of a thread is without its counters, which every post changes.
var (
	steadyByKey   = strings.Replace(threadByKey, "t.count, t.seq", "0, 0", 1)
	steadyByAlias = strings.Replace(threadByAlias, "t.count, t.seq", "0, 0", 1)
)

// ThreadByKey finds a thread inside a write, by key or alias.
func (t *Tx) ThreadByKey(site discuss.ID, key string) (discuss.Thread, error) {
	th, err := scanThread(t.recall(steadyByKey, site, key))
	if discuss.KindOf(err) == discuss.NotFound {
		th, err = scanThread(t.recall(steadyByAlias, site, key))
	}
	return th, err
}

// Thread reads a thread inside a write.
func (t *Tx) Thread(id discuss.ID) (discuss.Thread, error) {
	return scanThread(t.w.queryRow(threadByID, id))
}

// insertThread adds a thread.
func (t *Tx) insertThread(th discuss.Thread) error {
	if err := t.exec(`INSERT INTO threads (id, site_id, key, url, title, state, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
		th.ID, th.SiteID, th.Key, th.URL, th.Title, string(th.State), millis(th.Created)); err != nil {
		return err
	}
	return t.exec(noteAlike, th.ID, th.SiteID)
}

// Counts returns the published comments of each key or alias that has a thread.
func (s *Store) Counts(ctx context.Context, site discuss.ID, keys []string) (map[string]int, error) {
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	rows, err := s.query(ctx, `SELECT j.value, coalesce(t.count, (SELECT at.count FROM aliases a JOIN threads at ON at.id = a.thread_id
		WHERE a.site_id = ?1 AND a.key = j.value))
		FROM json_each(?2) j LEFT JOIN threads t ON t.site_id = ?1 AND t.key = j.value`, site, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make(map[string]int, len(keys))
	for rows.Next() {
		var key string
		var n sql.NullInt64
		if err := rows.Scan(&key, &n); err != nil {
			return nil, err
		}
		out[key] = int(n.Int64)
	}
	return out, rows.Err()
}

// importedComment goes by the index that keeps an import from bringing a row twice.
const importedComment = `SELECT c.id FROM json_each(?2) j JOIN comments c ON c.site_id = ?1 AND c.source = j.value AND c.foreign_id = ?3 WHERE c.thread_id = ?4 AND c.shown = 1 LIMIT 1`

// ImportedComment finds a comment in view of a thread by the id that it had in one
// of the formats.
func (s *Store) ImportedComment(ctx context.Context, site discuss.ID, thread string, sources []string, foreign string) (id discuss.ID, err error) {
	th, err := s.ThreadByKey(ctx, site, thread)
	if err != nil {
		return 0, err
	}
	list, err := json.Marshal(sources)
	if err != nil {
		return 0, err
	}
	err = s.queryRow(ctx, importedComment, []any{site, string(list), foreign, th.ID}, &id)
	return id, err
}

// eventColumns read what readers are told; reactions as they are by now.
const eventColumns = `thread_id, seq, type, comment_id, root_id, parent_id, count, up, down, at, CASE type
	WHEN 'comment.reactions' THEN coalesce((SELECT reactions FROM comments c WHERE c.id = comment_id), '')
	WHEN 'thread.reactions' THEN (SELECT reactions FROM threads t WHERE t.id = events.thread_id) ELSE '' END`

func scanEvent(row scanner, id *int64) (discuss.Event, error) {
	var e discuss.Event
	var at int64
	var reactions string
	err := row.Scan(id, &e.ThreadID, &e.Seq, (*string)(&e.Type), &e.Comment, &e.Root, &e.Parent, &e.Count, &e.Up, &e.Down, &at, &reactions)
	e.At, e.Reactions = fromMillis(at), discuss.Reactions(reactions)
	return e, err
}

// EventsAfter returns a thread's events after a number; complete is false
// where the log no longer reaches back that far or holds more than limit.
func (s *Store) EventsAfter(ctx context.Context, thread discuss.ID, after int64, limit int) ([]discuss.Event, bool, error) {
	rows, err := s.query(ctx, `SELECT id, `+eventColumns+` FROM events WHERE thread_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3`, thread, after, limit+1)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	var out []discuss.Event
	for rows.Next() {
		var id int64
		e, err := scanEvent(rows, &id)
		if err != nil {
			return nil, false, err
		}
		out = append(out, e)
	}
	complete := len(out) <= limit && (len(out) == 0 || out[0].Seq == after+1)
	return out, complete, rows.Err()
}
