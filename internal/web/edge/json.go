package edge

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
)

// Encode writes v as the JSON that this API speaks: HTML is not escaped, since
// nothing here is ever served as HTML and it would cost a fifth of every page.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// SendJSON answers with v; its content type is JSON where none is given.
func SendJSON(c *fiber.Ctx, v any, contentType ...string) error {
	b, err := Encode(v)
	if err != nil {
		return err
	}
	t := "application/json"
	if len(contentType) > 0 {
		t = contentType[0]
	}
	c.Response().Header.SetContentType(t)
	c.Response().SetBodyRaw(b)
	return nil
}

// Decode reads the body into v; another type than JSON is refused before
// looking. What v does not name is refused where strict says so. Elsewhere it is
// ignored: the widget of another release may say more.
func Decode(c *fiber.Ctx, v any, strict bool) error {
	t, _, err := mime.ParseMediaType(c.Get("Content-Type"))
	if err != nil || t != "application/json" {
		return ErrType
	}
	body := c.Request().Body()
	if !utf8.Valid(body) { // the decoder would put U+FFFD and go on
		return discuss.Bad(brokenField(body), "is not valid UTF-8")
	}
	return unmarshal(body, v, strict)
}

// Unmarshal reads JSON into v; what is wrong with it is an error for people.
func Unmarshal(body []byte, v any) error { return unmarshal(body, v, false) }

// maxFieldName is how much of an unknown field's name an error repeats.
const maxFieldName = 40

func unmarshal(body []byte, v any, strict bool) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(v); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok { // encoding/json has no type for it
			if plain, err := strconv.Unquote(name); err == nil {
				name = plain
			}
			if r := []rune(name); len(r) > maxFieldName {
				name = string(r[:maxFieldName])
			}
			return discuss.Bad(name, "is no field of this request")
		}
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) && te.Field != "" {
			return discuss.Bad(fieldName(reflect.TypeOf(v), te.Field), "has the wrong type")
		}
		return ErrNotJSON
	}
	if _, err := d.Token(); err != io.EOF {
		return ErrNotJSON
	}
	return nil
}

// Form reads a body that a form has sent. What stands in the address is no part
// of it.
func Form(c *fiber.Ctx) (url.Values, error) {
	if t, _, err := mime.ParseMediaType(c.Get("Content-Type")); err != nil || t != fiber.MIMEApplicationForm {
		return nil, ErrForm
	}
	form, err := url.ParseQuery(string(c.Request().Body()))
	if err != nil {
		return nil, ErrNotForm
	}
	return form, nil
}

// fieldName is where in a body of type t an error lies: path, as encoding/json
// says it, without the names of embedded structs, which no client knows.
func fieldName(t reflect.Type, path string) string {
	var out []string
	for _, part := range strings.Split(path, ".") {
		for t != nil && (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map) {
			t = t.Elem()
		}
		embedded := false
		if t != nil && t.Kind() == reflect.Struct {
			var next reflect.Type
			for _, f := range reflect.VisibleFields(t) {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if embedded = f.Anonymous && name == "" && f.Name == part; embedded || name == part {
					next = f.Type
					break
				}
			}
			t = next
		}
		if !embedded {
			out = append(out, part)
		}
	}
	return strings.Join(out, ".")
}

// brokenField names the first field of an object that is not valid UTF-8.
func brokenField(body []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) == nil {
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if !utf8.Valid(fields[name]) && utf8.ValidString(name) {
				return name
			}
		}
	}
	return ""
}
