package markup

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

var document = goldmark.New(goldmark.WithExtensions(extension.GFM))

// Document makes HTML of a text of ours, headings and relative links included.
// It is for what the program itself carries, never for what people write.
func Document(src string) (string, error) {
	var b bytes.Buffer
	err := document.Convert([]byte(src), &b)
	return b.String(), err
}
