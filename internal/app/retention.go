package app

import (
	"time"

	"parley/internal/discuss"
	"parley/internal/store"
)

// retention is how long what is about people is kept on this server, its
// backups among that.
func (s *Settings) retention() []discuss.Kept {
	out := append(store.Retention(), discuss.Kept{What: "uploads", For: readyWaits})
	if s.BackupDir != "" {
		kept := max(time.Duration(s.BackupKeep)*s.BackupEvery, time.Duration(s.BackupKeepWeeks)*7*24*time.Hour)
		out = append(out, discuss.Kept{What: "backups", For: kept})
	}
	return out
}
