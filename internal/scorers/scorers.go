// Package scorers asks services that are not ours about a comment that has
// been answered already: Akismet, an OpenAI-compatible moderation endpoint, a
// site's own signed hook. What they say becomes one more finding; that they do
// not answer never holds up anybody, and a service that fails again and again
// is left alone for a while.
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

	"parley/internal/cleantext"
	"parley/internal/discuss"
	"parley/internal/moderation"
)

const (
	maxAnswer    = 64 << 10 // bytes that are read of an answer
	patience     = 15 * time.Second
	akismetHost  = "rest.akismet.com"
	scorerDetail = 60 // bytes of a category's name that are kept
)

// Tries is how often a question is put to a service that does not answer.
const Tries = 4

// Store is what is read of a comment.
type Store interface {
	CommentByID(ctx context.Context, id discuss.ID) (discuss.Comment, error)
	SiteByID(ctx context.Context, id discuss.ID) (discuss.Site, error)
	ThreadByID(ctx context.Context, id discuss.ID) (discuss.Thread, error)
}

// Client does the jobs of kind "ask".
type Client struct {
	Store   Store
	Service *discuss.Service
	Client  *http.Client // reaches the public internet only
	Now     func() time.Time
	Base    string // our public address, which Akismet calls the blog
	Akismet string // address of the API; "" is Akismet's own
	// Open is the opposite of discuss.Service's Seal; nil where nothing is sealed.
	Open func(site discuss.ID, sealed string) (string, error)

	breaker breaker
}

// NoAnswer is a service that failed and shall be asked again later.
type NoAnswer struct{ Why error }

// Error says what the service did.
func (e *NoAnswer) Error() string { return "no answer: " + e.Why.Error() }

// Unwrap is what the service did.
func (e *NoAnswer) Unwrap() error { return e.Why }

type job struct {
	Key  discuss.ID `json:"key"`
	Site discuss.ID `json:"site"`
	Text string     `json:"text"`
}

// Ask puts one comment to one service and lets the domain decide again. The
// attempt is 1 the first time.
//
// A service that does not answer is a finding at once: a hook that fails closed
// holds the comment from its first failure on. NoAnswer then says that the
// question is to be put again, Tries times in all; a later answer takes the
// finding's place. It may make the verdict graver, yet a comment that was held
// meanwhile stays held whatever the answer is, for moderation.Again brings
// nothing into view: that is for people. While a service rests after many
// failures nobody asks it: that counts as no answer, for good, so that nothing
// piles up before it.
func (a *Client) Ask(ctx context.Context, payload string, attempt int) error {
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
	if a.Open != nil {
		open := func(sealed string) (string, error) { return a.Open(site.ID, sealed) }
		if site.Settings.Moderation, err = site.Settings.Moderation.OpenSecrets(open); err != nil {
			return err
		}
	}
	m := site.Settings.Moderation
	f, failed := a.put(ctx, j.Text, site, th, c)
	switch {
	case errors.Is(failed, errUnset):
		return nil // turned off since
	case failed != nil:
		if ctx.Err() != nil {
			return failed // we are stopping: that says nothing about the service
		}
		f = discuss.Finding{Check: j.Text, Detail: discuss.NoAnswer}
		if j.Text == "hook" && m.HookClosed {
			f.Suggested = discuss.SuggestHold
		}
	case attempt <= 1 && f.Suggested == discuss.SuggestNothing && f.Score == 0:
		return nil // it had nothing against it, and no finding says otherwise
	}
	background, end := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer end()
	if err := a.Service.Rejudge(background, site, c.ID, c.Edited, f, moderation.Again); err != nil {
		return err
	}
	if failed != nil && !errors.Is(failed, errResting) && attempt < Tries {
		return &NoAnswer{failed}
	}
	return nil
}

// put asks one service, if it is not left alone just now.
func (a *Client) put(ctx context.Context, service string, site discuss.Site, th discuss.Thread, c discuss.Comment) (discuss.Finding, error) {
	m, limit := site.Settings.Moderation, patience
	var address string
	var ask func(context.Context) (discuss.Finding, error)
	switch service {
	case "akismet":
		address = m.AkismetKey
		ask = func(ctx context.Context) (discuss.Finding, error) { return a.akismet(ctx, m, site, th, c) }
	case "scorer":
		address = m.ScorerURL
		ask = func(ctx context.Context) (discuss.Finding, error) { return a.score(ctx, m, c) }
	case "hook":
		address, limit = m.HookURL, time.Duration(m.HookSeconds)*time.Second
		ask = func(ctx context.Context) (discuss.Finding, error) { return a.hook(ctx, m, site, th, c) }
	}
	if address == "" {
		return discuss.Finding{}, errUnset
	}
	at := place{site.ID, service, address}
	may, trial := a.breaker.ask(at, a.Now())
	if !may {
		return discuss.Finding{}, errResting
	}
	once, done := context.WithTimeout(ctx, limit)
	defer done()
	f, err := ask(once)
	if ctx.Err() == nil {
		a.breaker.tell(at, err == nil, trial, a.Now())
	}
	return f, err
}

var (
	errUnset   = errors.New("not set up")
	errResting = errors.New("left alone after failing again and again")
)

func (a *Client) do(r *http.Request) ([]byte, http.Header, error) {
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

func (a *Client) akismet(ctx context.Context, m discuss.Moderation, site discuss.Site, th discuss.Thread, c discuss.Comment) (discuss.Finding, error) {
	f := discuss.Finding{Check: "akismet"}
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
		f.Suggested, f.Score, f.Detail = discuss.SuggestHold, 1, "spam"
		if h.Get("X-akismet-pro-tip") == "discard" {
			f.Suggested, f.Detail = discuss.SuggestSpam, "certain spam"
		}
	case "false":
		f.Detail = "not spam"
	default:
		return f, errors.New("not an answer of Akismet")
	}
	return f, nil
}

func (a *Client) score(ctx context.Context, m discuss.Moderation, c discuss.Comment) (discuss.Finding, error) {
	f := discuss.Finding{Check: "scorer"}
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
			f.Score, f.Detail = v, cleantext.Line(strings.ToValidUTF8(name[:min(len(name), scorerDetail)], ""))
		}
	}
	if f.Score >= m.ScorerFrom {
		f.Suggested = discuss.SuggestHold
	}
	return f, nil
}

// hookWishes are the verdicts that a hook may give.
var hookWishes = map[string]discuss.Suggestion{"publish": discuss.SuggestNothing, "hold": discuss.SuggestHold, "spam": discuss.SuggestSpam, "reject": discuss.SuggestReject}

// hook asks the site's own service. The request is signed as Standard Webhooks
// say: HMAC-SHA256 over id, time and body.
func (a *Client) hook(ctx context.Context, m discuss.Moderation, site discuss.Site, th discuss.Thread, c discuss.Comment) (discuss.Finding, error) {
	f := discuss.Finding{Check: "hook"}
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
	f.Suggested, f.Detail = wish, cleantext.Line(strings.ToValidUTF8(out.Reason[:min(len(out.Reason), 100)], ""))
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
