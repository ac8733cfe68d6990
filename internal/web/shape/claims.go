package shape

import "parley/internal/discuss"

// claimText is how many characters of an imported comment are shown to tell whose it is.
const claimText = 200

// ClaimSample is one of the imported comments that somebody may have written.
type ClaimSample struct {
	ID      string `json:"id"`
	Text    string `json:"text"` // how it begins
	Created string `json:"created_at"`
	Title   string `json:"title"` // of the page, or its key
	URL     string `json:"url"`
}

// ClaimSamples are some of them; plain is the text of canonical HTML.
func ClaimSamples(list []discuss.ClaimSample, plain func(html string, limit int) string) []ClaimSample {
	out := []ClaimSample{}
	for _, c := range list {
		out = append(out, ClaimSample{c.Comment.String(), plain(c.HTML, claimText), Time(c.Created), c.Title, c.URL})
	}
	return out
}
