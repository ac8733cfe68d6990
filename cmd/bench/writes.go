package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "github.com/mattn/go-sqlite3" // the raw limit
)

const writers = 64

// writes compares durable posts with rows that a bare program puts into a copy
// of the comments table, its indexes included, in groups that form by themselves.
func writes(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	if _, err := s.post(token, "writes", "", "The thread is there."); err != nil {
		return err
	}
	q := request{"POST", "/api/v1/sites/news/comments", `{"thread":"writes","body":"Boats will call at Eastgate, Customs Quay and the Lock; fares stay the same as by day."}`, map[string]string{"Authorization": token}, 201}
	posts, err := rate(s.addr, writers, always(q))
	if err != nil {
		return err
	}
	honest, err := w.raw(true, rawInsert, rawEvent, rawThread, rawAuthor)
	if err != nil {
		return err
	}
	grouped, err := w.raw(true, rawInsert)
	if err != nil {
		return err
	}
	single, err := w.raw(false, rawInsert)
	if err != nil {
		return err
	}
	rep.add(figure{"durable posts, 64 writers, by the same rows bare", "/s", posts, honest, ">= 0.5"})
	rep.add(figure{"durable posts, 64 writers, by raw group commit", "/s", posts, grouped, ">= 0.3"})
	rep.add(figure{"durable posts, 64 writers, by one-by-one", "/s", posts, single, ">= 4"})
	return nil
}

const rawInsert = `INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created)
	VALUES (?1, 1, 1, ?1, 0, 1, ?2, ?2, 'published', 1, ?1)`

// What else a post leaves: its event, and the counters of its thread and author.
const (
	rawEvent  = `INSERT INTO events (thread_id, seq, type, comment_id, root_id, parent_id, count, up, down, at) VALUES (1, ?1, 'comment.created', ?1, ?1, 0, ?1, 0, length(?2) * 0, ?1)`
	rawThread = `UPDATE threads SET seq = seq + 1, count = count + 1, title = coalesce(title, ?2) WHERE id = min(1, ?1)`
	rawAuthor = `UPDATE authors SET published = published + 1, seen = ?1, name = coalesce(name, ?2) WHERE id = 1`
)

// raw is posts per second of bare SQLite with the same durability: in groups
// that form by themselves or one by one, each the statements that are named.
func (w *world) raw(group bool, statements ...string) (float64, error) {
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
	const text = "<p>Boats will call at Eastgate, Customs Quay and the Lock; fares stay the same as by day.</p>"
	var prepared []*sql.Stmt
	for _, q := range statements {
		st, err := db.Prepare(q)
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
	rows, err := from.Query(`SELECT sql FROM sqlite_master WHERE tbl_name IN ('comments', 'events', 'threads', 'authors') AND sql IS NOT NULL AND type IN ('table', 'index') ORDER BY type DESC`)
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
	_, err = to.Exec(`INSERT INTO threads (id, site_id, key, url, title, state, created) VALUES (1, 1, 'writes', '', '', 'open', 0);
		INSERT INTO authors (id, site_id, kind, name, skeleton, created) VALUES (1, 1, 'member', 'Ann', 'ann', 0)`)
	return err
}
