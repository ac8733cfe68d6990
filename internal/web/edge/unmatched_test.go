package edge

import (
	"slices"
	"strings"
	"testing"
)

func TestMethodsOfAPath(t *testing.T) {
	var all []pattern
	for _, r := range []string{"GET /api/v1/sites/:site/comments", "POST /api/v1/sites/:site/comments", "PUT /api/v1/comments/:id/vote", "GET /assets/*", "GET /", "POST /auth/code"} {
		method, path, _ := strings.Cut(r, " ")
		all = append(all, pattern{method, strings.Split(strings.Trim(path, "/"), "/")})
	}
	for path, want := range map[string][]string{
		"/api/v1/sites/news/comments": {"GET", "HEAD", "POST"}, "/api/v1/comments/x/vote": {"PUT"}, "/assets/a/b.js": {"GET", "HEAD"}, "/": {"GET", "HEAD"},
		"/auth/code": {"POST"}, "/auth/code/more": nil, "/api/v1/sites//comments": nil, "/api/v1": nil, "/nothing": nil,
	} {
		if got := methodsOf(all, path); !slices.Equal(got, want) {
			t.Errorf("%s takes %v, want %v", path, got, want)
		}
	}
}
