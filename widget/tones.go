package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// palette is the one file that writes colours down; every other sheet names
// them, and the build puts them in. So a colour is changed in one place, and
// no sheet that is sent carries the colours of the others.
const palette = "widget/src/shared/style/tokens.css"

var (
	paletteRule = regexp.MustCompile(`(?s)/\*[^/]*\*/\s*\.palette \{(.*?)\n\}\n`)
	toneSet     = regexp.MustCompile(`(--tone-[a-z0-9-]+): ([^;]+);`)
	toneNamed   = regexp.MustCompile(`var\((--tone-[a-z0-9-]+)\)`)
)

// tones puts the colours of the palette where a sheet names them.
func tones() api.Plugin {
	return api.Plugin{Name: "tones", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `\.css$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			colours, err := os.ReadFile(palette)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			sheet, err := os.ReadFile(a.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text, err := coloured(string(sheet), string(colours))
			if err != nil {
				return api.OnLoadResult{}, fmt.Errorf("%s: %w", a.Path, err)
			}
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderCSS, ResolveDir: filepath.Dir(a.Path)}, nil
		})
	}}
}

// coloured is a sheet with its colours in their places, and without the palette.
func coloured(sheet, palette string) (string, error) {
	known := map[string]string{}
	for _, m := range toneSet.FindAllStringSubmatch(palette, -1) {
		known[m[1]] = m[2]
	}
	var missing []string
	out := toneNamed.ReplaceAllStringFunc(paletteRule.ReplaceAllString(sheet, ""), func(named string) string {
		name := toneNamed.FindStringSubmatch(named)[1]
		if known[name] == "" {
			missing = append(missing, name)
		}
		return known[name]
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("no such colour in the palette: %s", strings.Join(missing, ", "))
	}
	return out, nil
}

var (
	ownProperty = regexp.MustCompile(`(--[a-z0-9-]+):([^;{}]*)`)
	quoted      = regexp.MustCompile(`"[^"]*"|[^"]+`)
	zero        = regexp.MustCompile(`\b0\.(\d)`)
)

// tight takes the room out of the values of own properties, which esbuild
// leaves as they are written.
func tight(css string) string {
	return ownProperty.ReplaceAllStringFunc(css, func(set string) string {
		name, value, _ := strings.Cut(set, ":")
		value = quoted.ReplaceAllStringFunc(strings.TrimSpace(value), func(part string) string {
			if part[0] == '"' {
				return part
			}
			return zero.ReplaceAllString(strings.ReplaceAll(part, ", ", ","), ".$1")
		})
		return name + ":" + value
	})
}
