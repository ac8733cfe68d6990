package markup

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var kindAddress = ast.NewNodeKind("Address")

// address is a link whose text is where it leads. goldmark's own would escape
// the brackets of IPv6.
type address struct {
	ast.BaseInline
	at text.Segment
}

func (*address) Kind() ast.NodeKind              { return kindAddress }
func (n *address) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func (n *address) render(w util.BufWriter, source []byte) error {
	to := string(util.EscapeHTML(n.at.Value(source)))
	_, err := w.WriteString(`<a href="` + to + `">` + to + `</a>`)
	return err
}

// addressParser makes links of the addresses that stand in a text, in any
// script and after any character that is not a Latin letter or a digit. What
// wakes it is the colon: the parser looks for nothing at a letter.
type addressParser struct{}

func (addressParser) Trigger() []byte { return []byte{':'} }

func (addressParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	said, ok := parent.LastChild().(*ast.Text)
	if !ok || said.Segment.Stop != segment.Start || !bytes.HasPrefix(line, []byte("://")) || pc.IsInLinkLabel() {
		return nil
	}
	front := said.Segment.Value(block.Source())
	scheme := schemeAt(front)
	if scheme == 0 {
		return nil
	}
	before, _ := utf8.DecodeLastRune(front[:len(front)-scheme])
	if before < utf8.RuneSelf && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
		return nil
	}
	start := segment.Start - scheme
	if len(front) == scheme { // what stands before may be a mark that a parser took
		before = ' '
		if start > 0 {
			before, _ = utf8.DecodeLastRune(block.Source()[:start])
		}
	}
	n := addressLen(line, before)
	if n == 0 {
		return nil
	}
	if said.Segment = said.Segment.WithStop(start); said.Segment.IsEmpty() {
		parent.RemoveChild(parent, said)
	}
	block.Advance(n)
	return &address{at: text.NewSegment(start, segment.Start+n)}
}

// schemeAt is how long the scheme is that a text ends with; 0 if it ends with none.
func schemeAt(s []byte) int {
	for _, scheme := range []string{"https", "http"} {
		if n := len(s) - len(scheme); n >= 0 && bytes.EqualFold(s[n:], []byte(scheme)) {
			return len(scheme)
		}
	}
	return 0
}

// addressLen is how many bytes from :// on are an address; 0 if there is none.
// before is what stands in front of its scheme.
func addressLen(line []byte, before rune) int {
	start := len("://")
	end := start
	for end < len(line) {
		r, size := utf8.DecodeRune(line[end:])
		if unicode.IsSpace(r) || r == '<' || r == '>' || r == '"' || r == '`' || r == utf8.RuneError || unicode.Is(unicode.C, r) && !unicode.Is(unicode.Cf, r) ||
			fullStop(r) || bytes.HasPrefix(line[end:], []byte("||")) {
			break
		}
		end += size
	}
	end = start + len(trimClosing(line[start:end], before))
	if r, _ := utf8.DecodeRune(line[start:end]); end == start || r != '[' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return 0
	}
	return end
}

// fullStop reports punctuation of East Asian scripts: it is not a part of any
// address, and no space follows it.
func fullStop(r rune) bool {
	return eastAsian(r) && (unicode.IsPunct(r) || unicode.Is(unicode.Zs, r)) && r != '・' && r != '％' && r != '＿' && r != '－'
}

// closers are brackets and quotation marks by what opens them.
var closers = map[rune]rune{')': '(', ']': '[', '}': '{', '»': '«', '”': '“', '’': '‘', '›': '‹'}

// trimClosing takes off the end of an address what closes the sentence around
// it: marks of any script, and brackets that were not opened inside.
func trimClosing(s []byte, before rune) []byte {
	for len(s) > 0 {
		r, size := utf8.DecodeLastRune(s)
		opener, closes := closers[r]
		switch {
		case closes && bytes.Count(s, []byte(string(opener))) >= bytes.Count(s, []byte(string(r))):
			return s
		case closes:
		case r == '/' || r == '&' || r == '#' || r == '=' || r == '%' || r == '-' || r == '+' || r == '$' || r == '@':
			return s
		case r == '_' || r == '~' || r == '|':
			if before != r {
				return s
			}
		case r == ';' && entity(s):
			return s
		case !unicode.IsPunct(r) && r != '…':
			return s
		}
		s = s[:len(s)-size]
	}
	return s
}

// entity reports whether a text ends with something like &amp;.
func entity(s []byte) bool {
	i := bytes.LastIndexByte(s, '&')
	return i >= 0 && i < len(s)-2 && bytes.IndexFunc(s[i+1:len(s)-1], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '#' }) < 0
}
