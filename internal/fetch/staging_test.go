package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A copy that people try things on reaches this machine or nothing.
func TestAStagingCopyReachesNobody(t *testing.T) {
	here := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer here.Close()
	for _, c := range []struct {
		way  http.RoundTripper
		url  string
		good bool
	}{
		{Loopback(), here.URL, true},
		{Loopback(), strings.Replace(here.URL, "127.0.0.1", "localhost", 1), true},
		{Loopback(), "http://192.0.2.1/", false},
		{Loopback(), "http://10.0.0.1:8080/", false},
		{Loopback(), "http://[2001:db8::1]/", false},
		{Loopback(), "http://0.0.0.0/", false},
		{Nothing(), here.URL, false},
		{Nothing(), "https://example.com/", false},
	} {
		res, err := (&http.Client{Transport: c.way}).Get(c.url)
		if err == nil {
			_ = res.Body.Close()
		}
		if (err == nil) != c.good || err != nil && !errors.Is(err, ErrRefused) {
			t.Errorf("%T to %s: %v", c.way, c.url, err)
		}
	}
}
