package systemtest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// pushService stands in for a browser's push service and for the browser behind
// it: it opens what it gets as the device would.
type pushService struct {
	*httptest.Server
	private *ecdh.PrivateKey
	auth    []byte
	mu      sync.Mutex
	status  int
	topics  []string
	said    []pushSaid
}

type pushSaid struct {
	WebPush      int `json:"web_push"`
	Notification struct{ Title, Body, Navigate, Lang, Tag string }
}

func newPushService(t *testing.T) *pushService {
	t.Helper()
	s := &pushService{status: http.StatusCreated, auth: make([]byte, 16)}
	_, _ = rand.Read(s.auth)
	var err error
	if s.private, err = ecdh.P256().GenerateKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var said pushSaid
		if err := json.Unmarshal(s.open(body), &said); err != nil {
			t.Errorf("a message that the device can't read: %v", err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.said, s.topics = append(s.said, said), append(s.topics, r.Header.Get("Topic"))
		w.WriteHeader(s.status)
	}))
	t.Cleanup(s.Close)
	return s
}

// open is RFC 8291 from the device's side, written down here anew.
func (s *pushService) open(body []byte) []byte {
	if len(body) < 21+65 {
		return nil
	}
	salt, public := body[:16], body[21:21+int(body[20])]
	theirs, err := ecdh.P256().NewPublicKey(public)
	if err != nil {
		return nil
	}
	shared, _ := s.private.ECDH(theirs)
	secret, _ := hkdf.Key(sha256.New, shared, s.auth, "WebPush: info\x00"+string(s.private.PublicKey().Bytes())+string(public), 32)
	key, _ := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: aes128gcm\x00", 16)
	nonce, _ := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: nonce\x00", 12)
	block, _ := aes.NewCipher(key)
	gcm, _ := cipher.NewGCM(block)
	plain, err := gcm.Open(nil, nonce, body[21+len(public):], nil)
	if err != nil {
		return nil
	}
	return []byte(strings.TrimSuffix(strings.TrimRight(string(plain), "\x00"), "\x02"))
}

func (s *pushService) subscription(path string) string {
	enc := base64.RawURLEncoding.EncodeToString
	b, _ := json.Marshal(map[string]any{"endpoint": s.URL + path, "expirationTime": nil, "keys": map[string]string{"p256dh": enc(s.private.PublicKey().Bytes()), "auth": enc(s.auth)}})
	return string(b)
}

func (s *pushService) heard() []pushSaid {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]pushSaid(nil), s.said...)
}

// pushing is a program that may reach the stand-in.
func pushing(t *testing.T) (*program, *pushService) {
	t.Helper()
	service := newPushService(t)
	at, err := url.Parse(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_OUTSIDE_NETWORKS=any", "PARLEY_PUSH_HOSTS="+at.Host, "SSL_CERT_FILE="+rootOf(t, service.Server))
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	return p, service
}

// A device that was let in is told who and where, and nothing of what was written
// unless its owner wants that; what was read meanwhile is not told; a device that
// is gone is forgotten, and one that was let out hears nothing.
func TestADeviceIsTold(t *testing.T) {
	parallel(t)
	p, service := pushing(t)
	p.start()
	ann, bo := p.login("ann@example.com"), p.login("bo@example.com")
	own := []string{"Authorization", ann}
	widget := []string{"Origin", testOrigin, "X-Parley", "1", "Cookie", signedIn(t, p, "ann@example.com").widgetOf()}
	if a := p.do("POST", "/api/v1/me/push", service.subscription("/1"), widget...); a.status != 403 {
		t.Errorf("a page's widget lets a device in: %d %s", a.status, a.body)
	}
	if a := p.do("POST", "/api/v1/me/push", strings.Replace(service.subscription("/1"), service.URL, "https://10.0.0.1", 1), own...); a.status != 422 {
		t.Errorf("an address of no push service: %d %s", a.status, a.body)
	}
	var made struct{ ID string }
	p.do("POST", "/api/v1/me/push", service.subscription("/1"), own...).into(t, &made)
	root := p.post(ann, "k", "", "the root")
	p.post(bo, "k", root.ID, "a secret answer")
	eventually(t, "the device is told", func() bool { return len(service.heard()) == 1 })
	said := service.heard()[0]
	if said.WebPush != 8030 || said.Notification.Title != "Bo Berg replied to you" || !strings.HasPrefix(said.Notification.Navigate, p.base+"/c/") || strings.Contains(said.Notification.Body, "secret") {
		t.Errorf("%+v", said)
	}

	if a := p.do("PUT", "/api/v1/me/push/choices", `{"quiet_from":"","quiet_until":"","zone":"Europe/Berlin","text":true}`, own...); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	p.post(bo, "k", root.ID, "an open answer")
	eventually(t, "the device is told again", func() bool { return len(service.heard()) == 2 })
	if said := service.heard()[1]; said.Notification.Body != "an open answer" {
		t.Errorf("%+v", said)
	}
	if len(service.topics) != 2 || service.topics[0] != service.topics[1] || len(service.topics[0]) != 32 {
		t.Errorf("one thread, one topic: %q", service.topics)
	}

	// In quiet hours nothing comes.
	if a := p.do("PUT", "/api/v1/me/push/choices", `{"quiet_from":"00:00","quiet_until":"23:59","zone":"UTC","text":false}`, own...); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	p.post(bo, "k", root.ID, "an answer at night")
	eventually(t, "the bell says so all the same", func() bool {
		var told struct{ Unread int }
		p.do("GET", "/api/v1/me/notifications", "", own...).into(t, &told)
		return told.Unread == 3
	})

	// A device that is gone is forgotten.
	if a := p.do("PUT", "/api/v1/me/push/choices", `{"quiet_from":"","quiet_until":"","zone":"UTC","text":false}`, own...); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	service.mu.Lock()
	service.status = http.StatusGone
	service.mu.Unlock()
	p.post(bo, "k", root.ID, "one more")
	devices := func() (n int) {
		var out struct{ Devices []struct{ ID string } }
		p.do("GET", "/api/v1/me/push", "", own...).into(t, &out)
		return len(out.Devices)
	}
	eventually(t, "the device is forgotten", func() bool { return devices() == 0 })

	// Let in and out; another account in the same browser takes it over.
	p.do("POST", "/api/v1/me/push", service.subscription("/2"), own...).into(t, &made)
	if a := p.do("DELETE", "/api/v1/me/push/"+made.ID, "", "Authorization", bo); a.status != 404 {
		t.Errorf("another's device: %d", a.status)
	}
	if a := p.do("POST", "/api/v1/me/push", service.subscription("/2"), "Authorization", bo); a.status != 201 || devices() != 0 {
		t.Errorf("%d %s, %d devices of who was there before", a.status, a.body, devices())
	}

	// The keys outlive the server.
	var before, after struct{ Key string }
	p.do("GET", "/api/v1/push/key", "").into(t, &before)
	p.kill()
	p.start()
	p.do("GET", "/api/v1/push/key", "").into(t, &after)
	if before.Key == "" || before.Key != after.Key {
		t.Errorf("keys %q, then %q", before.Key, after.Key)
	}
}

// A copy that people try things on tells no device.
func TestACopyTellsNoDevice(t *testing.T) {
	parallel(t)
	p, service := pushing(t)
	p.env = append(p.env, "PARLEY_OUTBOUND=off")
	p.start()
	ann, bo := p.login("ann@example.com"), p.login("bo@example.com")
	if a := p.do("POST", "/api/v1/me/push", service.subscription("/1"), "Authorization", ann); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	root := p.post(ann, "k", "", "the root")
	p.post(bo, "k", root.ID, "an answer")
	eventually(t, "the bell says so", func() bool {
		var told struct{ Unread int }
		p.do("GET", "/api/v1/me/notifications", "", "Authorization", ann).into(t, &told)
		return told.Unread == 1
	})
	if n := len(service.heard()); n != 0 {
		t.Errorf("%d messages left", n)
	}
}
