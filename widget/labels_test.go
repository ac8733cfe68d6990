package main

import (
	"encoding"
	"os"
	"reflect"
	"regexp"
	"testing"

	"parley/internal/discuss"
)

// The audit log names every setting that can change as its screen does.
func TestEverySettingHasAName(t *testing.T) {
	b, err := os.ReadFile("src/own/dashboard/entry-changes.ts")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t"?([A-Z][\w.]*)"?: "\w+",$`).FindAllStringSubmatch(string(b), -1) {
		known[m[1]] = true
	}
	var walk func(prefix string, s reflect.Type)
	walk = func(prefix string, s reflect.Type) {
		for i := range s.NumField() {
			f := s.Field(i)
			if f.Type.Kind() == reflect.Struct && !f.Type.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
				walk(prefix+f.Name+".", f.Type)
			} else if !known[prefix+f.Name] {
				t.Errorf("the audit log has no name for the setting %s%s", prefix, f.Name)
			}
		}
	}
	walk("", reflect.TypeFor[discuss.Settings]())
}
