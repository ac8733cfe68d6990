package notify

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const smtpTimeout = 20 * time.Second

// DefaultPort is the port of smtp (submission, RFC 6409) or smtps (RFC 8314).
func DefaultPort(scheme string) int {
	if scheme == "smtps" {
		return 465
	}
	return 587
}

// SMTP returns a Send that hands messages to the relay at an address of the
// form smtp://user:password@host:port?from=comments@example.com. smtps is TLS
// from the first byte; smtp uses STARTTLS where the relay offers it, and must
// have it when there is a password to protect (except on loopback).
func SMTP(address string) (func(ctx context.Context, m Message) error, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return nil, errors.New("smtp-url: must be smtp://user:password@host:port?from=address, or smtps")
	}
	from := u.Query().Get("from")
	if from == "" {
		from = "parley@" + u.Hostname()
	}
	if a, err := mail.ParseAddress(from); err != nil || a.Address != from {
		return nil, errors.New("smtp-url: from must be one e-mail address")
	}
	opts := []gomail.Option{gomail.WithTimeout(smtpTimeout)}
	host := u.Hostname()
	password, secret := u.User.Password()
	switch local := host == "localhost" || host == "127.0.0.1" || host == "::1"; {
	case u.Scheme == "smtps":
		opts = append(opts, gomail.WithSSL())
	case secret && !local:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if p := u.Port(); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil {
			return nil, errors.New("smtp-url: the port is not a number")
		}
		opts = append(opts, gomail.WithPort(n))
	} else {
		opts = append(opts, gomail.WithPort(DefaultPort(u.Scheme)))
	}
	if secret {
		auth := gomail.SMTPAuthAutoDiscover
		opts = append(opts, gomail.WithSMTPAuth(auth), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return func(ctx context.Context, m Message) error {
		msg := gomail.NewMsg()
		if err := msg.From(from); err != nil {
			return fmt.Errorf("from: %w", err)
		}
		if err := msg.To(m.To); err != nil {
			return fmt.Errorf("to: %w", err)
		}
		msg.Subject(m.Subject)
		msg.SetUserAgent("Parley")
		msg.SetMessageID()
		msg.SetDate()
		msg.SetBodyString(gomail.TypeTextPlain, m.Text)
		if m.HTML != "" {
			msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
		}
		if m.Unsubscribe != "" {
			msg.SetGenHeader(gomail.Header("List-Unsubscribe"), "<"+m.Unsubscribe+">")
			msg.SetGenHeader(gomail.Header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click")
			msg.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated")
		}
		if _, domain, ok := strings.Cut(from, "@"); ok && m.ListID != "" {
			msg.SetGenHeader(gomail.Header("List-Id"), "<"+m.ListID+"."+domain+">")
			if m.Thread != "" {
				msg.SetGenHeader(gomail.Header("References"), "<thread."+m.Thread+"@"+domain+">")
			}
		}
		c, err := gomail.NewClient(host, opts...)
		if err != nil {
			return fmt.Errorf("smtp: %w", err)
		}
		err = c.DialAndSendWithContext(ctx, msg)
		var refused *gomail.SendError
		if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
			return fmt.Errorf("%w: %w", ErrForGood, err) // no such address, or not wanted there
		}
		return err
	}, nil
}
