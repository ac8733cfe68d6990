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
	w.known.forget()
	if err := w.readFloor(); err != nil {
		slog.Error("read the floor of events", "err", err)
		return
	}
	w.s.callers.version.Add(1)
	to := w.s.listeners.Load()
	if to.ChangedOutside != nil {
		to.ChangedOutside()
	}
	for {
		events, last, err := w.foreign()
		if err != nil {
			slog.Error("read the events of another process", "err", err)
			return // the version stays: it is tried again
		}
		w.lastID = last
		if len(events) > 0 && to.Committed != nil {
			to.Committed(events)
		}
		if len(events) < foreignChunk {
			w.version = v
			return
		}
	}
}

// foreignChunk is how many events of another process are told at once.
const foreignChunk = 1000

func (w *writer) foreign() (events []discuss.Event, last int64, err error) {
	last = w.lastID
	rows, err := w.stmt("SELECT id, "+eventColumns+" FROM events WHERE id > ?1 ORDER BY id LIMIT ?2").Query(last, foreignChunk)
	if err != nil {
		return nil, last, err
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scanEvent(rows, &last)
		if err != nil {
			return nil, last, err
		}
		events = append(events, e)
	}
	return events, last, rows.Err()
}

// readFloor reads which ids of events were given already, where those events went
// with their threads: what comes after them must not have their ids, or those
// who have seen them would take it for seen.
func (w *writer) readFloor() error {
	return w.queryRow(`SELECT CASE WHEN event > (SELECT coalesce(max(id), 0) FROM events) THEN event ELSE 0 END FROM events_floor`).Scan(&w.floor)
}

// keepFloor is called before threads are deleted.
func (t *Tx) keepFloor() error {
	if err := t.exec(`UPDATE events_floor SET event = max(event, (SELECT coalesce(max(id), 0) FROM events))`); err != nil {
		return err
	}
	return t.get(`SELECT event FROM events_floor`, nil, &t.w.floor)
}
