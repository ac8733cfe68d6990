package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"parley/internal/app"
)

type backupCmd struct {
	To      string `arg:"" name:"file" help:"File to write; it must not exist." type:"path"`
	WithKey bool   `help:"Write the key file too, as FILE.key: whoever has both can read the secrets."`
}

// Run copies the database as it is at one moment; a server may be writing.
func (c *backupCmd) Run(s *app.Settings) error {
	return app.Backup(context.Background(), s, c.To, c.WithKey, os.Stderr)
}

type restoreCmd struct {
	From          string `arg:"" name:"file" optional:"" help:"Backup to put in place; with --list the folder, backup-dir by default." type:"path"`
	List          bool   `help:"List the backups of the folder that the server named (parley-DATE.db), and which of them are good."`
	Force         bool   `help:"Replace a database that is there; it is kept beside, as NAME.before-restore, or with a number where that is taken."`
	Pending       string `help:"What becomes of mail and questions that waited in the backup: hold, send or drop." enum:"hold,send,drop" default:"hold"`
	WithoutLedger bool   `help:"Go on though the ledger of erasures is missing or damaged: what was erased since may come back."`
	table
}

// Run checks the backup, then puts it where the database belongs.
func (c *restoreCmd) Run(s *app.Settings) error {
	switch {
	case c.List:
		return c.list(s)
	case c.JSON:
		return errors.New("json: is for --list")
	case c.From == "":
		return errors.New("file: name the backup to put in place (parley restore --list shows those of the folder)")
	}
	return app.Restore(context.Background(), s, app.Restoring{From: c.From, Force: c.Force, Pending: c.Pending, WithoutLedger: c.WithoutLedger}, os.Stdout)
}

// list prints the backups of a folder, newest first.
func (c *restoreCmd) list(s *app.Settings) error {
	all, err := app.ListBackups(context.Background(), s, c.From)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(os.Stderr, "There is no backup yet, by the names that the server gives them: parley-20060102T150405Z.db. One by another name is put in place by it: parley restore FILE.")
	}
	out := json.NewEncoder(os.Stdout)
	var rows [][]string
	for _, b := range all {
		if c.JSON { // numbers are numbers here
			if err := out.Encode(b); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{b.Made.UTC().Format("2006-01-02 15:04 MST"), app.Bytes(b.Bytes), strconv.Itoa(b.Comments), strconv.FormatInt(b.Schema, 10), b.State(), b.File})
	}
	if c.JSON {
		return nil
	}
	return c.print([]string{"made", "size", "comments", "schema", "state", "file"}, rows)
}
