package transfer

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// xmlText is an XML file as UTF-8 without the characters that no XML may hold:
// exports have them, for the text that they were in was never XML, and a parser
// refuses the whole file for one. How many were left out is counted.
type xmlText struct {
	r    *bufio.Reader
	left []byte // that was read and is to be given
	out  int    // characters left out
}

// longestReference is how long a reference to a character by its number is at most.
const longestReference = len("&#x10FFFF;")

func newXMLText(r io.Reader) *xmlText {
	return &xmlText{r: plainText(r)}
}

// plainText is a file as UTF-8 where its first bytes say that it is UTF-16.
func plainText(r io.Reader) *bufio.Reader {
	b := bufio.NewReaderSize(r, 64<<10)
	if head, err := b.Peek(2); err == nil && (bytes.Equal(head, []byte{0xff, 0xfe}) || bytes.Equal(head, []byte{0xfe, 0xff})) {
		b = bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(b), 64<<10)
	}
	return b
}

// Read is io.Reader.
func (t *xmlText) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(t.left) > 0 {
			k := copy(p[n:], t.left)
			t.left, n = t.left[k:], n+k
			continue
		}
		c, err := t.r.ReadByte()
		if err != nil {
			if n > 0 {
				return n, nil // the error comes again
			}
			return 0, err
		}
		switch {
		case forbiddenInXML(rune(c)):
			t.out++
		case c == '&':
			if skip := t.reference(); skip > 0 {
				t.out++
				_, _ = t.r.Discard(skip) // it was peeked at
				continue
			}
			p[n] = c
			n++
		default:
			p[n] = c
			n++
		}
		if t.r.Buffered() == 0 && n > 0 { // never wait for more than was asked
			break
		}
	}
	return n, nil
}

// reference is how long the rest of a reference to such a character is; 0: it is none.
func (t *xmlText) reference() int {
	ahead, _ := t.r.Peek(longestReference - 1)
	if len(ahead) == 0 || ahead[0] != '#' {
		return 0
	}
	number, _, ended := strings.Cut(string(ahead[1:]), ";")
	if !ended {
		return 0
	}
	base := 10
	digits := number
	if strings.HasPrefix(number, "x") || strings.HasPrefix(number, "X") {
		base, digits = 16, number[1:]
	}
	code, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !forbiddenInXML(rune(code)) { //nolint:gosec // 32 bits
		return 0
	}
	return 1 + len(number) + 1
}

// forbiddenInXML says that XML 1.0 may not hold a character, section 2.2; of those
// above ASCII a parser is asked.
func forbiddenInXML(c rune) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' }

// decoded reads a file that says which encoding it is in.
func decoded(label string, in io.Reader) (io.Reader, error) {
	if strings.HasPrefix(strings.ToLower(label), "utf-16") { // done by its first bytes
		return in, nil
	}
	return charset.NewReaderLabel(label, in)
}
