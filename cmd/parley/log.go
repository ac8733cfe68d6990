package main

import (
	"log/slog"
	"os"

	"golang.org/x/term"
)

// setLog has the log written as the setting says: as people read it, or as
// programs do. By itself that is people at a terminal, and programs elsewhere.
func setLog(to *os.File, format string) {
	if format == "text" || format == "auto" && term.IsTerminal(int(to.Fd())) {
		return // slog's own: time, level, sentence, and what belongs to it
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(to, nil)))
}
