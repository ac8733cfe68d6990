package notify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

const (
	smtpTimeout = 20 * time.Second
	senderName  = "Parley" // where a mail is about no site
)

// DefaultPort is the port of smtp (submission, RFC 6409) or smtps (RFC 8314).
func DefaultPort(scheme string) int {
	if scheme == "smtps" {
		return 465
	}
	return 587
}

// relay is what hands mails on: its host, who they come from, and how it is spoken to.
type relay struct {
	host, from string
	opts       []gomail.Option
}

// relayOf reads an address of the form
// smtp://user:password@host:port?from=comments@example.com. smtps is TLS from the
// first byte; smtp uses STARTTLS where the relay offers it, and must have it when
// there is a password to protect (except on loopback).
func relayOf(address string) (relay, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return relay{}, errors.New("smtp-url: must be smtp://user:password@host:port?from=address, or smtps")
	}
	from := u.Query().Get("from")
	if from == "" {
		from = "parley@" + u.Hostname()
	}
	if a, err := mail.ParseAddress(from); err != nil || a.Address != from {
		return relay{}, errors.New("smtp-url: from must be one email address")
	}
	r := relay{host: u.Hostname(), from: wireAddress(from), opts: []gomail.Option{gomail.WithTimeout(smtpTimeout)}}
	password, secret := u.User.Password()
	switch local := r.host == "localhost" || r.host == "127.0.0.1" || r.host == "::1"; {
	case u.Scheme == "smtps":
		r.opts = append(r.opts, gomail.WithSSL())
	case secret && !local:
		r.opts = append(r.opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		r.opts = append(r.opts, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	port := DefaultPort(u.Scheme)
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return relay{}, errors.New("smtp-url: the port is not a number")
		}
	}
	r.opts = append(r.opts, gomail.WithPort(port))
	if secret {
		r.opts = append(r.opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return r, nil
}

// wireAddress gives the domain of an address the letters that every relay takes
// (RFC 5891). What cannot be given any stays as it is.
func wireAddress(address string) string {
	at := strings.LastIndexByte(address, '@')
	if ascii, err := idna.Lookup.ToASCII(address[at+1:]); err == nil {
		return address[:at+1] + ascii
	}
	return address
}

// TrySMTP speaks to the relay of an address up to the point where a mail would
// follow: greeting, TLS and password.
func TrySMTP(ctx context.Context, address string) error {
	r, err := relayOf(address)
	if err != nil {
		return err
	}
	c, err := gomail.NewClient(r.host, r.opts...)
	if err != nil {
		return fmt.Errorf("smtp-url: %w", err)
	}
	if err := c.DialWithContext(ctx); err != nil {
		return smtpTrouble(err)
	}
	return c.Close()
}

// SMTP returns a Send that hands messages to the relay at an address that
// relayOf reads. host is the public one of this server: messages are numbered
// under it, for the machine's own name is nobody's business.
func SMTP(address, host string) (func(ctx context.Context, m Message) error, error) {
	r, err := relayOf(address)
	if err != nil {
		return nil, err
	}
	from := r.from
	return func(ctx context.Context, m Message) error {
		msg := gomail.NewMsg()
		name := m.Site
		if name == "" {
			name = senderName
		}
		if err := msg.From((&mail.Address{Name: oneLine(name), Address: from}).String()); err != nil {
			return fmt.Errorf("from: %w", err)
		}
		if err := msg.To(wireAddress(m.To)); err != nil {
			return fmt.Errorf("to: %w", err)
		}
		msg.Subject(m.Subject)
		msg.SetUserAgent("Parley")
		msg.SetMessageIDWithValue(strings.ToLower(rand.Text()) + "@" + host)
		msg.SetDate()
		msg.SetBodyString(gomail.TypeTextPlain, m.Text)
		if m.HTML != "" {
			msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
		}
		if m.Unsubscribe != "" {
			msg.SetGenHeader(gomail.Header("List-Unsubscribe"), "<"+m.Unsubscribe+">")
			msg.SetGenHeader(gomail.Header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click")
		}
		msg.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // RFC 3834: no holiday note answers it
		if _, domain, ok := strings.Cut(from, "@"); ok && m.ListID != "" {
			msg.SetGenHeader(gomail.Header("List-Id"), "<"+m.ListID+"."+domain+">")
			if m.Thread != "" {
				msg.SetGenHeader(gomail.Header("References"), "<thread."+m.Thread+"@"+domain+">")
			}
		}
		c, err := gomail.NewClient(r.host, r.opts...)
		if err != nil {
			return fmt.Errorf("smtp: %w", err)
		}
		err = c.DialAndSendWithContext(ctx, msg)
		var refused *gomail.SendError
		if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
			return fmt.Errorf("%w: %w", ErrForGood, err) // no such address, or not wanted there
		}
		return smtpTrouble(err)
	}, nil
}
