package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/notify"
	"parley/internal/web/desk"
	"parley/internal/web/edge"
)

// Mails is what the links in mails may change.
type Mails interface {
	ChooseMail(ctx context.Context, author discuss.ID, what, choice string) error
	ConfirmGuest(ctx context.Context, comment discuss.ID, email string) error
	ForgetGuest(ctx context.Context, comment discuss.ID, email string) error
	StopHeads(ctx context.Context, account discuss.ID) error
	desk.Mails
}

// MailToken signs what one link in one mail may do, for one purpose; it needs
// no sign-in and never grows into another.
func MailToken(key []byte, purpose string, author, comment discuss.ID, email string) string {
	text := strings.Join([]string{purpose, author.String(), comment.String(), email}, "\x00")
	m := hmac.New(sha256.New, key)
	_, _ = m.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString([]byte(text)) + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

type mailLink struct {
	purpose         string
	author, comment discuss.ID
	email           string
}

func (s *Server) mailLink(token string) (mailLink, error) {
	text, _, ok := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(b), "\x00")
	if !ok || err != nil || len(parts) != 4 || len(token) > 1024 {
		return mailLink{}, discuss.ErrNotFound
	}
	l := mailLink{purpose: parts[0], email: parts[3]}
	l.author, _ = discuss.ParseID(parts[1]) // 0, for nobody, is no id
	l.comment, _ = discuss.ParseID(parts[2])
	if !hmac.Equal([]byte(token), []byte(MailToken(s.cfg.MailKey, l.purpose, l.author, l.comment, l.email))) {
		return mailLink{}, discuss.ErrNotFound
	}
	return l, nil
}

// apply does what a link is for, and names what is said of it.
func (s *Server) apply(ctx context.Context, l mailLink) (said string, err error) {
	switch {
	case l.purpose == "confirm" && l.comment != 0:
		return "mail_confirmed", s.cfg.Mails.ConfirmGuest(ctx, l.comment, l.email)
	case l.author != 0 && (l.purpose == "daily" || l.purpose == "hourly"):
		return "mail_now_" + l.purpose, s.cfg.Mails.ChooseMail(ctx, l.author, "replies", l.purpose)
	case l.author != 0 && (l.purpose == "news-daily" || l.purpose == "news-hourly"):
		choice := strings.TrimPrefix(l.purpose, "news-")
		return "mail_now_news_" + choice, s.cfg.Mails.ChooseNews(ctx, l.author, choice)
	case l.author != 0 && l.purpose == "news-never":
		return "mail_stopped", s.cfg.Mails.ChooseNews(ctx, l.author, notify.NewsNever)
	case l.purpose == "heads" && l.author != 0: // the id is the account's
		return "mail_stopped", s.cfg.Mails.StopHeads(ctx, l.author)
	case l.purpose == "replies" && l.author == 0:
		return "mail_stopped", s.cfg.Mails.ForgetGuest(ctx, l.comment, l.email)
	case l.author != 0 && (l.purpose == "replies" || l.purpose == "outcomes" || l.purpose == "waiting"):
		return "mail_stopped", s.cfg.Mails.ChooseMail(ctx, l.author, l.purpose, "off")
	}
	return "", discuss.ErrNotFound
}

// postUnsubscribe is the one click of RFC 8058: mail programs send it, without
// an origin, a cookie or a question. GET never changes anything, because mail
// scanners open every link.
func (s *Server) postUnsubscribe(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	l, err := s.mailLink(c.Query("t"))
	if err != nil {
		return err
	}
	said, err := s.apply(ctx, l)
	if err != nil {
		return err
	}
	return s.page(c, mailDone, map[string]any{"Words": s.cfg.Texts.Words(edge.Wanted(c), "page"), "Said": said})
}

// pageUnsubscribe asks once, with one button.
func (s *Server) pageUnsubscribe(c *fiber.Ctx) error {
	l, err := s.mailLink(c.Query("t"))
	if err != nil {
		return err
	}
	ask, rather := "mail_stop", map[string]string{}
	switch {
	case l.purpose == "confirm" || l.purpose == "daily" || l.purpose == "hourly":
		ask = "mail_" + l.purpose
	case l.purpose == "news-daily" || l.purpose == "news-hourly":
		ask = "mail_news_daily"
	case l.purpose == "news-never" && l.author != 0:
		for _, often := range []string{"hourly", "daily"} {
			rather["mail_news_"+often+"_do"] = MailToken(s.cfg.MailKey, "news-"+often, l.author, 0, l.email)
		}
	case l.purpose == "replies" && l.author != 0: // a member may also hear less often
		for _, often := range []string{"hourly", "daily"} {
			rather["mail_"+often+"_do"] = MailToken(s.cfg.MailKey, often, l.author, 0, l.email)
		}
	}
	return s.page(c, mailAsk, map[string]any{
		"Words": s.cfg.Texts.Words(edge.Wanted(c), "page"), "Ask": ask, "Button": ask + "_do", "Token": c.Query("t"), "Rather": rather,
	})
}

const mailHead = `<!doctype html>
<html lang="{{.Words.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Words.T "mail_title"}}</title><meta name="robots" content="noindex">
<style nonce="{{.Nonce}}">:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:15vh auto 0;padding:0 1.25rem}button{font:inherit;font-weight:600;padding:.7rem 1.2rem;border:0;border-radius:8px;background:#2b59c9;color:#fff;min-height:44px;cursor:pointer}blockquote{margin:0 0 1.2rem;padding-inline-start:.9rem;border-inline-start:3px solid #8888;white-space:pre-wrap;overflow-wrap:anywhere}form{display:inline-block;margin:0 .6rem .6rem 0}.rather button{background:none;color:inherit;box-shadow:inset 0 0 0 1px #8888}</style></head><body><main>`

var (
	mailAsk = template.Must(template.New("ask").Parse(mailHead + `<h1>{{.Words.T .Ask}}</h1><form method="post" action="/mail/unsubscribe?t={{.Token}}"><button>{{.Words.T .Button}}</button></form>
{{if .Rather}}<p>{{.Words.T "mail_rather"}}</p><div class="rather">{{range $label, $token := .Rather}}<form method="post" action="/mail/unsubscribe?t={{$token}}"><button>{{$.Words.T $label}}</button></form>{{end}}</div>{{end}}</main></body></html>`))
	mailDone = template.Must(template.New("done").Parse(mailHead + `<h1>{{.Words.T "mail_done"}}</h1><p>{{.Words.T .Said}}</p></main></body></html>`))
)
