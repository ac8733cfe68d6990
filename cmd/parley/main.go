// Command parley is the comment server and its tools: one file per command.
package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

// cli is the whole command line; every setting is a flag and a variable.
type cli struct {
	Config kong.ConfigFlag `help:"TOML file with settings." placeholder:"FILE"`
	settings

	Serve   serveCmd   `cmd:"" default:"withargs" help:"Serve comments (the default)."`
	Demo    demoCmd    `cmd:"" help:"Serve a small news site with discussions, to try everything."`
	Site    siteCmd    `cmd:"" help:"Add, list or change sites."`
	User    userCmd    `cmd:"" help:"Add, list or change accounts."`
	Import  importCmd  `cmd:"" help:"Bring comments from another system."`
	Export  exportCmd  `cmd:"" help:"Write a site's comments as Parley JSONL."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	var c cli
	k := kong.Parse(&c, kong.Name("parley"), kong.UsageOnError(), kong.Description("The comment system that publishers put under their articles."))
	if err := k.Run(&c.settings); err != nil {
		fmt.Fprintln(os.Stderr, "parley:", err)
		os.Exit(1)
	}
}
