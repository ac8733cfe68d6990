package markup

import (
	"regexp"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// ||spoiler||, @mention and :emoji: are ours; the rest is CommonMark and GFM.

var (
	kindSpoiler = ast.NewNodeKind("Spoiler")
	kindMention = ast.NewNodeKind("Mention")
)

type spoiler struct{ ast.BaseInline }

func (*spoiler) Kind() ast.NodeKind              { return kindSpoiler }
func (n *spoiler) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// spoilerParser pairs || with || as emphasis pairs its stars.
type spoilerParser struct{}

func (spoilerParser) Trigger() []byte                           { return []byte{'|'} }
func (spoilerParser) IsDelimiter(b byte) bool                   { return b == '|' }
func (spoilerParser) CanOpenCloser(a, b *parser.Delimiter) bool { return a.Char == b.Char }
func (spoilerParser) OnMatch(int) ast.Node                      { return &spoiler{} }
func (spoilerParser) CloseBlock(ast.Node, parser.Context)       {}

func (p spoilerParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := scanDelimiter(line, before, 2, p)
	if node == nil || node.OriginalLength != 2 || before == '|' {
		return nil
	}
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

type mention struct {
	ast.BaseInline
	name []byte
}

func (*mention) Kind() ast.NodeKind              { return kindMention }
func (n *mention) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// A mention is a name of 2 to 40 letters, digits, _ . and -, that neither
// follows a word (an email address) nor ends with a dot or a dash.
var mentionAt = regexp.MustCompile(`^@[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]{0,38}[\p{L}\p{N}_])`)

type mentionParser struct{}

func (mentionParser) Trigger() []byte { return []byte{'@'} }

func (mentionParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if before := block.PrecendingCharacter(); unicode.IsLetter(before) || unicode.IsDigit(before) || before == '_' || before == '/' {
		return nil
	}
	line, _ := block.PeekLine()
	m := mentionAt.Find(line)
	if m == nil {
		return nil
	}
	if next, _ := utf8.DecodeRune(line[len(m):]); next == '@' {
		return nil
	}
	block.Advance(len(m))
	return &mention{name: append([]byte(nil), m...)}
}

var emojiAt = regexp.MustCompile(`^:([a-z0-9_+-]{1,30}):`)

type emojiParser struct{}

func (emojiParser) Trigger() []byte { return []byte{':'} }

func (emojiParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := emojiAt.FindSubmatch(line)
	if m == nil {
		return nil
	}
	char, ok := emoji[string(m[1])]
	if !ok {
		return nil
	}
	block.Advance(len(m[0]))
	return ast.NewString([]byte(char))
}

// nodeRenderer writes our own nodes, and an image as a link to it: no reader's
// browser asks a stranger's server for anything.
type nodeRenderer struct{}

func (nodeRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindSpoiler, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		s := `<span class="spoiler">`
		if !entering {
			s = `</span>`
		}
		_, err := w.WriteString(s)
		return ast.WalkContinue, err
	})
	r.Register(kindMention, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		_, err := w.WriteString(`<span class="mention">` + string(util.EscapeHTML(n.(*mention).name)) + `</span>`)
		return ast.WalkSkipChildren, err
	})
	r.Register(kindAddress, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		return ast.WalkSkipChildren, n.(*address).render(w, source)
	})
	r.Register(ast.KindImage, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		url := n.(*ast.Image).Destination
		label := util.UnescapePunctuations(textOf(n, source))
		if m := pictureAt.FindSubmatch(url); m != nil { // one of ours, if the text may show it: see writer.picture
			_, err := w.WriteString(`<img data-picture="` + string(m[1]) + `" alt="` + string(util.EscapeHTML(label)) + `">`)
			return ast.WalkSkipChildren, err
		}
		if len(label) == 0 {
			label = url
		}
		if insideLink(n) {
			_, err := w.Write(util.EscapeHTML(label))
			return ast.WalkSkipChildren, err
		}
		_, err := w.WriteString(`<a href="` + string(util.EscapeHTML(util.URLEscape(url, true))) + `">` + string(util.EscapeHTML(label)) + `</a>`)
		return ast.WalkSkipChildren, err
	})
}

func insideLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

func textOf(n ast.Node, source []byte) []byte {
	var out []byte
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch t := c.(type) {
			case *ast.Text:
				out = append(out, t.Segment.Value(source)...)
			case *ast.String:
				out = append(out, t.Value...)
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}
