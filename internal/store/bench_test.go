package store

import (
	"context"
	"testing"

	"parley/internal/discuss"
)

// busyThread is a thread of 20 roots with 75 replies each.
func busyThread(b *testing.B) (*bench, discuss.Thread, []discuss.ID) {
	b.Helper()
	s := newBench(b, Options{})
	var roots []discuss.ID
	for i := range 20 {
		roots = append(roots, s.post(b, 1+i%5, "a", 0, "Boats will call at Eastgate, Customs Quay and the Lock; fares stay the same as by day.").ID)
	}
	for i := range 20 * 75 {
		s.post(b, 1+i%5, "a", roots[i%20], "The first boat leaves at half past five, as it did before.")
	}
	th, err := s.ThreadByKey(context.Background(), s.site.ID, "a")
	if err != nil {
		b.Fatal(err)
	}
	return s, th, roots
}

// BenchmarkRoots is the statement behind the first page.
func BenchmarkRoots(b *testing.B) {
	s, th, _ := busyThread(b)
	b.ReportAllocs()
	for b.Loop() {
		list, err := s.List(context.Background(), discuss.ListQuery{Thread: th.ID, View: discuss.ViewThreads, Sort: discuss.SortBest, Limit: 21})
		if err != nil || len(list) != 20 {
			b.Fatal(len(list), err)
		}
	}
}

// BenchmarkFirstReplies is the statement for one level of replies.
func BenchmarkFirstReplies(b *testing.B) {
	s, _, roots := busyThread(b)
	b.ReportAllocs()
	for b.Loop() {
		list, err := s.FirstReplies(context.Background(), roots, 3)
		if err != nil || len(list) != 60 {
			b.Fatal(len(list), err)
		}
	}
}

// BenchmarkPost is one durable post through the domain, alone.
func BenchmarkPost(b *testing.B) {
	s := newBench(b, Options{})
	b.ReportAllocs()
	for b.Loop() {
		s.post(b, 1, "a", 0, "Boats will call at Eastgate, Customs Quay and the Lock.")
	}
}
