package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parley/internal/discuss"
)

// Keys that differ in scheme, www., capitals or a slash at the end alone are
// said to look like one page; others are not, nor those of another site.
func TestThreadsThatLookLikeOnePageAreNoted(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	for _, key := range []string{
		"https://news.example/a", "http://news.example/a", "https://www.news.example/a/", "https://news.example/A",
		"https://news.example/b", "https://news.example/b?page=2", "https://shop.example/a", "https://news.example/c/?x=1", "https://news.example/c?x=1", "article-42", "Article-42/", "article-421", "/",
	} {
		b.post(t, 1, key, 0, "some words")
	}
	list, err := b.AlikeThreads(ctx, b.site.ID, time.Now().Add(-time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []discuss.Alike{
		{Key: "Article-42/", Like: "article-42"},
		{Key: "https://news.example/c?x=1", Like: "https://news.example/c/?x=1"},
		{Key: "https://news.example/A", Like: "https://news.example/a"},
		{Key: "https://www.news.example/a/", Like: "https://news.example/a"},
		{Key: "http://news.example/a", Like: "https://news.example/a"},
	}
	for i, a := range list {
		if th, err := b.ThreadByKey(ctx, b.site.ID, a.Key); err != nil || th.ID != a.ID || a.LikeID >= a.ID {
			t.Errorf("%s has the id %v, and is like %v", a.Key, a.ID, a.LikeID)
		}
		list[i].ID, list[i].LikeID = 0, 0
	}
	if fmt.Sprint(list) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", list, want)
	}
	if list, err := b.AlikeThreads(ctx, b.site.ID, time.Now().Add(time.Hour), 10); err != nil || len(list) != 0 {
		t.Errorf("of later: %v %v", list, err)
	}
	if list, err := b.AlikeThreads(ctx, b.site.ID+1, time.Time{}, 10); err != nil || len(list) != 0 {
		t.Errorf("of another site: %v %v", list, err)
	}
}

// An older database's pairs are found when it is opened.
func TestAnOlderDatabaseTellsOfThreadsThatLookLikeOnePage(t *testing.T) {
	path := older(t, 143,
		`INSERT INTO sites (id, key, name, settings, created) VALUES (1, 'news', 'News', '{}', 0), (2, 'other', 'Other', '{}', 0)`,
		`INSERT INTO threads (id, site_id, key, url, title, state, created) VALUES (3, 1, 'https://n.example/a', '', '', 'open', 0), (4, 1, 'http://www.n.example/a/', '', '', 'open', 0), (5, 2, 'https://n.example/a', '', '', 'open', 0)`)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list, err := s.AlikeThreads(context.Background(), 1, time.Time{}, 10)
	if err != nil || fmt.Sprint(list) != "[{http://www.n.example/a/ https://n.example/a 4 3}]" {
		t.Errorf("%v %v", list, err)
	}
}
