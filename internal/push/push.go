// Package push brings messages to people's devices by the push services of their
// browsers: encrypted for the device (RFC 8291), signed as this server (RFC 8292),
// and to services that are on a list, for addresses come from strangers.
package push

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Services are the hosts of the push services that browsers use; one that begins
// with a dot stands for all below it.
var Services = []string{"fcm.googleapis.com", ".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com"}

// Limits of what is sent.
const (
	MaxEndpoint = 1024           // bytes of an address
	MaxPayload  = 3000           // bytes of a message before it is encrypted: services take 4096 of the whole
	Life        = 24 * time.Hour // for which a service keeps what a device has not fetched
	MaxTopic    = 32             // signs, as services have it
	longestWait = 6 * time.Hour  // that a service may ask for
	maxAnswer   = 4 << 10
)

// The ends that a message can come to; anything else is worth another try.
var (
	ErrGone    = errors.New("the device does not take messages any more")
	ErrRefused = errors.New("the push service refuses the message")
	ErrHost    = errors.New("the address is of no push service that this server knows")
)

// Wait is what a service says that has no time for a message.
type Wait struct{ For time.Duration }

// Error says how long.
func (e *Wait) Error() string { return "the push service asks to wait " + e.For.String() }

// Device is where a browser takes messages, and with what they are encrypted.
type Device struct {
	Endpoint string
	Key      []byte // the device's public key, P-256 and not compressed
	Auth     []byte // 16 bytes that only it and this server know
}

// Client sends messages.
type Client struct {
	HTTP    *http.Client
	Hosts   []string // beside Services
	Keys    *Keys
	Subject string // whom a service writes to: https or mailto
	Now     func() time.Time
}

// Check refuses a device whose address leads elsewhere than to a push service, or
// whose keys are none.
func (c *Client) Check(d Device) error {
	u, err := url.Parse(d.Endpoint)
	if err != nil || len(d.Endpoint) > MaxEndpoint || u.Scheme != "https" || u.User != nil || u.Fragment != "" {
		return ErrHost
	}
	known := func(list []string) bool {
		return slices.ContainsFunc(list, func(h string) bool {
			return u.Host == h || u.Hostname() == h && (u.Port() == "" || u.Port() == "443") || strings.HasPrefix(h, ".") && strings.HasSuffix(u.Hostname(), h) && u.Port() == ""
		})
	}
	if !known(Services) && !known(c.Hosts) {
		return ErrHost
	}
	_, err = deviceKey(d)
	return err
}

// Send encrypts a message for a device and hands it to its service. A later
// message of a topic takes the place of one that the device has not fetched.
func (c *Client) Send(ctx context.Context, d Device, topic string, payload []byte) error {
	if err := c.Check(d); err != nil {
		return err
	}
	body, err := encrypt(d, payload)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Endpoint, bytes.NewReader(body))
	if err != nil {
		return ErrHost
	}
	signed, err := c.Keys.sign(r.URL, c.Subject, c.Now())
	if err != nil {
		return err
	}
	for name, v := range map[string]string{
		"Authorization": signed, "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
		"TTL": strconv.Itoa(int(Life.Seconds())), "Topic": topic, "Urgency": "normal",
	} {
		r.Header.Set(name, v)
	}
	res, err := c.HTTP.Do(r)
	if err != nil {
		return fmt.Errorf("the push service at %s does not answer", r.URL.Host) // the address itself is a secret
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer)
	switch {
	case res.StatusCode/100 == 2:
		return nil
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return ErrGone
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500:
		if after := c.after(res.Header.Get("Retry-After")); after > 0 {
			return &Wait{after}
		}
		return fmt.Errorf("the push service at %s answers %d", r.URL.Host, res.StatusCode)
	}
	return fmt.Errorf("%w: %s answers %d", ErrRefused, r.URL.Host, res.StatusCode)
}

// after reads Retry-After: seconds, or a date.
func (c *Client) after(v string) time.Duration {
	if n, err := strconv.Atoi(v); err == nil {
		return min(max(0, time.Duration(n)*time.Second), longestWait)
	}
	if at, err := http.ParseTime(v); err == nil {
		return min(max(0, at.Sub(c.Now())), longestWait)
	}
	return 0
}

// Topic is a name under which a service replaces messages, of whatever names one.
func Topic(of string) string {
	sum := sha256.Sum256([]byte(of))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:MaxTopic]
}
