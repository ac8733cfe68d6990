package notify

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// smtpTrouble says in an owner's words why a relay and we do not come together,
// where the library's own words name no setting.
func smtpTrouble(err error) error {
	if err == nil {
		return nil
	}
	var plain tls.RecordHeaderError
	text := err.Error()
	switch {
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered), strings.Contains(text, gomail.ErrNoSupportedAuthDiscovered.Error()):
		return &relayTrouble{"it offers no way to sign in that keeps the password secret: it takes a password only over TLS; use smtps://, or a port with STARTTLS", err}
	case errors.As(err, &plain), strings.Contains(text, "first record does not look like a TLS handshake"):
		return &relayTrouble{"it does not speak TLS from the start: use smtp:// with this port, or smtps:// with the port for it (465)", err}
	case strings.Contains(text, "does not support SMTP AUTH"):
		return &relayTrouble{"it asks for no password here: it takes one only over TLS, or none; use smtps://, or a port with STARTTLS, or leave user and password out", err}
	case strings.Contains(text, "STARTTLS"):
		return &relayTrouble{fmt.Sprintf("it offers no STARTTLS, and a password goes over TLS alone: use smtps://, or a port with STARTTLS (%v)", err), err}
	}
	return err
}

// relayTrouble has words of its own for an error of the library's.
type relayTrouble struct {
	text string
	err  error
}

func (e *relayTrouble) Error() string { return e.text }

// Unwrap is what the library said.
func (e *relayTrouble) Unwrap() error { return e.err }
