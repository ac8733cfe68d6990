package notify

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"testing"

	gomail "github.com/wneessen/go-mail"
)

// What the library says of passwords and TLS is said by the setting's names, and
// what it was stays to be asked for.
func TestTheLibrarysWordsAreNotTheOwners(t *testing.T) {
	for _, c := range []struct {
		was  error
		want string
	}{
		{gomail.ErrNoSupportedAuthDiscovered, "it takes a password only over TLS"},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "use smtp:// with this port"},
		{errors.New("STARTTLS mode set to: \"TLSMandatory\", but target host does not support STARTTLS"), "it offers no STARTTLS"},
	} {
		for _, err := range []error{c.was, fmt.Errorf("dial failed: %w", c.was)} {
			if got := smtpTrouble(err); !strings.Contains(got.Error(), c.want) || !errors.Is(got, c.was) {
				t.Errorf("%v: %v", err, got)
			}
		}
	}
	if other := errors.New("550 no"); smtpTrouble(other) != other || smtpTrouble(nil) != nil {
		t.Error("what is clear was changed")
	}
}
