package discuss

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd":      "passwd",
		`C:\exports\old.xml.gz`: "old.xml.gz",
		"two\nlines\x00.xml":    "two lines.xml",
		"":                      "export",
		"..":                    "export",
		"folder/":               "export",
		"\xff.xml":              ".xml",
	} {
		if got := FileName(name); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
	long := FileName(strings.Repeat("я", 500) + ".xml")
	if utf8.RuneCountInString(long) != MaxFileName+1 || !strings.HasSuffix(long, ".xml") {
		t.Errorf("a long one is called %q", long)
	}
}
