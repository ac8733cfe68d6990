package fetch

import (
	"fmt"
	"testing"
)

func TestTagsOfAPage(t *testing.T) {
	for page, want := range map[string]string{
		`<parley-comments site="news" thread=" a ">`:                                          "[{news a}] ",
		`<PARLEY-COMMENTS SITE=news></PARLEY-COMMENTS>`:                                       "[{news }] ",
		`<script async src=x data-site="news" data-thread="b"></script>`:                      "[{news b}] ",
		`<link rel=canonical href="../c?x=1"><parley-comments site=n>`:                        "[{n }] https://news.example/c?x=1",
		`<!-- <parley-comments site="news"> --><textarea><parley-comments site=n></textarea>`: "[] ",
		`<script>"<parley-comments site='news'>"</script>`:                                    "[] ",
	} {
		tags, canonical := Tags([]byte(page), "https://news.example/a/b")
		if got := fmt.Sprint(tags, " ", canonical); got != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}
