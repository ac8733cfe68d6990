// Package scorers asks services that are not ours about a comment that has
// been answered already: Akismet, an OpenAI-compatible moderation endpoint, a
// site's own signed hook. What they say becomes one more finding; that they do
// not answer never holds up anybody.
package scorers

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/moderation"
)

const (
	maxAnswer    = 64 << 10 // bytes that are read of an answer
	patience     = 15 * time.Second
	akismetHost  = "rest.akismet.com"
	scorerDetail = 60 // bytes of a category's name that are kept
)

// Store is what is read of a comment.
type Store interface {
	CommentByID(ctx context.Context, id discuss.ID) (discuss.Comment, error)
	SiteByID(ctx context.Context, id discuss.ID) (discuss.Site, error)
	ThreadByID(ctx context.Context, id discuss.ID) (discuss.Thread, error)
}

// Asker does the jobs of kind "ask".
type Asker struct {
	Store   Store
	Service *discuss.Service
	Client  *http.Client // reaches the public internet only
	Now     func() time.Time
	Base    string // our public address, which Akismet calls the blog
	Akismet string // address of the API; "" is Akismet's own
}

type job struct {
	Key  discuss.ID `json:"key"`
	Site discuss.ID `json:"site"`
	Text string     `json:"text"`
}

// Ask puts one comment to one service and lets the domain decide again.
func (a *Asker) Ask(ctx context.Context, payload string) error {
	var j job
	if err := json.Unmarshal([]byte(payload), &j); err != nil {
		return err
	}
	c, err := a.Store.CommentByID(ctx, j.Key)
	if discuss.KindOf(err) == discuss.NotFound || err == nil && (c.Status == discuss.Deleted || c.Status == discuss.Rejected) {
		return nil
	}
	if err != nil {
		return err
	}
	site, err := a.Store.SiteByID(ctx, j.Site)
	if err != nil {
		return err
	}
	th, err := a.Store.ThreadByID(ctx, c.ThreadID)
	if err != nil {
		return err
	}
	m := site.Settings.Moderation
	limit := patience
	if j.Text == "hook" {
		limit = time.Duration(m.HookSeconds) * time.Second
	}
	ctx, done := context.WithTimeout(ctx, limit)
	defer done()
	f := discuss.Finding{Check: j.Text}
	switch j.Text {
	case "akismet":
		f, err = a.akismet(ctx, m, site, th, c)
	case "scorer":
		f, err = a.score(ctx, m, c)
	case "hook":
		f, err = a.hook(ctx, m, site, th, c)
	}
	if errors.Is(err, errUnset) {
		return nil // turned off since
	}
	if err != nil {
		f = discuss.Finding{Check: j.Text, Detail: "no answer"}
		if j.Text == "hook" && m.HookClosed {
			f.Wish = discuss.WishHold
		}
	}
	if f.Wish == discuss.WishNothing && f.Score == 0 && err == nil {
		return nil // it had nothing against it
	}
	background, end := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer end()
	return a.Service.Rejudge(background, site, c.ID, f, moderation.Again)
}

var errUnset = errors.New("not set up")

func (a *Asker) do(r *http.Request) ([]byte, http.Header, error) {
	r.Header.Set("User-Agent", "Parley/1")
	res, err := a.Client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, nil, err
	case len(b) > maxAnswer:
		return nil, nil, errors.New("the answer is too long")
	case res.StatusCode != http.StatusOK:
		return nil, nil, fmt.Errorf("the answer is %d", res.StatusCode)
	}
	return b, res.Header, nil
}

func (a *Asker) akismet(ctx context.Context, m discuss.Moderation, site discuss.Site, th discuss.Thread, c discuss.Comment) (discuss.Finding, error) {
	f := discuss.Finding{Check: "akismet"}
	if m.AkismetKey == "" {
		return f, errUnset
	}
	blog := a.Base
	if len(site.Origins) > 0 {
		blog = site.Origins[0]
	}
	form := url.Values{
		"api_key": {m.AkismetKey}, "blog": {blog}, "permalink": {th.URL}, "comment_type": {"comment"}, "comment_author": {c.Author.Name},
		"comment_content": {c.Body}, "comment_date_gmt": {c.Created.UTC().Format(time.RFC3339)}, "user_ip": {"127.0.0.1"},
	}
	at := a.Akismet
	if at == "" {
		at = "https://" + akismetHost
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at+"/1.1/comment-check", strings.NewReader(form.Encode()))
	if err != nil {
		return f, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b, h, err := a.do(r)
	if err != nil {
		return f, err
	}
	switch strings.TrimSpace(string(b)) {
	case "true":
		f.Wish, f.Score, f.Detail = discuss.WishHold, 1, "spam"
		if h.Get("X-akismet-pro-tip") == "discard" {
			f.Wish, f.Detail = discuss.WishSpam, "certain spam"
		}
	case "false":
	default:
		return f, errors.New("not an answer of Akismet")
	}
	return f, nil
}

func (a *Asker) score(ctx context.Context, m discuss.Moderation, c discuss.Comment) (discuss.Finding, error) {
	f := discuss.Finding{Check: "scorer"}
	if m.ScorerURL == "" {
		return f, errUnset
	}
	body, err := json.Marshal(map[string]string{"model": m.ScorerModel, "input": c.Body})
	if err != nil {
		return f, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.ScorerURL, bytes.NewReader(body))
	if err != nil {
		return f, err
	}
	r.Header.Set("Content-Type", "application/json")
	if m.ScorerKey != "" {
		r.Header.Set("Authorization", "Bearer "+m.ScorerKey)
	}
	b, _, err := a.do(r)
	if err != nil {
		return f, err
	}
	var out struct {
		Results []struct {
			Scores map[string]float64 `json:"category_scores"`
		} `json:"results"`
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return f, errors.New("not an answer of a moderation endpoint")
	}
	if len(out.Results) == 0 {
		return f, errors.New("an answer without results")
	}
	for name, v := range out.Results[0].Scores {
		if v > f.Score && v <= 1 {
			f.Score, f.Detail = v, name[:min(len(name), scorerDetail)]
		}
	}
	if f.Score >= m.ScorerFrom {
		f.Wish = discuss.WishHold
	}
	return f, nil
}

// hookWishes are the verdicts that a hook may give.
var hookWishes = map[string]discuss.Wish{"publish": discuss.WishNothing, "hold": discuss.WishHold, "spam": discuss.WishSpam, "reject": discuss.WishReject}

// hook asks the site's own service. The request is signed as Standard Webhooks
// say: HMAC-SHA256 over id, time and body.
func (a *Asker) hook(ctx context.Context, m discuss.Moderation, site discuss.Site, th discuss.Thread, c discuss.Comment) (discuss.Finding, error) {
	f := discuss.Finding{Check: "hook"}
	if m.HookURL == "" {
		return f, errUnset
	}
	body, err := json.Marshal(map[string]any{
		"type": "comment.judge", "site": site.Key,
		"data": map[string]any{
			"id": c.ID.String(), "thread": map[string]string{"key": th.Key, "url": th.URL, "title": th.Title}, "body": c.Body, "status": c.Status,
			"author": map[string]any{"id": c.Author.ID.String(), "name": c.Author.Name, "guest": c.Author.Guest}, "created_at": c.Created.UTC().Format(time.RFC3339),
		},
	})
	if err != nil {
		return f, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.HookURL, bytes.NewReader(body))
	if err != nil {
		return f, err
	}
	id, at := "judge_"+c.ID.String(), strconv.FormatInt(a.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("webhook-id", id)
	r.Header.Set("webhook-timestamp", at)
	r.Header.Set("webhook-signature", "v1,"+Sign(m.HookSecret, id, at, body))
	b, _, err := a.do(r)
	if err != nil {
		return f, err
	}
	var out struct {
		Verdict string  `json:"verdict"`
		Reason  string  `json:"reason"`
		Score   float64 `json:"score"`
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return f, errors.New("not JSON")
	}
	wish, ok := hookWishes[out.Verdict]
	if !ok {
		return f, errors.New("not a verdict")
	}
	f.Wish, f.Detail = wish, strings.ToValidUTF8(out.Reason[:min(len(out.Reason), 100)], "")
	if out.Score > 0 && out.Score <= 1 {
		f.Score = out.Score
	}
	if f.Detail == "" {
		f.Detail = out.Verdict
	}
	return f, nil
}

// Sign is the signature of a hook's request. A secret that begins with whsec_
// is base64, as Standard Webhooks write it; any other is taken as it stands.
func Sign(secret, id, at string, body []byte) string {
	key := []byte(secret)
	if s, ok := strings.CutPrefix(secret, "whsec_"); ok {
		if b, err := base64.StdEncoding.DecodeString(s); err == nil {
			key = b
		}
	}
	m := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(m, "%s.%s.%s", id, at, body)
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}
