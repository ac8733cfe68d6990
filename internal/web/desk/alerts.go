package desk

import (
	"context"
	"sync"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

const (
	// alertsKept is how long what is known of the server serves every open dashboard.
	alertsKept = 5 * time.Minute
	// freeWanted is how much of the disk must be free, in bytes.
	freeWanted = 512 << 20
)

type (
	// alert is something that only whoever runs the site, or the server, can mend.
	alert struct {
		Code     string `json:"code" enum:"nobody,mail_off,mail_failing,mail_given_up,mail_held,provider_failing,read_only,disk,backups"`
		Sentence string `json:"sentence"`
		Do       string `json:"do"`
		Section  string `json:"section"` // of the dashboard's settings that helps; "server" is the server's page, "" none
	}
	alerts struct {
		Alerts []alert `json:"alerts"` // the worst first
	}
	// serverAlerts are those of the server, which are asked for seldom.
	serverAlerts struct {
		mu   sync.Mutex
		at   time.Time
		list []alert
	}
)

// alerts lists what needs whoever asks: an admin the site's, an operator the server's too.
func (r Room) alerts(ctx context.Context, q *edge.Request, _ onSite) (alerts, error) {
	out := alerts{[]alert{}}
	if q.Who.May(discuss.ActInstance) {
		list, err := r.ofServer(ctx)
		if err != nil {
			return out, err
		}
		out.Alerts = append(out.Alerts, list...)
	}
	s, err := r.strangers(ctx, q, onSite{})
	if err != nil {
		return out, err
	}
	if !s.Can && !closed(q.Site) {
		sentence := "Nobody but you can comment."
		if some, err := r.Known.StrangersCommented(ctx, q.Site.ID); err != nil {
			return out, err
		} else if some { // who has an account still can
			sentence = "Nobody new can comment."
		}
		out.Alerts = append(out.Alerts, alert{"nobody", sentence, "Let guests write, set up a way to sign in, or send a test email that proves that readers' emails arrive.", "signin"})
	}
	for _, w := range s.Ways {
		if w.State != wayFails {
			continue
		}
		switch w.Kind {
		case "provider":
			out.Alerts = append(out.Alerts, alert{"provider_failing", "The last sign-in by " + w.Label + " failed: " + w.Why + ".", "Look at what is registered there; parley doctor --provider " + w.ID + " asks it.", "signin"})
		case "site":
			if r.Relay {
				out.Alerts = append(out.Alerts, alert{"mail_failing", "Email doesn't leave. " + w.Why, "Look at the address and the password of the mail server, then send a test email.", "mail"})
			}
		}
	}
	return out, nil
}

// ofServer are the server's own, made anew every few minutes.
func (r Room) ofServer(ctx context.Context) ([]alert, error) {
	k := r.told
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := r.Now(); now.Sub(k.at) < alertsKept {
		return k.list, nil
	}
	v, err := r.Server.ServerState(ctx)
	if err != nil {
		return nil, err
	}
	k.at, k.list = r.Now(), serverTroubles(v)
	return k.list, nil
}

// serverTroubles says what of a server's state needs its operator.
func serverTroubles(v ServerState) (out []alert) {
	add := func(code, sentence, do string) { out = append(out, alert{code, sentence, do, "server"}) }
	if v.ReadOnly {
		add("read_only", "Nothing can be written: comments are refused.", "Look at the disk and its rights; parley doctor names the cause.")
	}
	if v.Free >= 0 && v.Free < freeWanted {
		add("disk", "The disk is nearly full.", "Make room beside "+v.Database+": without room nobody can comment.")
	}
	if v.Backups.Dir != "" && !v.Backups.Good {
		add("backups", v.Backups.Trouble, "parley backup --help and the log say more.")
	}
	if v.Jobs.Held > 0 {
		add("mail_held", "Emails wait since a backup was put in place.", "Send or drop them.")
	}
	if v.Jobs.Failed > 0 {
		add("mail_given_up", "Some emails or requests were given up.", "Look why, and have them tried again.")
	}
	return out
}
