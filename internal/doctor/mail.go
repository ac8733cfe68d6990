package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net/url"

	"parley/internal/app"
	"parley/internal/notify"
)

// lookAtMail speaks to the relay; where to is an address, a mail goes there.
func lookAtMail(to string) func(context.Context, *app.Settings) []Finding {
	return func(ctx context.Context, s *app.Settings) []Finding {
		if s.Outbound == "off" {
			return nil // lookAtOutbound says so
		}
		if s.SMTPURL == "" {
			return []Finding{poor("mail: smtp-url is not set; mail is printed to the log, and nobody can confirm an address")}
		}
		u, err := url.Parse(s.SMTPURL)
		if err != nil {
			return []Finding{poor("mail: smtp-url cannot be read: it must be smtp://user:password@host:port?from=address, or smtps")} // its text holds the password
		}
		once, cancel := context.WithTimeout(ctx, doctorTimeout)
		defer cancel()
		if err := notify.TrySMTP(once, s.SMTPURL); err != nil {
			return []Finding{poor("mail: the relay %s takes no mail from us: %s", u.Host, whyNot(err))}
		}
		out := []Finding{good("mail: the relay %s takes us in", u.Host)}
		if to == "" {
			return out
		}
		return append(out, sendTest(ctx, s, u.Host, to))
	}
}

// whyNot is why for a relay: what mail's own room says of TLS comes first.
func whyNot(err error) string {
	var plain tls.RecordHeaderError
	if errors.As(err, &plain) {
		return err.Error()
	}
	return why(err)
}

// sendTest hands a mail to the relay, past the queue of the running server.
func sendTest(ctx context.Context, s *app.Settings, relay, to string) Finding {
	ctx, cancel := context.WithTimeout(ctx, 2*doctorTimeout)
	defer cancel()
	m, err := notify.Plain(to, "", "A test mail of Parley", "It works.", "This mail was sent by `parley doctor` at "+s.BaseURL()+".", "")
	if err != nil {
		return poor("mail: %v", err)
	}
	send, err := notify.SMTP(s.SMTPURL, s.Host())
	if err == nil {
		err = send(ctx, m)
	}
	if err != nil {
		return poor("mail: the relay %s did not take a mail to %s: %s", relay, to, whyNot(err))
	}
	return good("mail: the relay %s took a mail to %s; if it does not come, see the relay's log, and SPF and DKIM of the sender's domain", relay, to)
}
