package pages

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/notify"
	"parley/internal/web/edge"
)

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

func (r Room) mailLink(token string) (mailLink, error) {
	text, _, ok := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(b), "\x00")
	if !ok || err != nil || len(parts) != 4 || len(token) > 1024 {
		return mailLink{}, discuss.ErrNotFound
	}
	l := mailLink{purpose: parts[0], email: parts[3]}
	l.author, _ = discuss.ParseID(parts[1]) // 0, for nobody, is no id
	l.comment, _ = discuss.ParseID(parts[2])
	if !hmac.Equal([]byte(token), []byte(MailToken(r.Key, l.purpose, l.author, l.comment, l.email))) {
		return mailLink{}, discuss.ErrNotFound
	}
	return l, nil
}

// apply does what a link is for, and names what is said of it.
func (r Room) apply(ctx context.Context, l mailLink) (said string, err error) {
	switch {
	case l.purpose == "confirm" && l.comment != 0:
		return "mail_confirmed", r.Mails.ConfirmGuest(ctx, l.comment, l.email)
	case l.author != 0 && (l.purpose == "daily" || l.purpose == "hourly"):
		return "mail_now_" + l.purpose, r.Mails.ChooseMail(ctx, l.author, "replies", l.purpose)
	case l.author != 0 && (l.purpose == "news-daily" || l.purpose == "news-hourly"):
		choice := strings.TrimPrefix(l.purpose, "news-")
		return "mail_now_news_" + choice, r.Mails.ChooseNews(ctx, l.author, choice)
	case l.author != 0 && l.purpose == "news-never":
		return "mail_stopped", r.Mails.ChooseNews(ctx, l.author, notify.NewsNever)
	case l.purpose == "heads" && l.author != 0: // the id is the account's
		return "mail_stopped", r.Mails.StopHeads(ctx, l.author)
	case l.purpose == "follow" && l.comment != 0: // the id is that of what is followed
		return "mail_followed", r.Mails.ConfirmFollow(ctx, l.comment, l.email)
	case l.purpose == "unfollow" && l.comment != 0:
		return "mail_stopped", r.Mails.EndFollow(ctx, l.comment, l.email)
	case l.purpose == "replies" && l.author == 0:
		return "mail_stopped", r.Mails.ForgetGuest(ctx, l.comment, l.email)
	case l.author != 0 && (l.purpose == "replies" || l.purpose == "outcomes" || l.purpose == "waiting"):
		return "mail_stopped", r.Mails.ChooseMail(ctx, l.author, l.purpose, "off")
	}
	return "", discuss.ErrNotFound
}

type tokenIn struct {
	Token string `query:"t" json:"-"`
}

// mailWords are the texts of what a mailed link shows.
func (r Room) mailWords(q *edge.Request) i18n.Words {
	return r.Texts.Words(edge.Wanted(q.Ctx), "page")
}

// unsubscribe is the one click of RFC 8058: mail programs send it, without an
// origin, a cookie or a question.
func (r Room) unsubscribe(ctx context.Context, q *edge.Request, in tokenIn) error {
	l, err := r.mailLink(in.Token)
	if err != nil {
		return err
	}
	said, err := r.apply(ctx, l)
	if err != nil {
		return err
	}
	return edge.SendDocument(q.Ctx, documents, "mail_done.html", map[string]any{"Words": r.mailWords(q), "Said": said})
}

// unsubscribePage asks once, with one button.
func (r Room) unsubscribePage(_ context.Context, q *edge.Request, in tokenIn) error {
	l, err := r.mailLink(in.Token)
	if err != nil {
		return err
	}
	ask, rather := r.asks(l)
	return edge.SendDocument(q.Ctx, documents, "mail_ask.html", map[string]any{
		"Words": r.mailWords(q), "Ask": ask, "Button": ask + "_do", "Token": in.Token, "Rather": rather,
	})
}

// asks is what a link asks before it does anything, and what may be chosen
// rather: labels and the links that do it.
func (r Room) asks(l mailLink) (ask string, rather map[string]string) {
	rather = map[string]string{}
	switch {
	case l.purpose == "confirm" || l.purpose == "follow" || l.purpose == "daily" || l.purpose == "hourly":
		return "mail_" + l.purpose, rather
	case l.purpose == "news-daily" || l.purpose == "news-hourly":
		return "mail_news_daily", rather
	case l.purpose == "news-never" && l.author != 0:
		for _, often := range []string{"hourly", "daily"} {
			rather["mail_news_"+often+"_do"] = MailToken(r.Key, "news-"+often, l.author, 0, l.email)
		}
	case l.purpose == "replies" && l.author != 0: // a member may also hear less often
		for _, often := range []string{"hourly", "daily"} {
			rather["mail_"+often+"_do"] = MailToken(r.Key, often, l.author, 0, l.email)
		}
	}
	return "mail_stop", rather
}
