package app

import (
	"context"
	"os"
	"testing"
	"time"

	"parley/internal/store"
)

func TestZZProfile(t *testing.T) {
	f := os.Getenv("PROFILE_FILE")
	if f == "" {
		t.Skip()
	}
	s := &Settings{Database: "sqlite:" + t.TempDir() + "/p.db", PublicURL: "http://127.0.0.1:1"}
	db, err := s.Open(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := AddSite(context.Background(), db, "x", "X", []string{"https://old.example"}, nil); err != nil {
		t.Fatal(err)
	}
	db.Close()
	for _, dry := range []bool{true, false} {
		b := time.Now()
		r, err := Import(context.Background(), s, "x", ImportOptions{Format: "auto", DryRun: dry, Max: 1 << 40}, f)
		t.Log(r.Moved, err, time.Since(b))
	}
}
