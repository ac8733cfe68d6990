package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"parley/internal/machine"
	"parley/internal/store"
)

// upgradePlan is what a start of this build would do to the database.
type upgradePlan struct {
	Schema  int64         `json:"schema"` // that the database has
	Steps   []upgradeStep `json:"steps"`
	Seconds float64       `json:"seconds"` // rather too many than too few
	Back    bool          `json:"back"`    // the build before can open it afterwards
}

type upgradeStep struct {
	Version int64   `json:"version"`
	What    string  `json:"what"`
	Rows    int64   `json:"rows"`
	Seconds float64 `json:"seconds"`
}

// CheckUpgrade says what this build would do to the database when it starts, how
// long that may take, and whether there is a way back. It changes nothing.
func CheckUpgrade(ctx context.Context, s *Settings, asJSON bool, to io.Writer) error {
	path, err := s.DatabasePath()
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no database at %s", path)
	}
	have, steps, err := store.Pending(ctx, path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	plan := upgradePlan{Schema: have, Steps: []upgradeStep{}, Back: len(steps) == 0}
	var all time.Duration
	for _, m := range steps {
		all += m.Estimate
		plan.Steps = append(plan.Steps, upgradeStep{m.Version, m.What, m.Rows, m.Estimate.Seconds()})
	}
	plan.Seconds = all.Seconds()
	if asJSON {
		return json.NewEncoder(to).Encode(plan)
	}
	if len(steps) == 0 {
		fmt.Fprintf(to, "Nothing is to be done: the database is of this build (schema %d), and a build of the same schema can go on with it.\n", have)
		return nil
	}
	fmt.Fprintf(to, "The next start of this build brings the database from schema %d to %d:\n", have, steps[len(steps)-1].Version)
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, m := range plan.Steps {
		fmt.Fprintf(w, "  %04d\t%s\t%s\n", m.Version, Count(int(m.Rows), "row", "rows"), m.What)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(to, "It should take less than %s, during which nobody is served.\n", max(all.Round(time.Second), time.Second))
	fmt.Fprintf(to, "A copy is made first, %s: it is the only way back, for an older build does not open a newer database.\n", beforeUpgrade(path, have))
	return nil
}

// beforeUpgrade is the name of the copy that an upgrade leaves.
func beforeUpgrade(path string, schema int64) string {
	return fmt.Sprintf("%s.before-upgrade-%d", path, schema)
}

// backupBeforeUpgrade copies a database of an older schema beside it: the way
// back, for who did not make a backup. Without one nothing is changed.
func (s *Settings) backupBeforeUpgrade(path string, schema int64) error {
	if s.NoUpgradeBackup {
		return nil
	}
	to, err := freeName(beforeUpgrade(path, schema))
	if err != nil {
		return err
	}
	part := to + ".part"
	_, err = store.BackupAndLook(context.Background(), path, part)
	if err == nil {
		err = machine.Sync(part)
	}
	if err == nil {
		err = os.Rename(part, to)
	}
	if err == nil {
		err = machine.Sync(filepath.Dir(to))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("upgrade: the database was not touched, because no copy of it could be made first (%w); make room beside it, or make a backup elsewhere and start with --no-upgrade-backup", err), removeIfThere(part))
	}
	slog.Warn("the database is upgraded now; the way back is the copy: parley restore --force, run by the build before", "copy", to, "schema", schema)
	return nil
}
