package desk

import (
	"encoding"
	"encoding/json"
	"reflect"

	"parley/internal/discuss"
)

// settingOf is what the API calls a setting, by what the audit log calls it. It
// is found by changing each of them and looking what becomes of the answer, so
// that no second list can say otherwise.
var settingOf = func() map[string]string {
	out := map[string]string{}
	site := discuss.Site{Settings: discuss.DefaultSettings()}
	before := fieldsOf(asSettings(site))
	try := func(name string, change func(*discuss.Site)) {
		other := site
		change(&other)
		for field, v := range fieldsOf(asSettings(other)) {
			if string(v) != string(before[field]) {
				out[name] = field
			}
		}
	}
	try("Name", func(s *discuss.Site) { s.Name = "x" })
	try("Origins", func(s *discuss.Site) { s.Origins = []string{"x"} })
	var walk func(prefix string, t reflect.Type, at []int)
	walk = func(prefix string, t reflect.Type, at []int) {
		for i := range t.NumField() {
			f, path := t.Field(i), append(append([]int{}, at...), i)
			_, text := reflect.Zero(f.Type).Interface().(encoding.TextMarshaler)
			if f.Type.Kind() == reflect.Struct && !text {
				walk(prefix+f.Name+".", f.Type, path)
				continue
			}
			try(prefix+f.Name, func(s *discuss.Site) { alter(reflect.ValueOf(&s.Settings).Elem().FieldByIndex(path)) })
		}
	}
	walk("", reflect.TypeFor[discuss.Settings](), nil)
	return out
}()

func fieldsOf(v settingsOut) (m map[string]json.RawMessage) {
	b, _ := json.Marshal(v)
	_ = json.Unmarshal(b, &m)
	return m
}

// alter gives a setting another value than it has.
func alter(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int:
		v.SetInt(v.Int() + 1)
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Slice:
		v.Set(reflect.ValueOf([]string{"x"}))
	case reflect.String:
		v.SetString(v.String() + "x")
	default:
		// Settings are of no other kind; a test asks that each of them is found.
	}
}

var errEdited = &discuss.Error{Kind: discuss.Conflict, Code: "edited", Detail: "Somebody else has changed this setting since you saw it. Nothing was changed: look at what holds now, and set yours if you still want to."}

// unchanged refuses a change whose caller has seen a setting as it no longer is.
func (in settingsIn) unchanged(site discuss.Site) error {
	now := fieldsOf(asSettings(site))
	for name, was := range in.Was {
		raw, ok := now[name]
		if !ok || !settingNames[name] {
			return discuss.Bad("was", "names a setting that there is not")
		}
		var is any
		if err := json.Unmarshal(raw, &is); err != nil {
			return err
		}
		if !reflect.DeepEqual(is, was) {
			return errEdited
		}
	}
	return nil
}
