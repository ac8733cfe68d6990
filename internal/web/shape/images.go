package shape

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
)

// Image is an image as whoever has uploaded it, or decides about it, is told.
type Image struct {
	ID      string `json:"id"`
	URL     string `json:"url"` // signed where not everybody may see it
	Width   int    `json:"width"`
	Height  int    `json:"height"`
	Color   string `json:"color"`
	Blur    string `json:"blur" enum:",new,site,mod,held"`
	State   string `json:"state" enum:",held,illegal"`
	Checked bool   `json:"checked"` // a moderator said that it may stand
}

// ImageOf is that. Of one that is hidden there is no address: who wants to see it asks to open it.
func (s Shaper) ImageOf(m discuss.Image) Image {
	out := Image{m.ID, "", m.Width, m.Height, m.Colour, m.Veil, m.State, m.Checked}
	if m.State == discuss.ImageThere {
		out.URL = s.Base + s.SignedPath(m.Path(), lookFor)
	}
	return out
}

const (
	lookFor  = time.Hour        // how long a signed address of an image holds
	openFor  = 5 * time.Minute  // and of one that is hidden
	lookStep = 10 * time.Minute // by which its end is rounded, so that a page that is read twice names it once
	opens    = "o"              // begins the end of one that opens a hidden image
)

// Opened is the address of an image that is hidden, for whoever has asked to open it.
func (s Shaper) Opened(m discuss.Image) string {
	until := opens + strconv.FormatInt(s.Now().Add(openFor).Unix(), 10)
	return s.Base + m.Path() + "?until=" + until + "&sign=" + imageSign(s.Key, m.Path(), until)
}

// SignedPath is the path of an image with leave to see it for a while.
func (s Shaper) SignedPath(path string, d time.Duration) string {
	until := strconv.FormatInt(s.Now().Truncate(lookStep).Add(d+lookStep).Unix(), 10)
	return path + "?until=" + until + "&sign=" + imageSign(s.Key, path, until)
}

func imageSign(key []byte, path, until string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("image\x00" + path + "\x00" + until))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

// Lets reports whether an address of an image was signed by us and still holds; hidden says that it opens hidden ones too.
func Lets(key []byte, path, until, sign string, now time.Time) (ok, hidden bool) {
	if !hmac.Equal([]byte(imageSign(key, path, until)), []byte(sign)) {
		return false, false
	}
	text, hidden := strings.CutPrefix(until, opens)
	at, err := strconv.ParseInt(text, 10, 64)
	return err == nil && now.Unix() < at, hidden
}

var imageTag = regexp.MustCompile(`<img src="(/media/[0-9a-f]{32}\.(?:jpg|png))" alt="([^"]*)"([^>]*)>`)

// signed is HTML whose images can be seen by who may not see them in public.
func (s Shaper) signed(text string) string {
	if !strings.Contains(text, "<img ") { // nearly always
		return text
	}
	return imageTag.ReplaceAllStringFunc(text, func(tag string) string {
		m := imageTag.FindStringSubmatch(tag)
		return `<img src="` + html.EscapeString(s.SignedPath(m[1], lookFor)) + `" alt="` + m[2] + `"` + m[3] + `>`
	})
}

// Plain is a comment's HTML for where no script of ours runs: feeds, pages that
// take it in, the stand-alone page. Images have whole addresses, and those
// behind a veil are links; one that is hidden is its words.
func (s Shaper) Plain(text string) string {
	if !strings.Contains(text, "<img ") {
		return text
	}
	return imageTag.ReplaceAllStringFunc(text, func(tag string) string {
		m := imageTag.FindStringSubmatch(tag)
		at, alt, rest := s.Base+m[1], m[2], m[3]
		_, veil, behind := strings.Cut(rest, ` data-blur="`)
		if !behind {
			return `<img src="` + at + `" alt="` + alt + `"` + rest + `>`
		}
		if alt == "" {
			alt = "▒▒▒▒"
		}
		if strings.HasPrefix(veil, discuss.VeilOnceOut) {
			return "▒▒▒▒"
		}
		return `<a href="` + at + `" rel="nofollow ugc noopener noreferrer">` + alt + `</a>`
	})
}
