package transfer

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// xmlHandler takes an export's elements as they come. Paths are local names; of an
// element in a namespace that is not the format's, it is none that is looked for.
type xmlHandler interface {
	knows(namespace string) bool // an address, or a prefix that the file does not declare; "" for none
	begin(path []string, t xml.StartElement) error
	text(path []string, s []byte, line int) error
	end(path []string) error
	skip(id, why string)
}

// walkXML reads a whole document. Exports made by hand leave attributes
// unquoted, which the parser forgives; that every element ends where it should
// is then for us to see. what is the system's name; roots are those that its
// exports begin with.
func walkXML(r *Reader, what string, roots []string, h xmlHandler) error {
	in := newXMLText(r)
	x := xml.NewDecoder(in)
	x.Strict, x.CharsetReader = false, decoded
	var path []string
	var ns namespaces
	root := false
	for {
		tok, err := x.RawToken()
		at, _ := x.InputPos()
		if errors.Is(err, io.EOF) {
			switch {
			case !root:
				return broken("the file is not %s", what)
			case len(path) > 0:
				return broken("the file is not well-formed XML: it ends at line %d inside %q", at, path[len(path)-1])
			}
			if in.out > 0 {
				h.skip("the file", fmt.Sprintf("characters that no XML may hold were left out: %d", in.out))
			}
			return nil
		}
		if err != nil {
			var mine *ErrFile
			if errors.As(err, &mine) {
				return mine
			}
			return broken("the file is not well-formed XML at line %d", at) // the parser's own words may quote the file's bytes
		}
		r.Mark()
		switch t := tok.(type) {
		case xml.Directive:
			return broken("the file holds a DOCTYPE, which no export has")
		case xml.StartElement:
			ns.begin(t)
			if !h.knows(ns.of(t.Name.Space)) {
				t.Name.Local = foreignElement + t.Name.Local
			}
			path = append(path, t.Name.Local)
			if len(path) > maxDepth {
				return broken("the file nests deeper than %d elements", maxDepth)
			}
			if len(path) == 1 {
				if root = slices.Contains(roots, t.Name.Local); !root {
					return wrongKind(what, guessXML(t.Name.Local))
				}
			}
			err = h.begin(path, t)
		case xml.CharData:
			err = h.text(path, t, at)
		case xml.EndElement:
			if len(path) == 0 || strings.TrimPrefix(path[len(path)-1], foreignElement) != t.Name.Local {
				return broken("the file is not well-formed XML at line %d: %q ends where it did not begin", at, t.Name.Local)
			}
			err = h.end(path)
			path = path[:len(path)-1]
			ns.end(len(path))
		}
		if err != nil {
			return err
		}
	}
}

// foreignElement stands before the name of an element in a namespace that the
// format has not: no name of XML begins so.
const foreignElement = "?"

// namespaces are the prefixes that a file declares, each from where it does.
type namespaces struct {
	depth    int
	declared []declared
}

type declared struct {
	depth           int
	prefix, address string
}

func (n *namespaces) begin(t xml.StartElement) {
	n.depth++
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" && len(n.declared) < maxDepth {
			n.declared = append(n.declared, declared{n.depth, a.Name.Local, a.Value})
		}
	}
}

// end forgets what was declared by an element that has ended; depth is what is left.
func (n *namespaces) end(depth int) {
	n.depth = depth
	for len(n.declared) > 0 && n.declared[len(n.declared)-1].depth > depth {
		n.declared = n.declared[:len(n.declared)-1]
	}
}

// of is the address that a prefix stands for, or the prefix where nothing says.
func (n *namespaces) of(prefix string) string {
	for i := len(n.declared) - 1; i >= 0 && prefix != ""; i-- {
		if n.declared[i].prefix == prefix {
			return n.declared[i].address
		}
	}
	return prefix
}

// guessXML is what a document with such a root is likely to be.
func guessXML(root string) string {
	switch root {
	case "disqus":
		return "a Disqus export"
	case "rss":
		return "a WordPress export"
	case "feed":
		return "a Blogger export"
	}
	return ""
}

// wrongKind refuses a file of another system; is names that, if it is known.
func wrongKind(what, is string) error {
	if is == "" || is == what {
		return broken("the file is not %s", what)
	}
	return broken("the file is not %s: it is %s", what, is)
}

// fields are the simple children of an element by their path below it, bounded
// like every token.
type fields map[string]*strings.Builder

func (f fields) add(name string, s []byte, line int) error {
	if f[name] == nil {
		f[name] = &strings.Builder{}
	}
	if f[name].Len()+len(s) > maxToken { // in pieces it is no smaller
		return broken("the text at line %d is longer than any comment", line)
	}
	f[name].Write(s)
	return nil
}

func (f fields) get(name string) string {
	if b := f[name]; b != nil {
		return strings.TrimSpace(b.String())
	}
	return ""
}

// MarshalJSON writes them down for later.
func (f fields) MarshalJSON() ([]byte, error) {
	plain := make(map[string]string, len(f))
	for name := range f {
		plain[name] = f.get(name)
	}
	return json.Marshal(plain)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *fields) UnmarshalJSON(b []byte) error {
	var plain map[string]string
	err := json.Unmarshal(b, &plain)
	*f = fields{}
	for name, s := range plain {
		(*f)[name] = &strings.Builder{}
		(*f)[name].WriteString(s)
	}
	return err
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
