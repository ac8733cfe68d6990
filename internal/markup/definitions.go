package markup

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// noting is a parser's context that notes which definitions of links were used.
type noting struct {
	parser.Context
	used map[string]bool
}

func (n *noting) Reference(label string) (parser.Reference, bool) {
	r, ok := n.Context.Reference(label)
	if ok {
		n.used[util.ToLinkReference(r.Label())] = true
	}
	return r, ok
}

var definitionAt = regexp.MustCompile(`^( {0,3})\[([^\[\]]{1,200})\]:`)

// parse reads Markdown. A definition of a link that nothing refers to, such as
// "[1]: https://source" under a text that says "[1]" nowhere, is shown as it
// was typed: CommonMark would leave it out without a word.
func (r *Renderer) parse(src []byte) ([]byte, ast.Node) {
	context := &noting{parser.NewContext(), map[string]bool{}}
	doc := r.md.Parser().Parse(text.NewReader(src), parser.WithContext(context))
	unused := map[string]bool{}
	for _, ref := range context.References() {
		if label := util.ToLinkReference(ref.Label()); !context.used[label] {
			unused[label] = true
		}
	}
	if len(unused) == 0 {
		return src, doc
	}
	src = escapeDefinitions(src, unused)
	return src, r.md.Parser().Parse(text.NewReader(src))
}

// escapeDefinitions makes text of the definitions with these labels, outside of
// fenced code.
func escapeDefinitions(src []byte, labels map[string]bool) []byte {
	var out []byte
	fence := ""
	for line := range bytes.Lines(src) {
		escaped := false
		trimmed := strings.TrimLeft(string(line), " ")
		switch {
		case fence != "" && strings.HasPrefix(trimmed, fence):
			fence = ""
		case fence == "" && (strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")):
			fence = trimmed[:3]
		case fence == "":
			if m := definitionAt.FindSubmatchIndex(line); m != nil && labels[util.ToLinkReference(line[m[4]:m[5]])] {
				out = append(append(out, line[:m[3]]...), '\\')
				line, escaped = line[m[3]:], true
			}
		}
		out = append(out, line...)
		if escaped { // what follows may be a definition that is used: those begin a paragraph
			out = append(out, '\n')
		}
	}
	return out
}
