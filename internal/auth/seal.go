package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// SealKeyBytes is the length of the key that secrets at rest are sealed with.
const SealKeyBytes = 32

// Sealer keeps secrets that must be read again, such as a site's keys at a
// provider, unreadable for whoever has the database without the key.
type Sealer struct{ aead cipher.AEAD }

// KeyFingerprint tells one sealing key from another, and nothing about it.
func KeyFingerprint(key []byte) []byte {
	sum := sha256.Sum256(append([]byte("parley sealing key\x00"), key...))
	return sum[:16]
}

// NewSealer takes a key of SealKeyBytes.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) != SealKeyBytes {
		return nil, fmt.Errorf("the sealing key has %d bytes, not %d", len(key), SealKeyBytes)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &Sealer{aead}, err
}

// Seal encrypts text for one purpose and place; it opens for the same alone,
// so that a sealed value copied into another row is worthless there.
func (s *Sealer) Seal(text, purpose string) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	_, _ = rand.Read(nonce)
	return s.aead.Seal(nonce, nonce, []byte(text), []byte(purpose))
}

var errSealed = errors.New("a sealed secret does not open: the key file is not the one it was sealed with")

// Open returns what Seal was given.
func (s *Sealer) Open(sealed []byte, purpose string) (string, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return "", errSealed
	}
	text, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(purpose))
	if err != nil {
		return "", errSealed
	}
	return string(text), nil
}
