// Command parley is the comment server and its tools: one file per command.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	_ "time/tzdata" // nights are in time zones, and a container may know of none

	"github.com/alecthomas/kong"
	_ "golang.org/x/crypto/x509roots/fallback" // nor has it roots: those of the system come first

	"parley/internal/app"
	"parley/internal/discuss"
)

// cli is the whole command line; every setting is a flag and a variable.
type cli struct {
	File kong.ConfigFlag `name:"config" help:"TOML file with settings." placeholder:"FILE" env:"PARLEY_CONFIG"`
	app.Settings

	Serve   serveCmd     `cmd:"" default:"withargs" help:"Serve comments (the default)."`
	Demo    demoCmd      `cmd:"" help:"Serve a small news site with discussions, to try everything."`
	Setup   setupLinkCmd `cmd:"" name:"setup-link" help:"Print a new one-time link to the set-up, while nobody has an account."`
	Site    siteCmd      `cmd:"" help:"Add, list or change sites."`
	Thread  threadCmd    `cmd:"" help:"Merge pages, move them to other addresses, or ask whether they answer."`
	User    userCmd      `cmd:"" help:"Add, list or change accounts."`
	Import  importCmd    `cmd:"" help:"Bring comments from another system."`
	Export  exportCmd    `cmd:"" help:"Write a site's comments: all of them, as a table, or for another system."`
	Backup  backupCmd    `cmd:"" help:"Copy the database, also while the server runs."`
	Restore restoreCmd   `cmd:"" help:"Put a backup in place of the database, or list those that are there."`
	Jobs    jobsCmd      `cmd:"" help:"Send or drop mail that a restore has held."`
	Upgrade upgradeCmd   `cmd:"" help:"Say what this build would do to the database."`
	Token   tokenCmd     `cmd:"" help:"Make tokens for programs."`
	Way     wayCmd       `cmd:"" help:"A site's own ways to sign in."`
	SSO     ssoCmd       `cmd:"" name:"sso" help:"Keys of a site that signs its readers in itself."`
	Doctor  doctorCmd    `cmd:"" help:"Say what is wrong with this install."`
	Options configCmd    `cmd:"" name:"config" help:"Print the settings in effect, and where each is from."`
	Version versionCmd   `cmd:"" help:"Print the version."`

	Completion completionCmd `cmd:"" help:"Print what makes a shell complete this program's commands."`
	Complete   completeCmd   `cmd:"" hidden:""`
}

func main() {
	app.Version = version + commit()
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "parley:", words(err))
		os.Exit(1)
	}
}

// words is an error in words for whoever gave the command: codes are for programs.
func words(err error) string {
	text := err.Error()
	var each func(err error)
	each = func(err error) {
		if known, ok := err.(*discuss.Error); ok { //nolint:errorlint // each one of the tree comes by
			said := known.Detail
			if errors.Is(known, discuss.ErrNotFound) && known.Detail == discuss.ErrNotFound.Detail {
				said = "not found"
			}
			if errors.Is(known, context.Canceled) { // not the store's fault
				said = "interrupted"
			}
			if len(known.Fields) > 0 {
				said = known.Fields[0].Name + ": " + known.Fields[0].Message
			}
			text = strings.ReplaceAll(text, known.Error(), said)
		}
		switch err := err.(type) { //nolint:errorlint // as above
		case interface{ Unwrap() error }:
			if inner := err.Unwrap(); inner != nil {
				each(inner)
			}
		case interface{ Unwrap() []error }:
			for _, inner := range err.Unwrap() {
				each(inner)
			}
		}
	}
	each(err)
	if errors.Is(err, context.Canceled) {
		text = strings.ReplaceAll(text, context.Canceled.Error(), "interrupted")
	}
	return text
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
		kong.Configuration(from.load), kong.Bind(from), kong.Help(help), kong.Vars{"formats": strings.Join(app.Formats(), ",")})
	if err != nil {
		return err
	}
	k, err := p.Parse(args)
	if err != nil {
		return fmt.Errorf("%s (see parley --help)", withoutValues(err.Error()))
	}
	c.Settings.Version = version
	c.Unknown = strangers(p.Model.Node, os.Environ())
	setLog(os.Stderr, c.Log)
	return k.Run(&c.Settings)
}

// strangers finds variables that begin like ours and that no flag reads, each
// with the name that was probably meant.
func strangers(n *kong.Node, environ []string) (out []string) {
	known := map[string]bool{}
	var walk func(*kong.Node)
	walk = func(n *kong.Node) {
		for _, f := range n.Flags {
			for _, env := range f.Envs {
				known[env] = true
			}
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(n)
	for _, v := range environ {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "PARLEY_") || known[name] {
			continue
		}
		best, least := "", len(name)
		for k := range known {
			if d := distance(name, k); d < least || d == least && k < best {
				best, least = k, d
			}
		}
		why := "is no setting and does nothing"
		if least <= len(name)/4 {
			why += "; did you mean " + best + "?"
		}
		out = append(out, "the variable "+name+" "+why)
	}
	return out
}

// distance is that of Levenshtein: how many letters must be put in, taken out or
// changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
