package doctor

import "testing"

func TestSameSite(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"comments.news.example", "www.news.example", true},
		{"news.example", "news.example", true},
		{"news.example", "other.example", false},
		{"a.co.uk", "b.co.uk", false},
		{"comments.a.co.uk", "www.a.co.uk", true},
		{"a.github.io", "b.github.io", false},
		{"localhost", "localhost", true},
		{"127.0.0.1", "127.0.0.2", false},
	} {
		if got := sameSite(c.a, c.b); got != c.want {
			t.Errorf("sameSite(%s, %s) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
