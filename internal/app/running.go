package app

import (
	"slices"

	"parley/internal/store"
)

// running is what a server leaves beside its database about its settings:
// commands of another shell may have been given others, or none. Nothing in it
// is a secret.
type running struct {
	PublicURL      string   `json:"public_url"`
	TrustedProxies []string `json:"trusted_proxies"`
	Mail           bool     `json:"mail"` // there is a relay
	BackupDir      string   `json:"backup_dir"`
	Outbound       string   `json:"outbound"`
	TLS            string   `json:"tls"`
}

func (s *Settings) running() running {
	return running{PublicURL: s.BaseURL(), TrustedProxies: s.TrustedProxies, Mail: s.SMTPURL != "", BackupDir: s.BackupDir, Outbound: s.Outbound, TLS: s.TLS}
}

// DifferFromServer names the settings of this command that the server which has
// the database was not started with; runs is false where there is none.
func (s *Settings) DifferFromServer() (differ []string, runs bool, err error) {
	path, err := s.DatabasePath()
	if err != nil {
		return nil, false, err
	}
	var there running
	if runs, err = store.Served(path, &there); err != nil || !runs {
		return nil, runs, err
	}
	here := s.running()
	if here.PublicURL != there.PublicURL {
		differ = append(differ, "public-url (the server has "+there.PublicURL+")")
	}
	if !slices.Equal(here.TrustedProxies, there.TrustedProxies) {
		differ = append(differ, "trusted-proxies")
	}
	if here.Mail != there.Mail {
		differ = append(differ, "smtp-url")
	}
	if here.BackupDir != there.BackupDir {
		differ = append(differ, "backup-dir")
	}
	if here.Outbound != there.Outbound {
		differ = append(differ, "outbound")
	}
	if here.TLS != there.TLS {
		differ = append(differ, "tls")
	}
	return differ, true, nil
}
