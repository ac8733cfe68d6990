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

// Decode reads the body into v. What v does not name is ignored, so that a
// newer client may say more; another type than JSON is refused before looking.
func Decode(c *fiber.Ctx, v any) error {
	t, _, err := mime.ParseMediaType(c.Get("Content-Type"))
	if err != nil || t != "application/json" {
		return ErrType
	}
	body := c.Request().Body()
	if !utf8.Valid(body) { // the decoder would put U+FFFD and go on
		return discuss.Bad(brokenField(body), "is not valid UTF-8")
	}
	return Unmarshal(body, v)
}

// Unmarshal reads JSON into v; what is wrong with it is an error for people.
func Unmarshal(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(v); err != nil {
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

// Form reads a body of at most limit bytes that a form has sent. What stands
// in the address is no part of it.
func Form(c *fiber.Ctx, limit int) (url.Values, error) {
	if t, _, err := mime.ParseMediaType(c.Get("Content-Type")); err != nil || t != fiber.MIMEApplicationForm {
		return nil, ErrForm
	}
	body := c.Request().Body()
	if len(body) > limit {
		return nil, ErrLarge
	}
	form, err := url.ParseQuery(string(body))
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
