package notify

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// relayNoted is how often it is written down that the mail server still takes mail.
const relayNoted = 10 * time.Minute

// RelayState is how the mail server did of late.
type RelayState struct {
	Taken   time.Time // when it last took a mail; zero: never
	Refused time.Time // when it last did not, for a reason that is not the addressee's; zero: never
	Why     string    // that it gave then
}

// Works reports whether the last that is known of the mail server is that it took a mail.
func (s RelayState) Works() bool { return s.Taken.After(s.Refused) }

// RelayStates is where that is kept.
type RelayStates interface {
	NoteRelay(ctx context.Context, s RelayState) error
	RelayState(ctx context.Context) (RelayState, error)
}

// Relay sends, and writes down whether the mail server took it.
type Relay struct {
	To    func(ctx context.Context, m Message) error
	Notes RelayStates
	Now   func() time.Time

	mu   sync.Mutex
	last RelayState
}

// Send hands a message to the mail server. An address that it does not know is no fault of its.
func (r *Relay) Send(ctx context.Context, m Message) error {
	err := r.To(ctx, m)
	if errors.Is(err, ErrForGood) {
		return err
	}
	now := r.Now()
	r.mu.Lock()
	s, was := r.last, r.last
	if err == nil {
		s.Taken = now
	} else {
		s.Refused, s.Why = now, err.Error()
	}
	due := s.Works() != was.Works() || s.Why != was.Why || now.Sub(was.Taken) > relayNoted && now.Sub(was.Refused) > relayNoted
	if due {
		r.last = s
	}
	r.mu.Unlock()
	if due {
		if e := r.Notes.NoteRelay(context.WithoutCancel(ctx), s); e != nil {
			slog.Warn("what the mail server said could not be noted", "err", e)
		}
	}
	return err
}
