package notify_test

import (
	"context"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"parley/internal/notify"
)

// relay is a real SMTP server that keeps what it is sent.
type relay struct {
	mu     sync.Mutex
	to     []string
	data   []string
	refuse error
}

type session struct {
	r  *relay
	to []string
}

func (r *relay) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{r: r}, nil }

func (s *session) Mail(string, *smtp.MailOptions) error { return s.r.refuse }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	s.r.to, s.r.data = append(s.r.to, s.to...), append(s.r.data, string(b))
	return err
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func newRelay(t *testing.T) (*relay, string) {
	t.Helper()
	r := &relay{}
	srv := smtp.NewServer(r)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	return r, "smtp://" + ln.Addr().String() + "?from=comments@news.example"
}

// The doctor's question: would the relay take a mail from us?
func TestTheRelayIsTried(t *testing.T) {
	r, addr := newRelay(t)
	if err := notify.TrySMTP(context.Background(), addr); err != nil {
		t.Errorf("a relay that takes everything: %v", err)
	}
	if len(r.data) != 0 {
		t.Error("a mail was sent")
	}
	err := notify.TrySMTP(context.Background(), strings.Replace(addr, "smtp://", "smtp://me:hunter-two@", 1))
	if err == nil || strings.Contains(err.Error(), "hunter-two") {
		t.Errorf("a password that it does not take: %v", err)
	}
	if err := notify.TrySMTP(context.Background(), "smtp://127.0.0.1:1"); err == nil {
		t.Error("nobody answers, and all is well")
	}
}

// A scheme that is not that of the port, and a relay that would take a password in
// the clear alone, are said in the words of the setting; by a mail as by a try.
func TestTroubleWithARelayNamesTheSetting(t *testing.T) {
	_, addr := newRelay(t)
	for odd, want := range map[string]string{
		strings.Replace(addr, "smtp://", "smtps://", 1):              "use smtp:// with this port",
		strings.Replace(addr, "smtp://", "smtp://me:hunter-two@", 1): "only over TLS, or none; use smtps://, or a port with STARTTLS",
	} {
		if err := notify.TrySMTP(context.Background(), odd); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "autodiscover") {
			t.Errorf("tried: %v", err)
		}
		send, err := notify.SMTP(odd, "comments.example.com")
		if err == nil {
			err = send(context.Background(), notify.Message{To: "ann@example.com", Subject: "s", Text: "t"})
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "first record") {
			t.Errorf("sent: %v", err)
		}
	}
}

// Domains go over the wire in the letters that every relay takes.
func TestAddressesAreSpeltForTheWire(t *testing.T) {
	r, addr := newRelay(t)
	send, err := notify.SMTP(addr, "comments.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := send(context.Background(), notify.Message{To: "ann@почта.рф", Subject: "x", Text: "y"}); err != nil {
		t.Fatal(err)
	}
	if want := "ann@xn--80a1acny.xn--p1ai"; len(r.to) != 1 || r.to[0] != want {
		t.Errorf("to %q, want %q", r.to, want)
	}
}

func TestMailArrives(t *testing.T) {
	r, addr := newRelay(t)
	send, err := notify.SMTP(addr, "comments.example")
	if err != nil {
		t.Fatal(err)
	}
	err = send(context.Background(), notify.Message{To: "ann@example.com", Site: "The \"Lantern\"\r\nBcc: evil@example.com", Subject: "Привет\r\nBcc: evil@example.com", Text: "line one\nüñí\n"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.to) != 1 || r.to[0] != "ann@example.com" {
		t.Fatalf("recipients %v", r.to)
	}
	m, err := mail.ReadMessage(strings.NewReader(r.data[0]))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Bcc") != "" {
		t.Error("a line break in the subject became a header")
	}
	for h, want := range map[string]string{"From": `"The \"Lantern\" Bcc: evil@example.com" <comments@news.example>`, "To": "<ann@example.com>", "Auto-Submitted": "auto-generated"} {
		if got := m.Header.Get(h); got != want {
			t.Errorf("%s: %q, want %q", h, got, want)
		}
	}
	if id := m.Header.Get("Message-Id"); !strings.HasSuffix(id, "@comments.example>") || len(id) < 30 {
		t.Errorf("Message-ID: %q, want one under comments.example", id)
	}
}

func TestARefusalIsAnErrorToTryAgain(t *testing.T) {
	r, addr := newRelay(t)
	r.refuse = &smtp.SMTPError{Code: 451, Message: "later"}
	send, err := notify.SMTP(addr, "comments.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := send(context.Background(), notify.Message{To: "ann@example.com", Site: "The \"Lantern\"\r\nBcc: evil@example.com", Subject: "s", Text: "t"}); err == nil {
		t.Error("a refused mail counts as sent")
	}
}

func TestOddAddressesAreRefused(t *testing.T) {
	for _, a := range []string{"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://h?from=a,b@c.d", "smtp://h:x"} {
		if _, err := notify.SMTP(a, "comments.example"); err == nil {
			t.Errorf("%q was accepted", a)
		}
	}
}
