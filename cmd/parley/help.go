package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// help prints what a command itself takes. The settings of the server are flags
// of every command, some sixty of them: they are printed where they belong, with
// serve, and elsewhere named in a line.
func help(o kong.HelpOptions, k *kong.Context) error {
	node := k.Selected()
	if node != nil && node.Name == "serve" {
		return kong.DefaultHelpPrinter(o, k)
	}
	for _, f := range k.Model.Flags {
		f.Hidden = f.Hidden || f.Name != "help" && f.Name != "config" && f.Name != "database"
	}
	if err := kong.DefaultHelpPrinter(o, k); err != nil {
		return err
	}
	_, err := fmt.Fprintln(k.Stdout, "\nEvery setting of the server is a flag here too: parley serve --help lists them.")
	return err
}
