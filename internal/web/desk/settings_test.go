package desk

import (
	"reflect"
	"testing"

	"parley/internal/discuss"
)

// A setting that goes out comes back as it was: one that is missing in either
// direction would be emptied by a change of any other.
func TestEverySettingGoesOutAndComesBack(t *testing.T) {
	site := discuss.Site{Key: "news", Name: "News", Origins: []string{"https://news.example"}}
	set(reflect.ValueOf(&site.Settings).Elem(), "x", 7)
	site.Settings.Moderation.AkismetKey, site.Settings.Moderation.ScorerKey, site.Settings.Moderation.HookSecret = "", "", "" // never go out
	other := site
	set(reflect.ValueOf(&other.Settings).Elem(), "y", 9)
	other.Settings.Moderation.AkismetKey, other.Settings.Moderation.ScorerKey, other.Settings.Moderation.HookSecret = "", "", ""
	in := settingsIn{settings: asSettings(site).settings}
	if err := in.into(&other); err != nil {
		t.Fatal(err)
	}
	compare(t, "", reflect.ValueOf(site.Settings), reflect.ValueOf(other.Settings))
}

func compare(t *testing.T, at string, want, got reflect.Value) {
	t.Helper()
	for i := range want.NumField() {
		name := at + want.Type().Field(i).Name
		if want.Field(i).Kind() == reflect.Struct {
			compare(t, name+".", want.Field(i), got.Field(i))
			continue
		}
		if !reflect.DeepEqual(want.Field(i).Interface(), got.Field(i).Interface()) {
			t.Errorf("%s went out as %v and came back as %v", name, want.Field(i), got.Field(i))
		}
	}
}

// set gives every field a value by its kind. Bools are true for the first and
// false for the second.
func set(v reflect.Value, s string, n int64) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			set(v.Field(i), s, n)
		}
	case reflect.String:
		v.SetString(s)
	case reflect.Int, reflect.Int64:
		v.SetInt(n)
	case reflect.Float64:
		v.SetFloat(float64(n) / 10)
	case reflect.Bool:
		v.SetBool(n == 7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		set(v.Index(0), s, n)
	default:
		panic("a setting of kind " + v.Kind().String())
	}
}
