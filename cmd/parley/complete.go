package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" help:"bash, zsh or fish." enum:"bash,zsh,fish"`
}

// The scripts ask the program itself what may come next, so they suit whatever
// version is installed. Where it knows nothing, the shell offers file names.
var completions = map[string]string{
	"bash": `_parley() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _parley parley
`,
	"zsh": `#compdef parley
_parley() {
  local -a next
  next=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( ${#next} )) && [[ -n "${next[1]}" ]]; then compadd -- $next; else _files; fi
}
compdef _parley parley
`,
	"fish": `complete -c parley -a '(set -l w (commandline -opc) (commandline -ct); $w[1] complete -- $w[2..] 2>/dev/null)'
`,
}

// Run prints what a shell's start-up file takes.
func (c completionCmd) Run() error {
	fmt.Print(completions[c.Shell])
	return nil
}

type completeCmd struct {
	Words []string `arg:"" optional:"" passthrough:""`
}

// Run prints what may stand in the place of the last word, one to a line.
func (c completeCmd) Run(k *kong.Context) error {
	words := c.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	for _, w := range candidates(k.Model.Node, words) {
		fmt.Println(w)
	}
	return nil
}

// candidates are what may stand in the place of the last word: commands, flags, or a flag's values.
func candidates(n *kong.Node, words []string) (out []string) {
	last := ""
	if len(words) > 0 {
		last, words = words[len(words)-1], words[:len(words)-1]
	}
	flags := map[string]*kong.Flag{}
	know := func(n *kong.Node) {
		for _, f := range n.Flags {
			flags["--"+f.Name] = f
		}
	}
	know(n)
	var open *kong.Flag // waits for its value
	for _, w := range words {
		switch {
		case open != nil:
			open = nil
		case strings.HasPrefix(w, "--"):
			name, _, given := strings.Cut(w, "=")
			if f := flags[name]; f != nil && !given && !f.IsBool() {
				open = f
			}
		default:
			if i := slices.IndexFunc(n.Children, func(c *kong.Node) bool { return c.Name == w || slices.Contains(c.Aliases, w) }); i >= 0 {
				n = n.Children[i]
				know(n)
			}
		}
	}
	add := func(w string) {
		if strings.HasPrefix(w, last) {
			out = append(out, w)
		}
	}
	switch name, _, given := strings.Cut(last, "="); {
	case open != nil:
		for _, v := range open.EnumSlice() {
			add(v)
		}
	case given:
		if f := flags[name]; f != nil {
			for _, v := range f.EnumSlice() {
				add(name + "=" + v)
			}
		}
	case strings.HasPrefix(last, "-"):
		for name, f := range flags {
			if !f.Hidden {
				add(name)
			}
		}
	default:
		for _, c := range n.Children {
			if !c.Hidden {
				add(c.Name)
			}
		}
		for _, p := range n.Positional {
			for _, v := range p.EnumSlice() {
				add(v)
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(out, func(w string) bool { return w == "" })
}
