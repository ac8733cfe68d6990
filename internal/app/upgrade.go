package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

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
	fmt.Fprintln(to, "There is no way back but a backup: an older build does not open a newer database. Make one first: parley backup FILE")
	return nil
}
