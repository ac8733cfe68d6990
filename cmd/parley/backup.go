package main

import (
	"context"
	"errors"
	"os"

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
	List          bool   `help:"List the backups of the folder, and which of them are good."`
	JSON          bool   `name:"json" help:"The list as JSON."`
	Force         bool   `help:"Replace a database that is there; it is kept beside, as NAME.before-restore, or with a number where that is taken."`
	Pending       string `help:"What becomes of mail and questions that waited in the backup: hold, send or drop." enum:"hold,send,drop" default:"hold"`
	WithoutLedger bool   `help:"Go on though the ledger of erasures is missing or damaged: what was erased since may come back."`
}

// Run checks the backup, then puts it where the database belongs.
func (c *restoreCmd) Run(s *app.Settings) error {
	switch {
	case c.List:
		return app.ListBackups(context.Background(), s, c.From, c.JSON, os.Stdout)
	case c.JSON:
		return errors.New("json: is for --list")
	case c.From == "":
		return errors.New("file: name the backup to put in place (parley restore --list shows those of the folder)")
	}
	return app.Restore(context.Background(), s, app.Restoring{From: c.From, Force: c.Force, Pending: c.Pending, WithoutLedger: c.WithoutLedger}, os.Stdout)
}
