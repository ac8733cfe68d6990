package discuss

import (
	"encoding/json"
	"os"
	"testing"
)

func TestThreadKeyFromURL(t *testing.T) {
	b, err := os.ReadFile("testdata/threadkey.json")
	if err != nil {
		t.Fatal(err)
	}
	var table []struct{ In, Key string }
	if err := json.Unmarshal(b, &table); err != nil {
		t.Fatal(err)
	}
	for _, c := range table {
		if got, ok := ThreadKeyFromURL(c.In); !ok || got != c.Key {
			t.Errorf("%s\n got %s\nwant %s", c.In, got, c.Key)
		}
		if again, ok := ThreadKeyFromURL(c.Key); !ok || again != c.Key {
			t.Errorf("%s is not its own key: %s", c.Key, again)
		}
	}
	for _, bad := range []string{"", "javascript:alert(1)", "/a", "ftp://x.example/", "https://", "http://a\x00b/", "not a url"} {
		if got, ok := ThreadKeyFromURL(bad); ok {
			t.Errorf("%q gave %q", bad, got)
		}
	}
}
