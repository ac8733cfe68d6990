package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// State is what an Auto leaves beside its certificate, for the doctor to read.
type State struct {
	Refused string    `json:"refused,omitempty"` // why there is no new one; "" if all is well
	At      time.Time `json:"at,omitzero"`       // when it was refused
	Next    time.Time `json:"next,omitzero"`     // when it is asked for again
}

// place is the folder of one directory's certificates: a try at a staging
// server leaves nothing that the real one is then not asked for.
func place(dir, directory string) string {
	name := "acme"
	if u, err := url.Parse(directory); err == nil && u.Host != "" {
		name = strings.NewReplacer(":", "_", "[", "", "]", "").Replace(u.Host)
	}
	return filepath.Join(dir, name)
}

// Look reads what an Auto has left: its certificate, nil if there is none, and its state.
func Look(dir, directory, host string) (*tls.Certificate, State, error) {
	dir = place(dir, directory)
	var st State
	b, err := os.ReadFile(filepath.Join(dir, host+".json"))
	if err == nil {
		err = json.Unmarshal(b, &st)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, st, err
	}
	c, err := load(filepath.Join(dir, host+".pem"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, st, nil
	}
	return c, st, err
}

// load reads a key and its certificates out of one file: they can't be of two
// different renewals.
func load(file string) (*tls.Certificate, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c, err := tls.X509KeyPair(b, b)
	return &c, err
}

// pack is what load reads.
func pack(key *ecdsa.PrivateKey, chain [][]byte) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	out := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	for _, c := range chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c})...)
	}
	return out, nil
}

// account reads or makes the key of the ACME account.
func account(file string) (crypto.Signer, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		packed, err := pack(key, nil)
		if err != nil {
			return nil, err
		}
		return key, write(file, packed)
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, errors.New("tls: " + file + " is no key; move it away, and a new account is made")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("tls: " + file + " is no key that signs")
	}
	return signer, nil
}

// write puts a file in its place whole or not at all, for its owner's eyes.
func write(file string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
