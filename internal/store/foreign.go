package store

import (
	"log/slog"

	"parley/internal/discuss"
)

// lookForForeign notices changes by other processes: this connection's
// data_version moves for every commit but its own.
func (w *writer) lookForForeign() {
	var v int64
	if err := w.queryRow("PRAGMA data_version").Scan(&v); err != nil || v == w.version {
		return
	}
	w.version = v
	w.known.forget()
	w.s.callers.version.Add(1)
	to := w.s.listeners.Load()
	if to.ChangedOutside != nil {
		to.ChangedOutside()
	}
	rows, err := w.stmt("SELECT id, " + eventColumns + " FROM events WHERE id > ?1 ORDER BY id").Query(w.lastID)
	if err != nil {
		slog.Error("read the events of another process", "err", err)
		return
	}
	defer rows.Close()
	var events []discuss.Event
	for rows.Next() {
		e, err := scanEvent(rows, &w.lastID)
		if err != nil {
			slog.Error("read the events of another process", "err", err)
			return
		}
		events = append(events, e)
	}
	if rows.Err() == nil && len(events) > 0 && to.Committed != nil {
		to.Committed(events)
	}
}
