package markup

import (
	"context"
	"strings"
	"testing"
)

const someID = "0123456789abcdef0123456789abcdef"

// Of pictures only those that were handed in show, with what the page needs to keep their room.
func TestOnlyOwnPicturesShow(t *testing.T) {
	r := New(1, 1)
	with := map[string]Picture{someID: {Src: "/media/" + someID + ".jpg", Width: 640, Height: 480, Colour: "#3b4f6c"}}
	const img = `<img src="/media/` + someID + `.jpg" alt="A &#34;lit&#34; ferry" width="640" height="480" loading="lazy" data-color="#3b4f6c">`
	for src, want := range map[string]string{
		`![A "lit" ferry](parley:` + someID + `)`:                 `<p>` + img + `</p>`,
		`![](parley:` + someID + `)`:                              `<p>` + strings.Replace(img, `A &#34;lit&#34; ferry`, ``, 1) + `</p>`,
		"before\n\n![A \"lit\" ferry](parley:" + someID + ")":     `<p>before</p>` + "\n" + `<p>` + img + `</p>`,
		`![A \"lit\" \*ferry\*](parley:` + someID + `)`:           `<p>` + strings.Replace(img, `ferry`, `*ferry*`, 1) + `</p>`,
		`![gone](parley:` + strings.Repeat("f", 32) + `)`:         `<p>gone</p>`,
		`![x](parley:../../etc/passwd)`:                           `<p>x</p>`,
		`[![linked](parley:` + someID + `)](https://a.example/)`:  `<p><a href="https://a.example/" rel="nofollow ugc noopener noreferrer">linked</a></p>`,
		`![far](https://a.example/x.png)`:                         `<p><a href="https://a.example/x.png" rel="nofollow ugc noopener noreferrer">far</a></p>`,
		`[a link](parley:` + someID + `)`:                         `<p>a link</p>`,
		`<img data-picture="` + someID + `" alt="typed">`:         `<p>&lt;img data-picture=&#34;` + someID + `&#34; alt=&#34;typed&#34;&gt;</p>`,
		"`![code](parley:" + someID + ")`":                        `<p><code>![code](parley:` + someID + `)</code></p>`,
		`![a" onerror="alert(1)](parley:` + someID + ` "title" )`: `<p>` + strings.Replace(img, `A &#34;lit&#34; ferry`, `a&#34; onerror=&#34;alert(1)`, 1) + `</p>`,
	} {
		got, err := r.RenderWith(context.Background(), src, with)
		if err != nil || got != want {
			t.Errorf("%s\n became %s, %v\n and not %s", src, got, err, want)
		}
	}
	if got, err := r.Render(context.Background(), `![words](parley:`+someID+`)`); err != nil || got != `<p>words</p>` {
		t.Errorf("without pictures: %s, %v", got, err)
	}
	if got := FromHTML(`<p>x <img data-picture="`+someID+`" alt="y"><img src="/media/`+someID+`.jpg" alt="z"></p>`, nil); strings.Contains(got, "<img") {
		t.Errorf("from a stranger's HTML came %s", got)
	}
}

func TestWhichPicturesATextNames(t *testing.T) {
	other := strings.Repeat("ab", 16)
	got := Pictures("![a](parley:" + someID + ") parley:" + other + " ![b]( <parley:" + other + ">) ![c](parley:" + someID + ") ![d](parley:12)")
	if len(got) != 2 || got[0] != someID || got[1] != other {
		t.Error(got)
	}
}
