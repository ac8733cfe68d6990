package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The size of what is imported, and of the groups in which a bare program inserts.
const (
	importedComments = 60_000
	importedLong     = 1_000_000 // with -full: about 1 GB
	bareGroup        = 1_000
)

// imports measures files that are read into an empty site, beside a bare program
// that inserts the same rows, with their indexes, in groups; the dry run; memory;
// and what posts of a live server have of an import beside it.
func imports(w *world, rep *report) error {
	for _, format := range []string{"jsonl", "wxr"} {
		if err := w.imported(rep, format, importedComments); err != nil {
			return fmt.Errorf("%s: %w", format, err)
		}
	}
	if long {
		if err := w.imported(rep, "jsonl", importedLong); err != nil {
			return err
		}
	}
	return w.besideAnImport(rep)
}

func (w *world) imported(rep *report, format string, n int) error {
	dir, err := os.MkdirTemp(w.dir, "import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	own := &world{bin: w.bin, dir: dir, db: filepath.Join(dir, "parley.db")}
	file := filepath.Join(dir, "export")
	if err := errors.Join(writeExport(file, format, n), own.tool("site", "add", "news", "--name", "News", "--origin", origin)); err != nil {
		return err
	}
	idle, err := own.timed("version")
	if err != nil {
		return err
	}
	dry, err := own.timed("import", "--site", "news", "--dry-run", file)
	if err != nil {
		return err
	}
	took, err := own.timed("import", "--site", "news", file)
	if err != nil {
		return err
	}
	bare, err := own.bareRows()
	if err != nil {
		return err
	}
	name := fmt.Sprintf("import, %s of %d", format, n)
	rep.add(figure{name + ", by bare inserts", "/s", float64(n) / took.seconds, float64(n) / bare, ">= 0.5"})
	rep.add(figure{name + ", dry run by the import", "/s", float64(n) / dry.seconds, float64(n) / took.seconds, ">= 2"})
	rep.add(figure{name + ", memory above idle", "MiB", float64(took.peak-idle.peak) / (1 << 20), 0, "<= 64"})
	return nil
}

// ran is what a command took: seconds, and bytes of memory at most.
type ran struct {
	seconds float64
	peak    int64
}

func (w *world) timed(args ...string) (ran, error) {
	cmd := exec.Command(w.bin, args...)
	cmd.Env = w.env("127.0.0.1:1")
	began := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return ran{}, fmt.Errorf("parley %s: %w: %s", args[0], err, out)
	}
	use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return ran{}, errors.New("this system does not say what a process used")
	}
	return ran{time.Since(began).Seconds(), use.Maxrss << 10}, nil
}

// bareRows inserts the rows of an imported database into a copy of its tables, in
// groups, and says how many seconds that took.
func (w *world) bareRows() (float64, error) {
	from, err := sql.Open("sqlite3", "file:"+w.db+"?mode=ro")
	if err != nil {
		return 0, err
	}
	defer from.Close()
	into, err := sql.Open("sqlite3", "file:"+filepath.Join(w.dir, "bare.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_cache_size=-8192")
	if err != nil {
		return 0, err
	}
	defer into.Close()
	into.SetMaxOpenConns(1)
	if err := w.copySchema(into); err != nil {
		return 0, err
	}
	took := 0.0
	for _, table := range []string{"threads", "authors", "comments"} {
		one, err := copyRows(from, into, table)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", table, err)
		}
		took += one
	}
	return took, nil
}

func copyRows(from, into *sql.DB, table string) (seconds float64, err error) {
	names, err := stored(from, table)
	if err != nil {
		return 0, err
	}
	rows, err := from.Query(`SELECT ` + strings.Join(names, ", ") + ` FROM ` + table + ` ORDER BY id`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	insert := `INSERT OR REPLACE INTO ` + table + ` (` + strings.Join(names, ", ") + `) VALUES (?` + strings.Repeat(", ?", len(names)-1) + `)`
	for {
		var group [][]any // read before the clock runs
		for len(group) < bareGroup && rows.Next() {
			row, at := make([]any, len(names)), make([]any, len(names))
			for i := range row {
				at[i] = &row[i]
			}
			if err := rows.Scan(at...); err != nil {
				return 0, err
			}
			group = append(group, row)
		}
		if len(group) == 0 {
			return seconds, rows.Err()
		}
		began := time.Now()
		if err := insertGroup(into, insert, group); err != nil {
			return 0, err
		}
		seconds += time.Since(began).Seconds()
	}
}

func insertGroup(into *sql.DB, insert string, group [][]any) error {
	tx, err := into.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	st, err := tx.Prepare(insert)
	for _, row := range group {
		if err == nil {
			_, err = st.Exec(row...)
		}
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return errors.Join(st.Close(), tx.Commit())
}

// stored are the columns of a table that are not worked out from others.
func stored(db *sql.DB, table string) (out []string, err error) {
	rows, err := db.Query(`SELECT name FROM pragma_table_info(?1)`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}

// besideAnImport compares the slowest posts of a live server with and without an
// import that runs beside it.
func (w *world) besideAnImport(rep *report) error {
	file := filepath.Join(w.dir, "beside")
	if err := writeExport(file, "jsonl", importedComments); err != nil {
		return err
	}
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	alone, err := s.slowest(token)
	if err != nil {
		return err
	}
	site := fmt.Sprintf("b%d", time.Now().UnixNano())
	if err := w.tool("site", "add", site, "--name", site, "--origin", "https://"+site+".example"); err != nil {
		return err
	}
	cmd := exec.Command(w.bin, "import", "--site", site, file)
	cmd.Env = w.env("127.0.0.1:1")
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	if err := cmd.Start(); err != nil {
		return err
	}
	time.Sleep(importReads) // the file is read before anything is written
	beside, err := s.slowest(token)
	if err := errors.Join(err, cmd.Wait()); err != nil {
		return err
	}
	rep.add(figure{"posts' p99 beside an import, by that without", "ms", beside, alone, "<= 2"})
	return nil
}

const importReads = 2 * time.Second

// slowest is the 99th percentile of posts, in milliseconds: a steady trickle.
func (s *server) slowest(token string) (float64, error) {
	var took []time.Duration
	for i := range 300 {
		began := time.Now()
		if _, err := s.post(token, "beside", "", fmt.Sprintf("A post beside an import, number %d.", i)); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
		time.Sleep(10 * time.Millisecond)
	}
	return percentile(took, 99), nil
}

// writeExport makes a file of n comments, the same at every run.
func writeExport(path, format string, n int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<20)
	defer func() { err = errors.Join(err, b.Flush(), f.Close()) }()
	if format == "wxr" {
		writeWXR(b, n)
		return nil
	}
	return writeJSONL(b, n)
}

// perThread is how many comments a page of the files has; a tenth as many people
// as comments wrote them.
const perThread = 100

// written is when a comment of the file was: all pages at once, as it is.
func written(i, n int) time.Time {
	return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * (700 * 24 * time.Hour) / time.Duration(n))
}

func writeJSONL(w io.Writer, n int) error {
	e := json.NewEncoder(w)
	threads, people := max(1, n/perThread), max(1, n/10)
	put := func(v map[string]any) error { return e.Encode(v) }
	err := put(map[string]any{"type": "header", "parley": 1, "site": "old", "exported_at": written(n, n)})
	for i := range threads {
		err = errors.Join(err, put(map[string]any{"type": "thread", "id": fmt.Sprint("t", i), "key": fmt.Sprint(origin, "/p/", i), "url": fmt.Sprint(origin, "/p/", i), "title": fmt.Sprint("Page ", i), "state": "open"}))
	}
	for i := range people {
		err = errors.Join(err, put(map[string]any{"type": "person", "id": fmt.Sprint("p", i), "name": fmt.Sprint("Reader ", i)}))
	}
	for i := range n {
		text := words(20+i%60, 1, i)
		c := map[string]any{"type": "comment", "id": fmt.Sprint("c", i), "thread": fmt.Sprint("t", i%threads), "person": fmt.Sprint("p", i*7%people), "body": text, "html": "<p>" + text + "</p>", "status": "published", "created_at": written(i, n)}
		if i%2 == 1 && i >= threads {
			c["parent"] = fmt.Sprint("c", i-threads)
		}
		err = errors.Join(err, put(c))
	}
	return errors.Join(err, put(map[string]any{"type": "end", "threads": threads, "people": people, "comments": n}))
}

func writeWXR(w io.Writer, n int) {
	fmt.Fprint(w, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>News</title><wp:wxr_version>1.2</wp:wxr_version>`)
	threads := max(1, n/perThread)
	for t := range threads {
		fmt.Fprintf(w, "\n<item><title>Page %d</title><link>%s/p/%d/</link><wp:post_id>%d</wp:post_id><wp:comment_status>open</wp:comment_status>", t, origin, t, t)
		for k := range perThread {
			i, above := t*perThread+k+1, 0
			if k%2 == 1 {
				above = i - 1
			}
			fmt.Fprintf(w, "\n<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author><![CDATA[Reader %d]]></wp:comment_author><wp:comment_author_email>r@reader.example</wp:comment_author_email><wp:comment_date_gmt>%s</wp:comment_date_gmt><wp:comment_content><![CDATA[%s]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>%d</wp:comment_parent></wp:comment>",
				i, i*7%max(1, n/10), written(k*threads+t, n).Format(time.DateTime), words(20+i%60, 1, i), above)
		}
		fmt.Fprint(w, "</item>")
	}
	fmt.Fprint(w, "</channel></rss>\n")
}
