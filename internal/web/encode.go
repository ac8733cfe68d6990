package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
)

func itoa(n int) string { return strconv.Itoa(n) }

// encode writes v as the JSON that this API speaks: HTML is not escaped, since
// nothing here is ever served as HTML and it would cost a fifth of every page.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func sendJSON(c *fiber.Ctx, v any, contentType ...string) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	t := "application/json"
	if len(contentType) > 0 {
		t = contentType[0]
	}
	c.Response().Header.SetContentType(t)
	c.Response().SetBodyRaw(b)
	return nil
}

// decode reads the body into v. What v does not name is ignored, so that a
// newer client may say more; another type than JSON is refused before looking.
func decode(c *fiber.Ctx, v any) error {
	t, _, err := mime.ParseMediaType(c.Get("Content-Type"))
	if err != nil || t != "application/json" {
		return errType
	}
	body := c.Request().Body()
	if !utf8.Valid(body) { // the decoder would put U+FFFD and go on
		return discuss.Bad(brokenField(body), "is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(v); err != nil {
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) && te.Field != "" {
			return discuss.Bad(fieldName(te.Field), "has the wrong type")
		}
		return errNotJSON
	}
	if _, err := d.Token(); err != io.EOF {
		return errNotJSON
	}
	return nil
}

// readForm reads a body of at most limit bytes that a form has sent. What stands
// in the address is no part of it.
func readForm(c *fiber.Ctx, limit int) (url.Values, error) {
	if t, _, err := mime.ParseMediaType(c.Get("Content-Type")); err != nil || t != fiber.MIMEApplicationForm {
		return nil, errForm
	}
	body := c.Request().Body()
	if len(body) > limit {
		return nil, errLarge
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errNotForm
	}
	return form, nil
}

// fieldName drops what Go calls the parts of an embedded struct.
func fieldName(path string) string {
	parts := slices.DeleteFunc(strings.Split(path, "."), func(p string) bool { return strings.HasSuffix(p, "JSON") })
	return strings.Join(parts, ".")
}

// brokenField names the first field of an object that is not valid UTF-8.
func brokenField(body []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) == nil {
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if !utf8.Valid(fields[name]) && utf8.ValidString(name) {
				return name
			}
		}
	}
	return ""
}

type authorJSON struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Avatar string   `json:"avatar_url"`
	Badges []string `json:"badges"`
	Guest  bool     `json:"guest"`
}

type inReplyTo struct {
	ID   string  `json:"id"`
	Name *string `json:"author_name"`
}

type commentJSON struct {
	ID       string        `json:"id"`
	Thread   string        `json:"thread_id"`
	Parent   *string       `json:"parent_id"`
	Root     string        `json:"root_id"`
	Depth    int           `json:"depth"`
	Author   *authorJSON   `json:"author"`
	HTML     string        `json:"html"`
	Body     *string       `json:"body,omitempty"` // to its author only
	Held     string        `json:"held,omitempty"` // to its author, of one that waits: "demoted" where much of his was removed of late, "night" where it is night
	Status   string        `json:"status"`
	Created  string        `json:"created_at"`
	Edited   *string       `json:"edited_at"`
	Up       int           `json:"up"`
	Down     int           `json:"down"`
	Count    int           `json:"reply_count"`
	Replies  []commentJSON `json:"replies"`
	More     *string       `json:"replies_cursor"`
	Featured bool          `json:"featured"`
	To       *inReplyTo    `json:"in_reply_to"`
}

type threadJSON struct {
	ID     string  `json:"id"`
	Key    string  `json:"key"`
	URL    string  `json:"url"`
	Title  string  `json:"title"`
	State  string  `json:"state"`
	Count  int     `json:"comment_count"`
	Seq    int64   `json:"seq"`
	Closes *string `json:"closes_at"` // when it will close, or has; null: never, or nobody noted when

	ends time.Time // when it closes; zero if it does not, or has
}

// until is when what t says stops being right by itself; zero: never.
func (t *threadJSON) until() time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.ends
}

type siteJSON struct {
	Key        string     `json:"key"`
	Name       string     `json:"name"`
	View       string     `json:"view"`
	Sort       string     `json:"sort"`
	Guests     bool       `json:"guests"`
	Ways       []auth.Way `json:"ways"`
	MaxLength  int        `json:"max_length"`
	EditWindow int        `json:"edit_window_seconds"`
	Votes      string     `json:"votes"`
	MaxDepth   int        `json:"max_depth"`
	Rules      string     `json:"rules_url"`
	Night      *nightJSON `json:"night"` // in which comments on this page wait, the present or the next one; null where there is none
}

// nightJSON is a night and what waits in it.
type nightJSON struct {
	Mode  string `json:"mode" enum:"newcomers,guests,links,all"`
	From  string `json:"from"`
	Until string `json:"until"`

	ends time.Time
}

// night is what a page says of the night; nothing where its thread has none.
func (s *Server) night(v discuss.Site, th discuss.Thread) *nightJSON {
	from, until := discuss.NightOf(v, th, s.cfg.Now())
	if until.IsZero() {
		return nil
	}
	return &nightJSON{v.Settings.Moderation.Night.Mode, rfc3339(from), rfc3339(until), until}
}

func rfc3339(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func ptr[T any](v T) *T { return &v }

// comment is the public form. withBody adds the source, for its author and
// for moderators; then a removed comment keeps its text.
func (s *Server) comment(c discuss.Comment, private bool) commentJSON {
	out := commentJSON{
		ID: c.ID.String(), Thread: c.ThreadID.String(), Root: c.Root.String(), Depth: c.Depth, Status: string(c.Status),
		Created: rfc3339(c.Created), Up: c.Up, Down: c.Down, Count: c.Replies, Featured: c.Featured,
		Replies: make([]commentJSON, 0, len(c.Children)),
	}
	if !c.Edited.IsZero() {
		out.Edited = ptr(rfc3339(c.Edited))
	}
	if c.Parent != 0 {
		out.Parent = ptr(c.Parent.String())
		out.To = &inReplyTo{ID: *out.Parent}
		if c.ToName != "" {
			out.To.Name = ptr(c.ToName)
		}
	}
	if c.Status == discuss.Published || private {
		out.HTML, out.Author = c.HTML, s.author(c.Author)
	}
	if private {
		out.Body, out.Held = ptr(c.Body), held(c)
	}
	for _, k := range c.Children {
		out.Replies = append(out.Replies, s.comment(k, false))
	}
	if n := len(c.Children); n < c.Kids {
		if n > 0 {
			out.More = ptr(discuss.CursorAt(c.Children[n-1], discuss.SortOldest, discuss.ViewThreads).String())
		} else {
			out.More = ptr("") // from the beginning
		}
	}
	return out
}

// held is why a comment waits, as far as that is about its author or the hour
// and no hint for how to get past a word list.
func held(c discuss.Comment) string {
	for _, f := range c.Trace.Findings {
		if c.Status == discuss.Pending && (f.Check == "demoted" || f.Check == "night") {
			return f.Check
		}
	}
	return ""
}

// avatar is where an author's picture is: the account's, or one drawn for him.
func (s *Server) avatar(a discuss.Author) string {
	if a.Avatar != "" {
		return s.cfg.PublicURL + "/pictures/" + a.Avatar
	}
	return s.cfg.PublicURL + "/avatars/" + a.ID.String() + ".svg"
}

func (s *Server) author(a discuss.Author) *authorJSON {
	out := &authorJSON{ID: a.ID.String(), Name: a.Name, Avatar: s.avatar(a), Badges: []string{}, Guest: a.Guest}
	if a.Role.AtLeast(discuss.Moderator) {
		out.Badges = append(out.Badges, "moderator")
	}
	return out
}

func (s *Server) comments(cs []discuss.Comment, private bool) []commentJSON {
	out := make([]commentJSON, 0, len(cs))
	for _, c := range cs {
		out = append(out, s.comment(c, private))
	}
	return out
}

// thread says of a thread what holds now: one may be closed for its age.
func (s *Server) thread(t discuss.Thread, site discuss.Site) *threadJSON {
	now := s.cfg.Now()
	out := &threadJSON{ID: t.ID.String(), Key: t.Key, URL: t.URL, Title: t.Title, State: string(t.StateAt(site, now)), Count: t.Count, Seq: t.Seq}
	if at := t.ClosesAt(site, now); !at.IsZero() {
		out.Closes = ptr(rfc3339(at))
		if now.Before(at) {
			out.ends = at
		}
	}
	return out
}

func (s *Server) siteOut(ctx context.Context, v discuss.Site) (*siteJSON, error) {
	ways, err := s.cfg.Auth.Ways(ctx, v)
	if err != nil {
		return nil, err
	}
	set := v.Settings
	return &siteJSON{v.Key, v.Name, string(set.View), string(set.Sort), set.Guests, ways, set.MaxRunes, set.EditSeconds, set.Votes, set.MaxDepth, set.Standards, s.night(v, discuss.Thread{})}, nil
}

func cursor(c discuss.Cursor) *string {
	if c.IsZero() {
		return nil
	}
	return ptr(c.String())
}
