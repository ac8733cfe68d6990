package main

import (
	"context"
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
	From  string `arg:"" name:"file" help:"Backup to put in place." type:"existingfile"`
	Force bool   `help:"Replace a database that is there; it is kept beside, as NAME.before-restore, or with a number where that is taken."`
}

// Run checks the backup, then puts it where the database belongs.
func (c *restoreCmd) Run(s *app.Settings) error {
	return app.Restore(context.Background(), s, c.From, c.Force, os.Stdout)
}
