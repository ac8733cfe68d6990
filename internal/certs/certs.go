// Package certs has the certificate of the public host: from the owner's own
// files, which it reads again when they change, or from an ACME server, which
// it asks, and asks again in time.
//
// It speaks ACME by golang.org/x/crypto/acme, the client under autocert, and
// by nothing of autocert's manager: that one begins an order whenever a stranger
// opens a connection, once a minute while the server refuses, where Let's Encrypt
// allows five failures an hour; and it keeps to itself why a renewal failed,
// which is what an owner must read. CertMagic does both well, for many hosts and
// by many stores, with a logger, a DNS library and 2.8 MB of program more. One
// host needs the two hundred lines in acme.go, and no module that was not there.
package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"time"

	"golang.org/x/crypto/acme"
)

// Source has a certificate.
type Source interface {
	// Get is the certificate for a connection that begins.
	Get(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// Run keeps it fresh until ctx ends.
	Run(ctx context.Context)
	// Again looks anew at once: the owner has put something right.
	Again()
}

// ErrNone is what a connection ends with while there is no certificate.
var ErrNone = errors.New("there is no certificate yet")

// Config is how connections are encrypted.
func Config(s Source) *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"http/1.1", acme.ALPNProto},
		GetCertificate: s.Get,
	}
}

// Check says what is wrong with a certificate for a host at a moment; nil if
// browsers that trust its issuer would take it.
func Check(c *tls.Certificate, host string, now time.Time) error {
	leaf := c.Leaf
	if err := leaf.VerifyHostname(host); err != nil {
		var other x509.HostnameError
		if errors.As(err, &other) {
			return errors.New("it is not for " + host)
		}
		return err
	}
	if now.After(leaf.NotAfter) {
		return errors.New("it ended on " + leaf.NotAfter.UTC().Format(time.DateTime) + " UTC")
	}
	if now.Before(leaf.NotBefore) {
		return errors.New("it begins on " + leaf.NotBefore.UTC().Format(time.DateTime) + " UTC only")
	}
	return nil
}
