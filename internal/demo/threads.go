package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/app"
	"parley/internal/discuss"
	"parley/internal/store"
	"parley/internal/transfer"
	"parley/static"
)

// Shape of the generated discussion.
const (
	busyComments = 600
	busyPeople   = 70
	busyDepth    = 6
	busyReplies  = 0.62 // how many of the comments answer another
)

// demoThreads fills the demo's site, all of it through the importer.
func demoThreads(ctx context.Context, db *store.Store, site discuss.Site, page string) error {
	article, err := fs.ReadFile(static.Files, "demo/data/ferries.jsonl")
	if err != nil {
		return err
	}
	archive, err := fs.ReadFile(static.Files, "demo/data/archive.xml.gz")
	if err != nil {
		return err
	}
	busy, err := busyThread(page + "/budget")
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name, format string
		text         []byte
	}{
		{"the article's comments", "parley", bytes.ReplaceAll(article, []byte("{{page}}"), []byte(page))},
		{"the busy page's comments", "parley", busy},
		{"the archive", "disqus", archive},
	} {
		hosts := map[string]string{"blog.example.com": page}
		if err := bring(ctx, db, site, f.text, app.ImportOptions{Format: f.format, MapHosts: hosts}); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// bring imports an export that is in memory.
func bring(ctx context.Context, db *store.Store, site discuss.Site, text []byte, o app.ImportOptions) (err error) {
	dir, err := os.MkdirTemp("", "parley-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	sp, err := store.NewSpool(ctx, filepath.Join(dir, "spool"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sp.Close()) }()
	if err := app.ReadExport(sp, bytes.NewReader(text), int64(len(text)), o, nil); err != nil {
		return err
	}
	if err := sp.Arrange(); err != nil {
		return err
	}
	_, err = db.Import(ctx, site, sp, nil)
	return err
}

// busyThread is an export of one long discussion, the same at every run.
func busyThread(url string) ([]byte, error) {
	rnd := rand.New(rand.NewPCG(2016, 11))
	begin := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	w, err := transfer.NewWriter(&b, demoSite, begin)
	if err != nil {
		return nil, err
	}
	if err := w.Thread(discuss.ArchiveThread{Foreign: "budget", Key: "budget", URL: url, Title: budgetTitle, State: discuss.Open, Created: begin}); err != nil {
		return nil, err
	}
	for i := range busyPeople {
		if err := w.Person(discuss.ArchivePerson{Foreign: fmt.Sprint("b", i), Name: firstNames[i%len(firstNames)] + " " + lastNames[(i*7+i/len(firstNames))%len(lastNames)]}); err != nil {
			return nil, err
		}
	}
	depth := make([]int, busyComments)
	at := begin
	for i := range busyComments {
		at = at.Add(time.Duration(20+rnd.IntN(400)) * time.Second)
		c := discuss.ArchiveComment{
			Foreign: fmt.Sprint("bc", i), Thread: "budget", Person: fmt.Sprint("b", rnd.IntN(busyPeople)), Body: remark(rnd),
			Status: discuss.Published, Created: at, Up: int(rnd.ExpFloat64() * 6), Down: int(rnd.ExpFloat64() * 1.5),
		}
		if parent := i - 1 - int(rnd.ExpFloat64()*12); parent >= 0 && depth[parent] < busyDepth && rnd.Float64() < busyReplies {
			c.Parent, depth[i] = fmt.Sprint("bc", parent), depth[parent]+1
		}
		if err := w.Comment(c); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

const budgetTitle = "Council votes on the budget line by line"

var (
	firstNames = strings.Fields("Marta Ivo Lena Samir Greta Paul Noor Jonas Alma Viktor Ruth Emil Dana Olaf Sara Henrik Yara")
	lastNames  = strings.Fields("Lindqvist Okafor Rey Brandt Petrov Salo Haddad Moreau Novak Weiss Ferro Laine Costa")
	openings   = []string{"Read line 14 again:", "To be fair,", "I was at the hearing.", "Nobody mentions this, but", "As somebody who works there:", "Honestly,", "The short version:", "Two things.", "No.", "Agreed, and"}
	subjects   = []string{"the library money", "the night service", "the school roof", "the parking reform", "the new annex", "the consultant's report", "the second reading", "the reserve fund", "the tram extension"}
	verdicts   = []string{"was moved, not cut", "doubled since spring", "is paid for twice", "will not survive the vote", "costs less than the study about it", "has been promised three times", "is the only line that makes sense", "helps exactly one street", "should have been there from the start"}
	closings   = []string{"Page 41 has the numbers.", "Ask the auditor.", "We will see on Thursday.", "That is all there is to it.", "Show me where it says otherwise.", "My two cents.", "Look at what the neighbours did.", "And yet here we are."}
)

func remark(rnd *rand.Rand) string {
	pick := func(list []string) string { return list[rnd.IntN(len(list))] }
	sentence := func() string {
		s := pick(subjects)
		return strings.ToUpper(s[:1]) + s[1:] + " " + pick(verdicts) + "."
	}
	text := pick(openings) + " " + sentence()
	for rnd.IntN(3) == 0 {
		text += " " + sentence()
	}
	if rnd.IntN(6) == 0 {
		text += "\n\n> " + sentence() + "\n\n**" + pick(closings) + "**"
	} else {
		text += " " + pick(closings)
	}
	return text
}
