package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"

	"parley/internal/app"
)

// origins knows the settings file, and so where a setting came from. Flags win
// over variables, variables over the file, the file over defaults.
type origins struct{ file map[string]any }

// load reads the TOML file of --config. Its keys are the names of the flags.
func (o *origins) load(r io.Reader) (kong.Resolver, error) {
	if err := toml.NewDecoder(r).Decode(&o.file); err != nil {
		var at *toml.DecodeError
		if errors.As(err, &at) {
			row, _ := at.Position()
			return nil, fmt.Errorf("settings file, line %d: %w", row, err)
		}
		return nil, fmt.Errorf("settings file: %w", err)
	}
	return o, nil
}

// Validate refuses a key that no setting has: a typing mistake is not a default.
func (o *origins) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, f := range settingFlags(app) {
		known[f.Name] = true
	}
	for _, k := range slices.Sorted(maps.Keys(o.file)) {
		if !known[k] {
			return fmt.Errorf("settings file: there is no setting %q", k)
		}
	}
	return nil
}

// Resolve gives a flag its value from the file, unless a variable is set.
func (o *origins) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	if variable(f) != "" {
		return nil, nil
	}
	v := o.file[f.Name]
	if _, text := v.(string); v != nil && !text && f.Target.Kind() == reflect.String {
		return nil, fmt.Errorf("settings file: %s must be text, in quotes", f.Name) // without the value: it may be a secret
	}
	return v, nil
}

// variable is the variable that sets f, or "".
func variable(f *kong.Flag) string {
	for _, name := range f.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return name
		}
	}
	return ""
}

func settingFlags(app *kong.Application) (out []*kong.Flag) {
	for _, f := range app.Flags {
		if f.Name != "help" && f.Name != "config" {
			out = append(out, f)
		}
	}
	return out
}

type configCmd struct {
	JSON bool `name:"json" help:"Print one JSON object a line."`
}

// Run prints every setting with its source. Secrets are masked.
func (c configCmd) Run(k *kong.Context, o *origins, s *app.Settings) error {
	var rows [][]string
	given := map[string]bool{}
	for _, p := range k.Path {
		if p.Flag != nil && !p.Resolved {
			given[p.Flag.Name] = true
		}
	}
	for _, f := range settingFlags(k.Model) {
		from := "default"
		switch {
		case given[f.Name]:
			from = "flag --" + f.Name
		case variable(f) != "":
			from = variable(f)
		case o.file[f.Name] != nil:
			from = "file"
		}
		value := show(f)
		if f.Name == "public-url" && value == "-" { // what it follows from is a setting too
			value = s.BaseURL()
		}
		if f.Name == "listen" {
			value = s.Address()
		}
		rows = append(rows, []string{f.Name, value, from})
	}
	if c.JSON {
		return table{JSON: true}.print([]string{"name", "value", "from"}, rows)
	}
	for _, r := range rows {
		fmt.Printf("%-16s %-40s %s\n", r[0], r[1], r[2])
	}
	return nil
}

func show(f *kong.Flag) string {
	if strings.HasSuffix(f.Name, "-secret") || f.Name == "oidc" {
		return masked(f)
	}
	v := strings.Trim(fmt.Sprint(f.Target.Interface()), "[]")
	if f.Name == "database" && strings.Contains(v, "@") {
		v = strings.TrimPrefix(v, "sqlite:")
	}
	if strings.HasSuffix(f.Name, "-url") || f.Name == "database" && strings.Contains(v, "://") || f.Name == "providers-via" { // any of them may hold a password
		u, err := url.Parse(v)
		if err != nil || u.Host == "" && v != "" {
			return "xxxxx (not an address)"
		}
		return orDash(u.Redacted())
	}
	return orDash(v)
}

func orDash(v string) string {
	if v == "" {
		return "-"
	}
	return v
}

// masked shows that a secret is set, and of issuers which.
func masked(f *kong.Flag) string {
	switch v := f.Target.Interface().(type) {
	case app.Issuers:
		if len(v) > 0 {
			return strings.Join(slices.Sorted(maps.Keys(v)), " ")
		}
	case string:
		if v != "" {
			return "xxxxx"
		}
	}
	return "-"
}
