package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"parley/internal/app"
	"parley/internal/doctor"
)

type doctorCmd struct {
	Head     []string `help:"Hash of an audit row that you have kept, as the daily mail gives it; is it still in the log? Repeatable." placeholder:"HASH"`
	Provider string   `help:"Look at this sign-in provider alone, such as facebook." placeholder:"NAME"`
	MailTo   string   `help:"Send a test mail there." placeholder:"ADDRESS"`
	JSON     bool     `name:"json" help:"Print one JSON object a line, for a monitor."`
}

// Run prints what the doctor finds, and ends with 1 if something is wrong.
func (c doctorCmd) Run(s *app.Settings) error {
	bad, lines := 0, json.NewEncoder(os.Stdout)
	lines.SetEscapeHTML(false)
	for _, f := range doctor.Examine(context.Background(), s, doctor.Wish{Heads: c.Head, Provider: c.Provider, MailTo: c.MailTo}) {
		mark := "ok  "
		if !f.OK {
			mark, bad = "BAD ", bad+1
		}
		if c.JSON {
			if err := lines.Encode(f); err != nil {
				return err
			}
			continue
		}
		fmt.Println(mark, f.Text)
	}
	if bad > 0 {
		return fmt.Errorf("%s attention", app.Count(bad, "of the things above needs", "of the things above need"))
	}
	return nil
}
