// Command parley is the comment server and its tools: one file per command.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	_ "time/tzdata" // nights are in time zones, and a container may know of none

	"github.com/alecthomas/kong"
)

// cli is the whole command line; every setting is a flag and a variable.
type cli struct {
	File kong.ConfigFlag `name:"config" help:"TOML file with settings." placeholder:"FILE" env:"PARLEY_CONFIG"`
	settings

	Serve   serveCmd   `cmd:"" default:"withargs" help:"Serve comments (the default)."`
	Demo    demoCmd    `cmd:"" help:"Serve a small news site with discussions, to try everything."`
	Site    siteCmd    `cmd:"" help:"Add, list or change sites."`
	User    userCmd    `cmd:"" help:"Add, list or change accounts."`
	Import  importCmd  `cmd:"" help:"Bring comments from another system."`
	Export  exportCmd  `cmd:"" help:"Write a site's comments as Parley JSONL."`
	Backup  backupCmd  `cmd:"" help:"Copy the database, also while the server runs."`
	Restore restoreCmd `cmd:"" help:"Put a backup in place of the database."`
	Token   tokenCmd   `cmd:"" help:"Make tokens for programs."`
	Way     wayCmd     `cmd:"" help:"A site's own ways to sign in."`
	SSO     ssoCmd     `cmd:"" name:"sso" help:"Keys of a site that signs its readers in itself."`
	Doctor  doctorCmd  `cmd:"" help:"Say what is wrong with this install."`
	Options configCmd  `cmd:"" name:"config" help:"Print the settings in effect, and where each is from."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "parley:", err)
		os.Exit(1)
	}
}

// withoutValues drops what variables hold from an error of kong's, which quotes
// one that it cannot read: it may be a secret.
func withoutValues(text string) string {
	for _, env := range os.Environ() {
		if name, value, _ := strings.Cut(env, "="); strings.HasPrefix(name, "PARLEY_") && value != "" {
			text = strings.ReplaceAll(text, name+"="+strconv.Quote(value), name)
		}
	}
	return text
}

func run(args []string) error {
	var c cli
	from := &origins{}
	p, err := kong.New(&c, kong.Name("parley"), kong.Description("The comment system that publishers put under their articles."),
		kong.Configuration(from.load), kong.Bind(from))
	if err != nil {
		return err
	}
	k, err := p.Parse(args)
	if err != nil {
		return fmt.Errorf("%s (see parley --help)", withoutValues(err.Error()))
	}
	return k.Run(&c.settings)
}
