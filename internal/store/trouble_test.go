package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/machine"
)

// A running server of an older build keeps its database as it is: no command of
// a newer one upgrades it. When that server has gone it is upgraded.
func TestADatabaseThatIsServedIsNotUpgraded(t *testing.T) {
	path := older(t, 60)
	f, err := os.OpenFile(serving(path), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = machine.Lock(f, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{}); !errors.Is(err, ErrServedOlder) {
		t.Errorf("opened: %v", err)
	}
	if have, _, err := Pending(context.Background(), path); err != nil || have != 60 {
		t.Errorf("it is of schema %d now (%v)", have, err)
	}
	_ = f.Close()
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
}

// A file that is none of ours, and one that is damaged, are told apart, with what to do.
func TestADatabaseThatCannotBeOpenedSaysWhatToDo(t *testing.T) {
	text := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(text, Options{}); err == nil || !strings.Contains(err.Error(), "restore a backup") {
		t.Errorf("a text: %v", err)
	}
	whole := older(t, 60)
	b, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[100:], bytes.Repeat([]byte{0xA5}, 3000))
	damaged := filepath.Join(t.TempDir(), "damaged.db")
	if err := os.WriteFile(damaged, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(damaged, Options{}); err == nil || !strings.Contains(err.Error(), "is damaged: restore a backup") {
		t.Errorf("damaged: %v", err)
	}
	if err := Check(context.Background(), damaged); err == nil || errors.Is(err, errNotOurs) {
		t.Errorf("the look at a damaged one: %v", err)
	}
}
