package auth

import (
	"errors"
	"time"

	"parley/internal/discuss"
)

// Health is what the last sign-ins by a provider came to, since the program
// started. It is kept in memory alone: it is for whoever looks after the keys.
type Health struct {
	Used   time.Time // the last one that went well
	Failed time.Time // the last one that the provider, or the registration, spoilt
	Step   string    // of the failure: "begin", "answer", "token", "profile" or "read"
	Why    string    // in a word or two, never what was answered
}

// Failing reports whether the last attempt went wrong.
func (h Health) Failing() bool { return h.Failed.After(h.Used) }

type healthKey struct {
	scope    discuss.ID
	provider string
}

// Health of a registration: the site's own, or with scope 0 the instance's.
func (a *Service) Health(scope discuss.ID, provider string) Health {
	v, _ := a.health.Load(healthKey{scope, provider})
	h, _ := v.(Health)
	return h
}

// noted remembers how a sign-in ended. What the reader did, a cancelling for
// one, says nothing about the registration.
func (a *Service) noted(scope discuss.ID, provider string, err error) {
	h := a.Health(scope, provider)
	switch {
	case err == nil:
		h.Used = a.Now()
	case errors.Is(err, ErrProvider):
		h.Failed, h.Step, h.Why = a.Now(), "read", "the answer has another shape"
		var f *fault
		if errors.As(err, &f) {
			h.Step, h.Why = f.step, f.why
		}
	default:
		return
	}
	a.health.Store(healthKey{scope, provider}, h)
}

// fault is ErrProvider with the place where it happened.
type fault struct{ step, why string }

func (f *fault) Error() string { return ErrProvider.Error() }

// Unwrap makes it an ErrProvider for everybody else.
func (f *fault) Unwrap() error { return ErrProvider }
