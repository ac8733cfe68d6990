package assets

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func built(t *testing.T, dir, text string) *Files {
	t.Helper()
	f, err := Load(fstest.MapFS{
		"assets/embed.js":   {Data: []byte(`import("/assets/__BUILD__/view.js")`)},
		"assets/view.js":    {Data: []byte(text)},
		"i18n/ru/read.json": {Data: []byte(`{"a":"` + text + `"}`)},
	}, dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A page that was opened before an upgrade finds its pieces after it, as they
// were; the last builds stay, older ones go.
func TestBuildsOutliveAnUpgrade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "assets")
	first := built(t, dir, "one")
	if a, _ := first.find("embed.js"); !strings.Contains(string(a.raw), "/assets/"+first.Build+"/view.js") {
		t.Fatalf("embed.js is %s", a.raw)
	}
	second := built(t, dir, "two")
	if first.Build == second.Build {
		t.Fatal("another build has the same name")
	}
	for name, want := range map[string]string{first.Build + "/view.js": "one", second.Build + "/view.js": "two", "view.js": "two", first.Build + "/i18n/ru/read.json": `{"a":"one"}`} {
		a, fixed := second.find(name)
		if a == nil || string(a.raw) != want || fixed != strings.Contains(name, "/") {
			t.Errorf("%s: %v, fixed %v", name, a, fixed)
		}
	}
	for _, name := range []string{"nothing/view.js", first.Build + "/nothing.js", "../" + first.Build + "/view.js"} {
		if a, _ := second.find(name); a != nil {
			t.Errorf("%s is %s", name, a.raw)
		}
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, first.Build), old, old); err != nil {
		t.Fatal(err)
	}
	var last *Files
	for i := range keepMax + 1 {
		last = built(t, dir, fmt.Sprint("later ", i))
	}
	if a, _ := last.find(first.Build + "/view.js"); a != nil {
		t.Error("the oldest build is still there")
	}
	if len(last.old) != keepMax {
		t.Errorf("%d earlier builds are kept, want %d", len(last.old), keepMax)
	}
	// A folder that cannot be written is no reason not to start.
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s := built(t, filepath.Join(blocked, "assets"), "alone"); len(s.old) != 0 {
		t.Error("read builds where there are none")
	}
}
