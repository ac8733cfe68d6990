package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/fetch"
	"parley/internal/push"
	"parley/internal/store"
)

// pushPurpose is what the keys of messages to devices are sealed for.
const pushPurpose = "push"

// pushClient sends messages to devices, by keys that are made once: those that a
// database has and that can't be opened are an error, for with others every device
// would be lost without a word.
func (s *Settings) pushClient(ctx context.Context, db *store.Store, seal *auth.Sealer) (*push.Client, error) {
	sealed, err := db.PushKeys(ctx, func() ([]byte, error) {
		text, err := push.NewKeys()
		return seal.Seal(text, pushPurpose), err
	})
	if err != nil {
		return nil, err
	}
	text, err := seal.Open(sealed, pushPurpose)
	if err != nil {
		return nil, errors.New("the keys of push messages in this database are sealed with another key file")
	}
	keys, err := push.ReadKeys(text)
	if err != nil {
		return nil, err
	}
	hosts, err := s.pushHosts()
	if err != nil {
		return nil, err
	}
	client := s.outsideClient()
	client.Timeout = fetch.Patience
	return &push.Client{HTTP: client, Hosts: hosts, Keys: keys, Subject: s.pushSubject(), Now: time.Now}, nil
}

// pushSubject is whom a push service may write to.
func (s *Settings) pushSubject() string {
	if base := s.BaseURL(); strings.HasPrefix(base, "https:") {
		return base
	}
	return "mailto:parley@" + s.Host()
}

// pushHosts are the hosts that push-hosts adds.
func (s *Settings) pushHosts() (out []string, err error) {
	for _, text := range s.PushHosts {
		text = strings.ToLower(strings.TrimSpace(text))
		u, err := url.Parse("https://" + strings.TrimPrefix(text, "."))
		if err != nil || u.Host == "" || u.Host != strings.TrimPrefix(text, ".") || net.ParseIP(u.Hostname()) != nil && strings.HasPrefix(text, ".") {
			return nil, fmt.Errorf("push-hosts: %q must be a host such as push.example.com, or .push.example.com for all below it", text)
		}
		out = append(out, text)
	}
	return out, nil
}
