package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// put writes a certificate for a host, and its key.
func put(t *testing.T, cert, key, host string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{host}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A good pair for another host does not take the place of the one that serves; a
// renewed one does, and mends it.
func TestACertificateForAnotherHostIsNotTaken(t *testing.T) {
	const host = "comments.example.com"
	cert, key := filepath.Join(t.TempDir(), "c.pem"), filepath.Join(t.TempDir(), "k.pem")
	put(t, cert, key, host)
	f, err := NewFiles(cert, key, host)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := f.Get(nil)
	put(t, cert, key, "other.example.com")
	f.read()
	if now, _ := f.Get(nil); now != before || !strings.Contains(f.said, "not for "+host) {
		t.Errorf("the one for another host is taken; said: %q", f.said)
	}
	put(t, cert, key, host)
	f.read()
	if now, _ := f.Get(nil); now == before || f.said != "" {
		t.Errorf("a renewed one is not taken; said: %q", f.said)
	}
}
