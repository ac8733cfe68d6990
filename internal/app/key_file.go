package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/auth"
	"parley/internal/machine"
	"parley/internal/store"
)

// KeyPath is where the key stands that secrets in the database are sealed with.
func (s *Settings) KeyPath() (string, error) {
	if s.KeyFile != "" {
		return s.KeyFile, nil
	}
	path, err := s.DatabasePath()
	return filepath.Join(filepath.Dir(path), "parley.key"), err
}

// Sealer reads the key file, or makes it for a database that has nothing sealed
// yet. A key that is not the one of this database is refused while anything is
// sealed with that one: at the next save the two would be mixed for good.
func (s *Settings) Sealer(ctx context.Context, db *store.Store) (*auth.Sealer, error) {
	file, err := s.KeyPath()
	if err != nil {
		return nil, err
	}
	known, sealed, err := db.Sealing(ctx)
	if err != nil {
		return nil, err
	}
	key, err := readKey(file)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return nil, err
	}
	lost := missing && (sealed > 0 || known != nil) || !missing && known != nil && !bytes.Equal(known, auth.KeyFingerprint(key))
	switch {
	case lost && sealed > 0 && !s.NewKey:
		what := "holds another key than the one"
		if missing {
			what = "is missing, the key"
		}
		return nil, fmt.Errorf("key-file: %s %s that seals %s in this database (of providers, single sign-on, second factors, hooks, scorers and push messages). Put the key file back that was kept with the backup; or start once with --new-key, which removes those secrets, and enter them again", file, what, Count(sealed, "secret", "secrets"))
	case lost:
		slog.Warn("the key file is not the one that this database was made with; secrets that were sealed with that one are gone", "file", file, "removed", sealed)
	}
	if missing {
		if key, err = makeKey(file); err != nil {
			return nil, err
		}
	}
	if now := auth.KeyFingerprint(key); !bytes.Equal(known, now) {
		if err := db.SetSealing(ctx, now, lost); err != nil {
			return nil, err
		}
	}
	return auth.NewSealer(key)
}

// readKey reads a key file.
func readKey(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("key-file: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != auth.SealKeyBytes {
		return nil, fmt.Errorf("key-file: %s does not hold a key of %d bytes in base64", file, auth.SealKeyBytes)
	}
	return key, nil
}

// makeKey writes a new key where there is none; of two that start at once the
// first one's stays.
func makeKey(file string) ([]byte, error) {
	key := make([]byte, auth.SealKeyBytes)
	_, _ = rand.Read(key)
	if err := writeKey(file, []byte(base64.StdEncoding.EncodeToString(key)+"\n")); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("key-file: %w", err)
	}
	return readKey(file)
}

// writeKey writes the text of a key file, whole, where there is none.
func writeKey(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".parley.key-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Link(tmp.Name(), file)
}

// CheckKeyFile asks whether the key file is the one of this database: an error
// says what is wrong, else a sentence says how it stands; both are empty where
// there is no database to ask.
func (s *Settings) CheckKeyFile(ctx context.Context) (state string, err error) {
	path, err := s.DatabasePath()
	if err != nil {
		return "", nil
	}
	if _, err := os.Stat(path); err != nil {
		return "", nil
	}
	file, err := s.KeyPath()
	if err != nil {
		return "", nil
	}
	db, err := s.OpenExisting()
	if err != nil {
		return "", nil // whoever looks at the database says so
	}
	defer db.Close()
	known, sealed, err := db.Sealing(ctx)
	if err != nil {
		return "", fmt.Errorf("key-file: %w", err)
	}
	key, err := readKey(file)
	if errors.Is(err, fs.ErrNotExist) {
		if known == nil && sealed == 0 {
			return fmt.Sprintf("key-file: there is none at %s yet; the first start makes it", file), nil
		}
		return "", fmt.Errorf("key-file: %s is missing; secrets in the database that are sealed with it: %d. Put back the one that was kept with the backup", file, sealed)
	}
	if err != nil {
		return "", err
	}
	if known != nil && !bytes.Equal(known, auth.KeyFingerprint(key)) {
		return "", fmt.Errorf("key-file: %s is not the key of this database; secrets that don't open: %d. Put back the one that was kept with the backup", file, sealed)
	}
	if machine.Exposed(file) {
		return "", fmt.Errorf("key-file: %s can be read by others; chmod 600 %s", file, file)
	}
	return fmt.Sprintf("key-file: %s is the key of this database; keep it with the backups", file), nil
}
