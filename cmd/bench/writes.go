package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "github.com/mattn/go-sqlite3" // the raw limit
)

const (
	writers = 64
	people  = 16 // of whom the writers are, where a site's readers write
)

// rawInsert is the row of a comment and its places in the indexes; a bare
// program that makes only this is the older of the two limits.
const rawInsert = `INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created)
	VALUES (?1, 1, 1 + ?1 % {threads}, ?1, 0, 1 + ?1 % {people}, ?2, ?2, 'published', 1, ?1)`

// What else a post leaves: its event, the counters of its thread, its author
// and the comment that it answers, and the answer to its key.
const (
	rawReply = `INSERT INTO comments (id, site_id, thread_id, parent_id, root_id, depth, author_id, body, html, status, shown, created)
	VALUES (?1, 1, 1 + ?1 % {threads}, -1 - ?1 % {threads}, -1 - ?1 % {threads}, 1, 1 + ?1 % {people}, ?2, ?2, 'published', 1, ?1)`
	rawParent = `UPDATE comments SET replies = replies + 1, kids = kids + length(?2) / length(?2) WHERE id = -1 - ?1 % {threads}`
	rawEvent  = `INSERT INTO events (thread_id, seq, type, comment_id, root_id, parent_id, count, up, down, at) VALUES (1 + ?1 % {threads}, ?1, 'comment.created', ?1, ?1, 0, ?1, 0, length(?2) * 0, ?1)`
	rawThread = `UPDATE threads SET seq = seq + 1, count = count + 1, title = coalesce(title, ?2) WHERE id = 1 + ?1 % {threads}`
	rawAuthor = `UPDATE authors SET published = published + 1, seen = ?1, name = coalesce(name, ?2) WHERE id = 1 + ?1 % {people}`
	rawKey    = `INSERT INTO idempotency (site_id, actor, key, digest, answer, at) VALUES (1, 'x', 'key ' || ?1, zeroblob(32), CAST(?1 AS BLOB), length(?2) * 0 + ?1)`
)

// mix is one kind of load; the limit of each makes the same durable rows.
type mix struct {
	name         string
	threads      int
	people       int // 0: one moderator in a session; else so many readers by API tokens
	words        int // of a text
	reply, keyed bool
	want         string
}

var mixes = []mix{
	{name: "one thread", threads: 1, words: 16, want: ">= 0.5"},
	{name: "50 threads, readers, 180 characters", threads: 50, people: people, words: 30, want: ">= 0.4"},
	{name: "50 threads, readers, replies", threads: 50, people: people, words: 30, reply: true, want: ">= 0.4"},
	{name: "50 threads, readers, keys", threads: 50, people: people, words: 30, keyed: true, want: ">= 0.4"},
}

func (m mix) rows() []string {
	rows := []string{rawInsert, rawEvent, rawThread, rawAuthor}
	if m.reply {
		rows[0], rows = rawReply, append(rows, rawParent)
	}
	if m.keyed {
		rows = append(rows, rawKey)
	}
	return rows
}

// writes compares durable posts with a bare program that makes the same rows in
// a copy of the tables, in groups that form by themselves, without HTTP.
func writes(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	session, err := s.login()
	if err != nil {
		return err
	}
	for _, m := range mixes {
		if err := w.write(s, rep, session, m); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

func (w *world) write(s *server, rep *report, session string, m mix) error {
	tokens := []string{session}
	if m.people > 0 {
		var err error
		if tokens, err = w.apiTokens(m.people); err != nil {
			return err
		}
	}
	parents := make([]string, m.threads)
	for i := range parents {
		var err error
		if parents[i], err = s.post(session, m.thread(i), "", "The thread is there."); err != nil {
			return err
		}
	}
	var n atomic.Int64
	busy := s.cpu()
	posts, err := rate(s.addr, writers, func(worker, i int) request {
		n.Add(1)
		thread := (worker*7 + i) % m.threads
		body := map[string]any{"thread": m.thread(thread), "body": words(m.words, worker, i)}
		if m.reply {
			body["parent_id"] = parents[thread]
		}
		b, _ := json.Marshal(body)
		head := map[string]string{"Authorization": tokens[worker%len(tokens)]}
		if m.keyed {
			head["Idempotency-Key"] = fmt.Sprintf("%d-%d-%d", time.Now().UnixNano(), worker, i)
		}
		return request{"POST", "/api/v1/sites/news/comments", string(b), head, 201}
	})
	if err != nil {
		return err
	}
	busy = s.cpu() - busy
	honest, err := w.raw(true, m, m.rows()...)
	if err != nil {
		return err
	}
	grouped, err := w.raw(true, m, rawInsert)
	if err != nil {
		return err
	}
	name := "posts, " + m.name
	rep.add(figure{name + ", by the same rows bare", "/s", posts, honest, m.want})
	rep.add(figure{name + ", by bare inserts", "/s", posts, grouped, ">= 0.3"})
	rep.add(figure{name + ", server's CPU", "µs", float64(busy.Microseconds()) / float64(n.Load()), 0, "<= 165"})
	if m.threads == 1 {
		single, err := w.raw(false, m, rawInsert)
		if err != nil {
			return err
		}
		rep.add(figure{name + ", by inserts one by one", "/s", posts, single, ""})
	}
	return nil
}

func (m mix) thread(i int) string { return fmt.Sprintf("%s %d", m.name, i) }

var vocabulary = strings.Fields("the boat leaves at half past five from Eastgate and calls by night again since spring fares stay as they were but nobody asked those who live on the quay")

// words is a text of its own for each worker and turn.
func words(n, worker, i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Number %d of %d", i, worker)
	for k := 4; k < n; k++ {
		b.WriteByte(' ')
		b.WriteString(vocabulary[(worker*31+i*17+k*(1+i%7))%len(vocabulary)])
	}
	return b.String()
}

// apiTokens are those of readers of the site who have been there for a while;
// they are made once.
func (w *world) apiTokens(n int) ([]string, error) {
	for i := len(w.tokens); i < n; i++ {
		email := fmt.Sprintf("reader%d@example.com", i)
		if err := w.tool("user", "add", "--site", "news", "--email", email, "--name", strings.ToUpper(vocabulary[i])+" Lund", "--password", password, "--role", "staff"); err != nil {
			return nil, err
		}
		cmd := exec.Command(w.bin, "token", "add", "--email", email, "--scope", "write")
		cmd.Env = w.env("127.0.0.1:1")
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("parley token: %w", err)
		}
		w.tokens = append(w.tokens, "Bearer "+strings.TrimSpace(string(out)))
	}
	return w.tokens, nil
}

// raw is posts per second of bare SQLite with the same durability: in groups
// that form by themselves or one by one, each the statements that are named.
func (w *world) raw(group bool, m mix, statements ...string) (float64, error) {
	path := filepath.Join(w.dir, fmt.Sprintf("raw-%d.db", time.Now().UnixNano()))
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := w.copySchema(db); err != nil {
		return 0, err
	}
	text := "<p>" + words(m.words, 1, 1) + "</p>"
	fill := strings.NewReplacer("{threads}", strconv.Itoa(m.threads), "{people}", strconv.Itoa(max(1, m.people)))
	var prepared []*sql.Stmt
	for _, q := range statements {
		st, err := db.Prepare(fill.Replace(q))
		if err != nil {
			return 0, err
		}
		prepared = append(prepared, st)
	}
	queue := make(chan chan error, writers)
	var n atomic.Int64
	began := time.Now()
	done := make(chan error, 1)
	go func() {
		id := int64(0)
		for first := range queue {
			batch := []chan error{first}
			for group && len(queue) > 0 {
				batch = append(batch, <-queue)
			}
			tx, err := db.BeginTx(context.Background(), nil)
			for range batch {
				id++
				for _, st := range prepared {
					if err == nil {
						_, err = tx.Stmt(st).Exec(id, text)
					}
				}
			}
			if err == nil {
				err = tx.Commit()
			}
			for _, c := range batch {
				c <- err
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			back := make(chan error, 1)
			for time.Since(began) < span {
				queue <- back
				if <-back != nil {
					return
				}
				n.Add(1)
			}
		})
	}
	wg.Wait()
	close(queue)
	took := time.Since(began).Seconds()
	return float64(n.Load()) / took, <-done
}

// copySchema takes the tables that a post writes, with their indexes, from the
// real database, and puts a thread and an author there.
func (w *world) copySchema(to *sql.DB) error {
	from, err := sql.Open("sqlite3", "file:"+w.db+"?mode=ro")
	if err != nil {
		return err
	}
	defer from.Close()
	rows, err := from.Query(`SELECT sql FROM sqlite_master WHERE tbl_name IN ('comments', 'events', 'threads', 'authors', 'idempotency') AND sql IS NOT NULL AND type IN ('table', 'index') ORDER BY type DESC`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if _, err := to.Exec(text); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	_, err = to.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
		INSERT INTO threads (id, site_id, key, url, title, state, created) SELECT i, 1, 'writes ' || i, '', '', 'open', 0 FROM n;
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
		INSERT INTO authors (id, site_id, kind, name, skeleton, created) SELECT i, 1, 'member', 'Ann ' || i, 'ann ' || i, 0 FROM n;
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
		INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created) SELECT -i, 1, i, -i, 0, 1, 'x', 'x', 'published', 1, 0 FROM n`)
	return err
}
