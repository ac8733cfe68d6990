package doctor

import (
	"context"
	"time"

	"parley/internal/app"
	"parley/internal/backups"
)

// backupPatience is how long the newest backup is read for.
const backupPatience = time.Minute

// lookAtBackups asks for the newest backup: its age, and whether it can be used.
func lookAtBackups(ctx context.Context, s *app.Settings) (out []Finding) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backupPatience)
	defer cancel()
	text, ok := app.BackupAge(ctx, s, time.Now())
	out = append(out, Finding{ok, text})
	if s.BackupDir != "" {
		if free, err := backups.Free(s.BackupDir); err == nil && free < spaceWanted {
			out = append(out, poor("backups: only %s are free in %s", app.Bytes(free), s.BackupDir))
		}
	}
	return append(out, lookAtHeld(ctx, s)...)
}

// lookAtHeld asks whether the operator has said what becomes of mail that waited
// in a backup.
func lookAtHeld(ctx context.Context, s *app.Settings) []Finding {
	db, err := s.OpenExisting()
	if err != nil {
		return nil // lookAtDatabase says so
	}
	defer db.Close()
	held, err := db.Held(ctx)
	if err != nil || held.Sum() == 0 {
		return nil
	}
	return []Finding{poor("jobs: held since a restore: %s; say `parley jobs send` or `parley jobs drop`", app.SayOutgoing(held))}
}

// lookAtOutbound says that nothing leaves, which is meant for copies alone.
func lookAtOutbound(_ context.Context, s *app.Settings) []Finding {
	if s.Outbound != "off" {
		return nil
	}
	return []Finding{poor("outbound: is off, as for a copy that people try things on: no mail leaves, and no hook, scorer, provider or page is reached; a site that people use needs PARLEY_OUTBOUND=on")}
}
