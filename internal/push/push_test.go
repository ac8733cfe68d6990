package push

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func b64(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The example of RFC 8291, appendix A, to the byte.
func TestTheExampleOfTheRFC(t *testing.T) {
	d := Device{Key: b64(t, "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), Auth: b64(t, "BTBZMqHH6r4Tts7J_aSIgg")}
	own, err := ecdh.P256().NewPrivateKey(b64(t, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := seal(d, own, b64(t, "DGv6ra1nlYgDCS1FRnbzlw"), append([]byte("When I grow up, I want to be a watermelon"), 2))
	if err != nil {
		t.Fatal(err)
	}
	const want = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
	if s := base64.RawURLEncoding.EncodeToString(got); s != want {
		t.Errorf("%s, want %s", s, want)
	}
}

// device is a browser that takes messages, as far as its keys go.
type device struct {
	Device
	private *ecdh.PrivateKey
}

func newDevice(t *testing.T, endpoint string) device {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := make([]byte, authBytes)
	_, _ = rand.Read(auth)
	return device{Device{endpoint, key.PublicKey().Bytes(), auth}, key}
}

// opened is what a message says, as the device reads it.
func (d device) opened(t *testing.T, body []byte) []byte {
	t.Helper()
	salt, n := body[:saltBytes], int(body[20])
	public := body[21 : 21+n]
	theirs, err := ecdh.P256().NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := d.private.ECDH(theirs)
	if err != nil {
		t.Fatal(err)
	}
	key, nonce, err := derive(shared, d.Device, public, salt)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := aes.NewCipher(key)
	gcm, _ := cipher.NewGCM(block)
	plain, err := gcm.Open(nil, nonce, body[21+n:], nil)
	if err != nil {
		t.Fatal(err)
	}
	plain = []byte(strings.TrimRight(string(plain), "\x00"))
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		t.Fatal("no end of the record")
	}
	return plain[:len(plain)-1]
}

// A service over HTTPS gets what only the device can read, signed for it; what it
// answers comes to the end that it means.
func TestAServiceGetsAMessage(t *testing.T) {
	text, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ReadKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	var got http.Header
	var body []byte
	status, after := http.StatusCreated, ""
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		body, _ = io.ReadAll(r.Body)
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		w.WriteHeader(status)
	}))
	defer service.Close()
	at, _ := url.Parse(service.URL)
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	c := &Client{HTTP: service.Client(), Keys: keys, Subject: "https://comments.example", Now: func() time.Time { return now }, Hosts: []string{at.Host}}
	d := newDevice(t, service.URL+"/send/abc")
	send := func() error {
		return c.Send(context.Background(), d.Device, Topic("thread"), []byte(`{"web_push":8030}`))
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if said := d.opened(t, body); string(said) != `{"web_push":8030}` {
		t.Errorf("the device reads %q", said)
	}
	if len(body) > 4096 || len(got.Get("Topic")) != MaxTopic || got.Get("TTL") != "86400" || got.Get("Content-Encoding") != "aes128gcm" {
		t.Errorf("%d bytes, %v", len(body), got)
	}
	token, key, _ := strings.Cut(strings.TrimPrefix(got.Get("Authorization"), "vapid t="), ", k=")
	parts := strings.Split(token, ".")
	if key != keys.Public() || len(parts) != 3 {
		t.Fatal(got.Get("Authorization"))
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), b64(t, key))
	if err != nil {
		t.Fatal(err)
	}
	sig, sum := b64(t, parts[2]), sha256.Sum256([]byte(parts[0]+"."+parts[1]))
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		t.Error("the signature is not this server's")
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(b64(t, parts[1]), &claims); err != nil || claims.Aud != service.URL || claims.Sub != "https://comments.example" || claims.Exp != now.Add(signedFor).Unix() {
		t.Errorf("%+v %v", claims, err)
	}

	var wait *Wait
	for _, x := range []struct {
		status int
		after  string
		is     func(error) bool
	}{
		{http.StatusNotFound, "", func(err error) bool { return errors.Is(err, ErrGone) }},
		{http.StatusGone, "", func(err error) bool { return errors.Is(err, ErrGone) }},
		{http.StatusRequestEntityTooLarge, "", func(err error) bool { return errors.Is(err, ErrRefused) }},
		{http.StatusForbidden, "", func(err error) bool { return errors.Is(err, ErrRefused) }},
		{http.StatusTooManyRequests, "120", func(err error) bool { return errors.As(err, &wait) && wait.For == 2*time.Minute }},
		{http.StatusServiceUnavailable, now.Add(time.Minute).Format(http.TimeFormat), func(err error) bool { return errors.As(err, &wait) && wait.For == time.Minute }},
		{http.StatusTooManyRequests, "999999999", func(err error) bool { return errors.As(err, &wait) && wait.For == longestWait }},
		{http.StatusInternalServerError, "", func(err error) bool { return err != nil && !errors.Is(err, ErrRefused) && !errors.Is(err, ErrGone) }},
	} {
		status, after = x.status, x.after
		if err := send(); !x.is(err) {
			t.Errorf("%d %s: %v", x.status, x.after, err)
		}
	}
}

// An address that leads elsewhere than to a push service is none.
func TestOnlyPushServicesAreReached(t *testing.T) {
	c := &Client{Hosts: []string{"push.example:8443"}}
	d := newDevice(t, "")
	for at, ok := range map[string]bool{
		"https://fcm.googleapis.com/fcm/send/x":                  true,
		"https://updates.push.services.mozilla.com/wpush/v2/x":   true,
		"https://web.push.apple.com/QG":                          true,
		"https://wns2-by3p.notify.windows.com/w/?token=x":        true,
		"https://push.example:8443/x":                            true,
		"https://push.example/x":                                 false,
		"http://fcm.googleapis.com/x":                            false,
		"https://fcm.googleapis.com:8080/x":                      false,
		"https://evil.fcm.googleapis.com/x":                      false,
		"https://push.services.mozilla.com.evil.example/x":       false,
		"https://evilpush.apple.com/x":                           false,
		"https://user@fcm.googleapis.com/x":                      false,
		"https://127.0.0.1/x":                                    false,
		"https://fcm.googleapis.com@evil.example/x":              false,
		"https://fcm.googleapis.com/" + strings.Repeat("x", 2e3): false,
		"": false,
	} {
		d.Endpoint = at
		if err := c.Check(d.Device); (err == nil) != ok {
			t.Errorf("%.60s: %v", at, err)
		}
	}
	d.Endpoint = "https://fcm.googleapis.com/x"
	for _, bad := range []Device{{d.Endpoint, d.Key[:64], d.Auth}, {d.Endpoint, d.Key, d.Auth[:8]}, {d.Endpoint, make([]byte, 65), d.Auth}} {
		if c.Check(bad) == nil {
			t.Error("keys that are none are taken")
		}
	}
}
