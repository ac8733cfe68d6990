package store

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/tokens"
)

// found is what a search gives, by the comments' texts, as an admin asks it.
func (b *bench) found(t *testing.T, text string) []string {
	t.Helper()
	admin := b.people[0]
	admin.Role = discuss.Admin
	rows, err := b.verbs.Find(context.Background(), admin, discuss.FindQuery{Site: b.site.ID, Text: text, Limit: 50}, time.Now())
	if err != nil {
		t.Errorf("%s: %v", text, err)
	}
	var out []string
	for _, r := range rows {
		out = append(out, r.Body)
	}
	return out
}

func (b *bench) finds(t *testing.T, text string, want ...string) {
	t.Helper()
	if got := b.found(t, text); !slices.Equal(got, want) {
		t.Errorf("%q finds %q, want %q", text, got, want)
	}
}

// A word finds its other forms, and what is written without spaces is found by
// any part of it.
func TestSearchKnowsFormsOfWordsAndScriptsWithoutSpaces(t *testing.T) {
	b := newBench(t, Options{})
	for _, text := range []string{"two ferries a day", "the ferry is late", "a ferment", "渡轮很慢。东京", "今日は東京へ行く", "паромы ходят", "мой паром", "วันนี้เรือมาช้า", "배는 서울에 있다"} {
		b.post(t, 1, "a", 0, text)
	}
	b.finds(t, "ferry", "the ferry is late", "two ferries a day")
	b.finds(t, "ferries", "the ferry is late", "two ferries a day")
	b.finds(t, "паром", "мой паром", "паромы ходят")
	b.finds(t, "паромы", "мой паром", "паромы ходят")
	b.finds(t, "ferr*", "the ferry is late", "two ferries a day")
	b.finds(t, "渡轮", "渡轮很慢。东京")
	b.finds(t, "很慢", "渡轮很慢。东京")
	b.finds(t, "東京", "今日は東京へ行く")
	b.finds(t, "京", "今日は東京へ行く", "渡轮很慢。东京")
	b.finds(t, "慢东")
	b.finds(t, "เรือ", "วันนี้เรือมาช้า")
	b.finds(t, "서울", "배는 서울에 있다")
	c := b.post(t, 1, "a", 0, "渡轮")
	if _, err := b.verbs.Edit(context.Background(), b.site, b.people[1], c.ID, "飞机", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	b.finds(t, "渡轮", "渡轮很慢。东京")
	b.finds(t, "飞机", "飞机")
}

// Vowel marks are no part of a word, and what is written onto its beginning
// hides none: in Arabic and Hebrew, whichever of the two was asked for.
func TestSearchKnowsArabicAndHebrew(t *testing.T) {
	b := newBench(t, Options{})
	marked := []string{"بَيْتٌ كبير", "بيت صغير", "البيت هناك", "שָׁלוֹם לַבַּיִת", "בית קטן", "מהבית של דנה"}
	for _, text := range marked {
		b.post(t, 1, "a", 0, text)
	}
	for _, word := range []string{"بيت", "بَيْت", "بيـــت", "البيت"} {
		b.finds(t, word, "البيت هناك", "بيت صغير", "بَيْتٌ كبير")
	}
	for _, word := range []string{"בית", "בַּיִת", "הבית"} {
		b.finds(t, word, "מהבית של דנה", "בית קטן", "שָׁלוֹם לַבַּיִת")
	}
	b.finds(t, "שלו*", "שָׁלוֹם לַבַּיִת")
	b.finds(t, "כלב")
	var all strings.Builder // every mark of the table is one to the index, too
	for _, r := range tokens.Marks.R16 {
		for m := r.Lo; m <= r.Hi; m++ {
			all.WriteString("ك" + string(rune(m)))
		}
	}
	c := b.post(t, 1, "a", 0, all.String())
	b.finds(t, tokens.Bare(all.String()), all.String())
	if _, err := b.verbs.Edit(context.Background(), b.site, b.people[1], c.ID, "شيء آخر تَمَامًا", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	b.finds(t, tokens.Bare(all.String()))
	b.finds(t, "تماما", "شيء آخر تَمَامًا")
}

// People are found by their names, however those are written, in People, in
// user: and by the name alone; by their address in People for whoever may see it.
func TestPeopleAreFoundByNamesAsTheyLook(t *testing.T) {
	b := newBench(t, Options{Skeleton: markup.Skeleton})
	b.verbs.Text.Skeleton = markup.Skeleton
	ctx := context.Background()
	say := func(name, mail, text string) {
		a, err := b.NewAccount(ctx, auth.Account{Email: mail, Name: name, Verified: true}, b.site.ID, markup.Skeleton(name), discuss.Member)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.verbs.Post(ctx, b.site, discuss.Actor{Account: a.ID, Name: name, Role: discuss.Member}, discuss.Draft{ThreadKey: "a", Body: text}, discuss.Once{}); err != nil {
			t.Fatal(err)
		}
	}
	say("Żółtowski", "z@example.org", "dzień dobry")
	say("Harriet Vane", "h@example.org", "good morning")
	b.post(t, 1, "a", 0, "I agree with Harriet")
	b.finds(t, "user:Zoltowski", "dzień dobry")
	b.finds(t, "Zoltowski", "dzień dobry")
	b.finds(t, "harriet", "I agree with Harriet", "good morning")
	b.finds(t, `"Harriet Vane"`, "good morning")
	b.finds(t, "Harr")
	b.finds(t, "Harriet is:held")
	for _, text := range []string{"is:nonsense", "before:tuesday", "after:31.12.2026", "on:2026-13-01", "Harriet ip:127"} {
		if _, err := b.verbs.Find(ctx, b.people[0], discuss.FindQuery{Site: b.site.ID, Text: text, Limit: 10}, time.Now()); discuss.KindOf(err) != discuss.Invalid {
			t.Errorf("%s: %v, want it refused", text, err)
		}
	}
	b.finds(t, "is:reported")
	bad := b.post(t, 1, "a", 0, "to be reported")
	if err := b.verbs.Report(ctx, b.site, b.people[3], bad.ID, "spam", "", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	b.finds(t, "is:reported", "to be reported")
	b.finds(t, "reported is:reported", "to be reported")
	b.finds(t, "morning is:reported")
	b.finds(t, "user:h@example.org", "good morning")
	names := func(role discuss.Role, search string) (out []string) {
		who := b.people[0]
		who.Role = role
		list, err := b.verbs.People(ctx, who, discuss.PeopleQuery{Site: b.site.ID, Search: search, Limit: 10}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			out = append(out, p.Name)
		}
		return out
	}
	for search, want := range map[string]string{"Zoltowski": "Żółtowski", "zoltow": "Żółtowski", "z@example.org": "Żółtowski", " Z@Example.org ": "Żółtowski"} {
		if got := names(discuss.Admin, search); !slices.Equal(got, []string{want}) {
			t.Errorf("People by %q: %q", search, got)
		}
	}
	if got := names(discuss.Moderator, "z@example.org"); len(got) > 0 {
		t.Errorf("a moderator found %q by an address", got)
	}
}

// ip: finds what came from one network, for those who may see addresses.
func TestSearchByNetwork(t *testing.T) {
	b := newBench(t, Options{})
	hash := func(ip netip.Addr) []byte { p, _ := ip.Prefix(24); return append([]byte("h "), p.String()...) }
	b.verbs.Network = func(ip netip.Addr) ([]byte, string) { p, _ := ip.Prefix(24); return hash(ip), p.String() }
	b.verbs.NetworkHashes = func(_ context.Context, ip netip.Addr) ([][]byte, error) {
		return [][]byte{hash(ip), bytes.Repeat([]byte{1}, 16)}, nil
	}
	ctx := context.Background()
	for who, ip := range map[int]string{1: "203.0.113.7", 2: "203.0.113.200", 3: "198.51.100.1"} {
		for _, from := range []string{ip, "192.0.2.1"} {
			if _, _, err := b.verbs.Post(ctx, b.site, b.people[who], discuss.Draft{ThreadKey: "a", Body: "from " + from, IP: netip.MustParseAddr(from)}, discuss.Once{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, text := range []string{"ip:203.0.113.1", "ip:203.0.113.0/24", "from ip:::ffff:203.0.113.9", "ip:203.0.113.1 is:published"} {
		got := b.found(t, text)
		slices.Sort(got)
		if !slices.Equal(got, []string{"from 203.0.113.200", "from 203.0.113.7"}) {
			t.Errorf("%q finds %q", text, got)
		}
	}
	b.finds(t, "ip:203.0.113.1 is:held")
	b.finds(t, "ip:203.0.112.1")
	for text, kind := range map[string]discuss.Kind{"ip:203.0.0.0/16": discuss.Invalid, "ip:203.0.113.1": discuss.Forbidden} {
		who := b.people[0]
		if kind == discuss.Invalid {
			who.Role = discuss.Admin
		}
		if _, err := b.verbs.Find(ctx, who, discuss.FindQuery{Site: b.site.ID, Text: text, Limit: 5}, time.Now()); discuss.KindOf(err) != kind {
			t.Errorf("%s as %s: %v", text, who.Role, err)
		}
	}
}

// What an import brought stands where its date says, with words and without, on
// one page and on several.
func TestSearchIsByDateAfterAnImport(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	b.post(t, 1, "a", 0, "words of today")
	day := func(n int) time.Time { return time.Date(2015, 1, n, 0, 0, 0, 0, time.UTC) }
	a := &discuss.Archive{
		Source: "disqus", Threads: []discuss.ArchiveThread{{Foreign: "t", Key: "a", State: discuss.Open, Created: day(1)}},
		People: []discuss.ArchivePerson{{Foreign: "p", Name: "Ann"}},
		Comments: []discuss.ArchiveComment{
			{Foreign: "1", Thread: "t", Person: "p", Body: "words of the 3rd", Status: discuss.Published, Created: day(3)},
			{Foreign: "2", Thread: "t", Person: "p", Body: "words of the 1st", Status: discuss.Published, Created: day(1)},
			{Foreign: "3", Thread: "t", Person: "p", Body: "words of the 2nd", Status: discuss.Published, Created: day(2)},
		},
	}
	if _, err := b.ImportArchive(ctx, b.site, a); err != nil {
		t.Fatal(err)
	}
	old := []string{"words of the 3rd", "words of the 2nd", "words of the 1st"}
	all := append([]string{"words of today"}, old...)
	b.finds(t, "", all...)
	b.finds(t, "words", all...)
	b.finds(t, "user:Ann", old...)
	b.finds(t, "Ann", old...)
	b.finds(t, "words after:2015-01-01", all[:3]...)
	for _, text := range []string{"", "words"} {
		var after discuss.Cursor
		for i := range all {
			rows, err := b.verbs.Find(ctx, b.people[0], discuss.FindQuery{Site: b.site.ID, Text: text, Limit: 1, After: after}, time.Now())
			if err != nil || len(rows) != 1 || rows[0].Body != all[i] {
				t.Fatalf("%q, page %d: %v %v", text, i, rows, err)
			}
			after = discuss.CursorAt(rows[0].Comment, discuss.SortNewest, discuss.ViewFlat)
		}
	}
	one, err := b.verbs.FindOne(ctx, b.site, b.people[0], b.post(t, 1, "a", 0, "one").ID)
	if err != nil || one.Body != "one" {
		t.Errorf("one: %+v %v", one.Body, err)
	}
	if _, err := b.verbs.FindOne(ctx, b.site, b.people[0], 1); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("none: %v", err)
	}
}

// The index of an older database learns what stands in it, and forgets it whole.
func TestAnOlderIndexLearnsScriptsWithoutSpaces(t *testing.T) {
	path := older(t, 141,
		`INSERT INTO sites (id, key, name, settings, created) VALUES (1, 'news', 'News', '{}', 0)`,
		`INSERT INTO authors (id, site_id, kind, name, skeleton, created) VALUES (2, 1, 'member', 'Ann', 'ann', 0)`,
		`INSERT INTO threads (id, site_id, key, url, title, state, created) VALUES (3, 1, 'a', '', '', 'open', 0)`,
		`INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created) VALUES (5, 1, 3, 5, 0, 2, '渡轮很慢', '', 'published', 1, 0), (6, 1, 3, 6, 0, 2, 'ferry', '', 'published', 1, 0)`)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	count := func(match string) (n int) {
		if err := s.queryRow(ctx, `SELECT count(*) FROM comments_text WHERE comments_text MATCH ?1`, []any{match}, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, word := range []string{"很慢", "渡轮很慢", "ferry"} {
		if count(word) != 1 {
			t.Errorf("%s is found %d times", word, count(word))
		}
	}
	if err := s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.exec(`UPDATE comments SET body = ''`) }); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := s.queryRow(ctx, `SELECT count(*) FROM comments_words`, nil, &left); err != nil || left != 0 {
		t.Errorf("%d words are left in the index (%v)", left, err)
	}
}
