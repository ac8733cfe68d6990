package push

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"
)

const (
	authBytes  = 16
	saltBytes  = 16
	recordSize = 4096
	padTo      = 512            // messages are as long as a multiple of it: their length says little
	signedFor  = 12 * time.Hour // services take no more than a day
)

var errDevice = errors.New("the keys are not those of a device")

// deviceKey reads a device's public key.
func deviceKey(d Device) (*ecdh.PublicKey, error) {
	key, err := ecdh.P256().NewPublicKey(d.Key)
	if err != nil || len(d.Auth) != authBytes {
		return nil, errDevice
	}
	return key, nil
}

// encrypt makes the body of a message: one record of RFC 8188, by keys of RFC 8291.
func encrypt(d Device, payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		return nil, fmt.Errorf("%w: %d bytes are too long", ErrRefused, len(payload))
	}
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt)                                                       // never fails
	padded := append(append(make([]byte, 0, len(payload)+padTo), payload...), 2) // 2: this record is the last
	padded = append(padded, make([]byte, (padTo-len(padded)%padTo)%padTo)...)
	return seal(d, own, salt, padded)
}

// seal is encrypt of what is padded already, with a key and a salt.
func seal(d Device, own *ecdh.PrivateKey, salt, padded []byte) ([]byte, error) {
	theirs, err := deviceKey(d)
	if err != nil {
		return nil, err
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		return nil, errDevice
	}
	key, nonce, err := derive(shared, d, own.PublicKey().Bytes(), salt)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	public := own.PublicKey().Bytes()
	out := append([]byte(nil), salt...)
	out = binary.BigEndian.AppendUint32(out, recordSize)
	out = append(append(out, byte(len(public))), public...)
	return gcm.Seal(out, nonce, padded, nil), nil
}

// derive makes the key and the nonce of a message.
func derive(shared []byte, d Device, public, salt []byte) (key, nonce []byte, err error) {
	info := "WebPush: info\x00" + string(d.Key) + string(public)
	secret, err := hkdf.Key(sha256.New, shared, d.Auth, info, sha256.Size)
	if err != nil {
		return nil, nil, err
	}
	if key, err = hkdf.Key(sha256.New, secret, salt, "Content-Encoding: aes128gcm\x00", 16); err != nil {
		return nil, nil, err
	}
	nonce, err = hkdf.Key(sha256.New, secret, salt, "Content-Encoding: nonce\x00", 12)
	return key, nonce, err
}

// Keys are what this server proves to push services with that it is the one whom
// a device let in. With others all devices would have to be let in anew.
type Keys struct {
	private *ecdsa.PrivateKey
	public  string
}

// NewKeys makes them; the text is to be kept secret.
func NewKeys() (text string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	raw, err := key.Bytes()
	return base64.RawURLEncoding.EncodeToString(raw), err
}

// ReadKeys reads what NewKeys made.
func ReadKeys(text string) (*Keys, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("not a key for push messages")
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		return nil, errors.New("not a key for push messages")
	}
	public, err := key.PublicKey.Bytes()
	return &Keys{key, base64.RawURLEncoding.EncodeToString(public)}, err
}

// Public is what browsers are given.
func (k *Keys) Public() string { return k.public }

// sign says to the service at an address who sends: a token of RFC 8292.
func (k *Keys) sign(to *url.URL, subject string, now time.Time) (string, error) {
	claims, err := json.Marshal(map[string]any{"aud": to.Scheme + "://" + to.Host, "exp": now.Add(signedFor).Unix(), "sub": subject})
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding.EncodeToString
	text := enc([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + enc(claims)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, k.private, sum[:])
	if err != nil {
		return "", err
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return "vapid t=" + text + "." + enc(sig) + ", k=" + k.public, nil
}
