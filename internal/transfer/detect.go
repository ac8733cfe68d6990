package transfer

import (
	"bytes"
	"regexp"

	"golang.org/x/text/encoding/unicode"
)

// headBytes is how much of a file tells what it is.
const headBytes = 64 << 10

// heads are what the beginnings of exports hold, the surest first.
var heads = []struct {
	format string
	has    *regexp.Regexp
}{
	{"isso", regexp.MustCompile(`^SQLite format 3\x00`)},
	{"parley", regexp.MustCompile(`^\s*\{[^\n]*"parley"\s*:`)},
	{"disqus", regexp.MustCompile(`<disqus[\s>]`)},
	{"wordpress", regexp.MustCompile(`(?s)<rss[\s>].*wordpress\.org/export|<wp:wxr_version`)},
	{"blogger", regexp.MustCompile(`(?s)<feed[\s>].*(blogger\.com|schemas\.google\.com/blogger)`)},
	{"waline", regexp.MustCompile(`"type"\s*:\s*"waline"|"objectId"\s*:`)},
	{"remark42", regexp.MustCompile(`"locator"\s*:\s*\{|^\s*\{"version":\s*1,\s*"users"`)},
	{"commento", regexp.MustCompile(`"commentHex"\s*:|"commenters"\s*:|"pageId"\s*:\s*"[^"]*".*"userCreated"`)},
	{"artalk", regexp.MustCompile(`"page_key"\s*:`)},
	{"coral", regexp.MustCompile(`"storyID"\s*:|"tenantID"\s*:`)},
	{"giscus", regexp.MustCompile(`"discussions"\s*:|"issues"\s*:\s*\{|"comments"\s*:\s*(\[|\{\s*"nodes").*"author"\s*:\s*\{`)},
	{"isso-json", regexp.MustCompile(`(?s)^\s*\[\s*\{[^\[]*"comments"\s*:\s*\[`)},
	{"movabletype", regexp.MustCompile(`(?m)^(TITLE|AUTHOR|BASENAME): .*(?s:.*)^-----\r?$`)},
	{"csv", regexp.MustCompile(`^(\x{feff})?[^\n<{\[]*[,;\t][^\n<{\[]*\n`)},
}

// Detect says of the beginning of a file, unpacked, which format it has; "" where
// nothing tells.
func Detect(head []byte) string {
	head = head[:min(len(head), headBytes)]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		if plain, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(head); err == nil {
			head = plain
		}
	}
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	for _, h := range heads {
		if h.has.Match(head) {
			return h.format
		}
	}
	return ""
}
