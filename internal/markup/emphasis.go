package markup

import (
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// emphasisParser is CommonMark's emphasis with the amendment of
// markdown-cjk-friendly (github.com/tats-u/markdown-cjk-friendly, specification
// of 2024): languages that put no spaces between words have bold and italic
// beside their own punctuation, too.
type emphasisParser struct{}

func (emphasisParser) Trigger() []byte                           { return []byte{'*', '_'} }
func (emphasisParser) IsDelimiter(b byte) bool                   { return b == '*' || b == '_' }
func (emphasisParser) CanOpenCloser(a, b *parser.Delimiter) bool { return a.Char == b.Char }
func (emphasisParser) OnMatch(n int) ast.Node                    { return ast.NewEmphasis(n) }

func (p emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := scanDelimiter(line, before, 1, p)
	if node == nil {
		return nil
	}
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

// scanDelimiter is parser.ScanDelimiter with the amendment: punctuation of an
// East Asian script counts as a letter, and a letter of one lets a run of
// marks stand between it and any punctuation.
func scanDelimiter(line []byte, before rune, minimum int, p parser.DelimiterProcessor) *parser.Delimiter {
	n := 0
	for n < len(line) && line[n] == line[0] {
		n++
	}
	if n < minimum {
		return nil
	}
	after := ' '
	if n < len(line) {
		after = util.ToRune(line, n)
	}
	punctBefore, punctAfter := util.IsPunctRune(before) && !eastAsian(before), util.IsPunctRune(after) && !eastAsian(after)
	spaceBefore, spaceAfter := util.IsSpaceRune(before), util.IsSpaceRune(after)
	left := !spaceAfter && (!punctAfter || spaceBefore || punctBefore || eastAsian(before))
	right := !spaceBefore && (!punctBefore || spaceAfter || punctAfter || eastAsian(after))
	if line[0] == '_' {
		left, right = left && (!right || punctBefore), right && (!left || punctAfter)
	}
	return parser.NewDelimiter(left, right, n, line[0], p)
}

// eastAsian reports letters and punctuation of scripts without spaces between words.
func eastAsian(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) ||
		r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF || r >= 0xFE30 && r <= 0xFE4F
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// backslashParser leaves a backslash before an underscore within a word: it is
// the arm of a shrug or a part of a path, and who meant emphasis would not have
// written it there.
type backslashParser struct{}

func (backslashParser) Trigger() []byte { return []byte{'\\'} }

func (backslashParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) < 3 || line[1] != '_' {
		return nil
	}
	before, after := block.PrecendingCharacter(), util.ToRune(line, 2)
	if util.IsSpaceRune(before) || before == '\\' || util.IsSpaceRune(after) || word(before) && !word(after) {
		return nil // it begins or ends what is not to be italic
	}
	block.Advance(2)
	s := ast.NewString([]byte(`\_`))
	s.SetRaw(true)
	return s
}
