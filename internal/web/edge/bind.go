package edge

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"parley/internal/discuss"
)

// plan is how a type is read from a request: worked out once, when the table is
// made.
type plan struct {
	fields []boundField
	form   bool // some field comes from a form
	body   bool // some field comes from a JSON body
	needed bool // ... which must be there
}

// boundField is a field that is read from the address or a header.
type boundField struct {
	index    []int
	from     string // path, query, header or form
	name     string
	required bool
	fallback string // what is read where nothing is sent
	bounded  bool   // a number has bounds
	min, max int64
}

var (
	idType     = reflect.TypeFor[discuss.ID]()
	textReader = reflect.TypeFor[TextReader]()
)

// TextReader is a field that reads itself from the address, a header or a form:
// "" where nothing is sent. Its errors are for people.
type TextReader interface {
	ReadText(field, text string) error
}

// planOf works out how v's type is read. A type that cannot be read is a
// mistake in the table, found when the program starts.
func planOf(v any) plan {
	var p plan
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		p.body, p.needed = true, true // a list, or whatever reads itself
		return p
	}
	p.add(t, nil)
	if _, ok := v.(interface{ OptionalBody() }); ok {
		p.needed = false
	}
	return p
}

func (p *plan) add(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int(nil), at...), i)
		tagged := false
		for _, from := range []string{"path", "query", "header", "form"} {
			name := f.Tag.Get(from)
			if name == "" {
				continue
			}
			tagged = true
			if f.Tag.Get("json") != "-" { // else a body could say it too
				panic("edge: " + t.Name() + "." + f.Name + " needs json:\"-\"")
			}
			switch {
			case f.Type == idType, f.Type.Kind() == reflect.String, f.Type.Kind() == reflect.Int, f.Type.Kind() == reflect.Int64,
				f.Type == reflect.TypeFor[[]string](), reflect.PointerTo(f.Type).Implements(textReader):
			default:
				panic("edge: " + t.Name() + "." + f.Name + " cannot be read from a " + from)
			}
			p.fields = append(p.fields, bound(f, index, from, name))
			p.form = p.form || from == "form"
		}
		switch {
		case tagged:
		case f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag.Get("json") == "":
			p.add(f.Type, index)
		case f.Tag.Get("json") != "" && f.Tag.Get("json") != "-":
			p.body, p.needed = true, true
		}
	}
}

// bound reads what a field's tags say.
func bound(f reflect.StructField, index []int, from, name string) boundField {
	out := boundField{index: index, from: from, name: name, required: f.Tag.Get("required") == "true", fallback: f.Tag.Get("default")}
	if least, ok := f.Tag.Lookup("minimum"); ok {
		out.bounded = true
		var err1, err2 error
		out.min, err1 = strconv.ParseInt(least, 10, 64)
		out.max, err2 = strconv.ParseInt(f.Tag.Get("maximum"), 10, 64)
		if err1 != nil || err2 != nil {
			panic("edge: the bounds of " + f.Name + " are no numbers")
		}
	}
	return out
}

// read fills in *v from a request.
func (p plan) read(q *Request, v any) error {
	if p.body && (p.needed || len(q.Request().Body()) > 0) {
		if err := Decode(q.Ctx, v, q.strict); err != nil {
			return err
		}
	}
	var form url.Values
	if p.form {
		var err error
		if form, err = Form(q.Ctx); err != nil {
			return err
		}
	}
	into := reflect.ValueOf(v).Elem()
	for _, f := range p.fields {
		if err := f.read(q, form, into.FieldByIndex(f.index)); err != nil {
			return err
		}
	}
	return nil
}

func (f boundField) read(q *Request, form url.Values, to reflect.Value) error {
	if to.Type() == reflect.TypeFor[[]string]() {
		all := form[f.name]
		if f.from == "form" {
			to.Set(reflect.ValueOf(all))
			return nil
		}
		for _, v := range q.Context().QueryArgs().PeekMulti(f.name) {
			all = append(all, string(v))
		}
		to.Set(reflect.ValueOf(all))
		return nil
	}
	text := ""
	switch f.from {
	case "path":
		text = q.Params(f.name)
	case "query":
		text = q.Query(f.name)
	case "form":
		text = form.Get(f.name)
	default:
		text = q.Get(f.name)
	}
	if reads, ok := to.Addr().Interface().(TextReader); ok {
		return reads.ReadText(f.name, text)
	}
	if text == "" {
		text = f.fallback
	}
	if text == "" {
		if f.required {
			return discuss.Bad(f.name, "must be given")
		}
		return nil
	}
	switch {
	case to.Type() == idType:
		id, err := discuss.ParseID(text)
		if err != nil && f.from != "path" { // in a path it is the name of nothing
			return discuss.Bad(f.name, "is not an id")
		}
		to.SetInt(int64(id))
		return err
	case to.Kind() == reflect.String:
		to.SetString(text)
	default:
		n, err := strconv.ParseInt(text, 10, to.Type().Bits())
		switch {
		case f.bounded && (err != nil || n < f.min || n > f.max):
			return discuss.Bad(f.name, fmt.Sprintf("must be a number from %d to %d", f.min, f.max))
		case err != nil:
			return discuss.Bad(f.name, "must be a number")
		}
		to.SetInt(n)
	}
	return nil
}

// Template is a path as the description of the API has it.
func Template(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}
