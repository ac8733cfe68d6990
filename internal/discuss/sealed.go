package discuss

import "strings"

// sealedMark begins a secret as it is kept: whoever reads the database, or an
// old copy of it, has no use for it without the key file.
const sealedMark = "sealed:"

const maxSealedBytes = 1 << 10

// secrets are what the settings keep sealed.
func (m *Moderation) secrets() []*string {
	return []*string{&m.AkismetKey, &m.ScorerKey, &m.HookSecret}
}

// SealSecrets seals what is not sealed yet; it reports whether there was anything.
func (m *Moderation) SealSecrets(seal func(text string) string) (some bool) {
	for _, s := range m.secrets() {
		if *s != "" && !strings.HasPrefix(*s, sealedMark) {
			*s, some = sealedMark+seal(*s), true
		}
	}
	return some
}

// OpenSecrets is the settings with their secrets as they were typed.
func (m Moderation) OpenSecrets(open func(sealed string) (string, error)) (Moderation, error) {
	for _, s := range m.secrets() {
		sealed, ok := strings.CutPrefix(*s, sealedMark)
		if !ok {
			continue
		}
		text, err := open(sealed)
		if err != nil {
			return m, err
		}
		*s = text
	}
	return m, nil
}
