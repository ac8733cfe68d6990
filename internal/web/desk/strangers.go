package desk

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// What is known of a way in for people whom nobody has given an account.
const (
	wayWorks    = "works"
	wayUntried  = "untried" // set up, and nobody has come by it
	wayFails    = "fails"
	wayWithheld = "off" // offered to nobody
)

type (
	// strangers is how somebody whom the site does not know can comment.
	strangers struct {
		Can  bool          `json:"can"` // the site takes comments, and one of the ways works, or is untried since the start and strangers have commented before
		Ways []strangerWay `json:"ways"`
		Mail bool          `json:"mail"` // a mail server is set
	}
	strangerWay struct {
		ID    string `json:"id"` // of a way in; "site" is an account made with a mail's link
		Label string `json:"label"`
		Kind  string `json:"kind" enum:"provider,sso,site,guest"`
		State string `json:"state" enum:"works,untried,fails,off"`
		Why   string `json:"why"` // that it fails, in words; else ""
	}
)

// Strangers knows whether somebody whom nobody gave an account has commented.
type Strangers interface {
	StrangersCommented(ctx context.Context, site discuss.ID) (bool, error)
}

func (r Room) strangers(ctx context.Context, q *edge.Request, _ onSite) (strangers, error) {
	out := strangers{Ways: []strangerWay{}, Mail: r.Relay}
	ways, err := r.Auth.Ways(ctx, q.Site)
	if err != nil {
		return out, err
	}
	own, err := r.Auth.SiteWayList(ctx, q.Site.ID)
	if err != nil {
		return out, err
	}
	untried := false
	for _, w := range ways {
		s := strangerWay{ID: w.ID, Label: w.Label, Kind: w.Kind}
		switch w.Kind {
		case "guest":
			s.State = wayWorks
		case "site":
			if s.State, s.Why, err = r.byMail(ctx, q.Site); err != nil {
				return out, err
			}
		case "provider":
			s.State, s.Why = r.byProvider(q.Site.ID, own, w.ID)
		default:
			s.State = wayUntried
		}
		out.Can = out.Can || s.State == wayWorks
		untried = untried || s.State == wayUntried
		out.Ways = append(out.Ways, s)
	}
	if closed(q.Site) {
		out.Can = false
		return out, nil
	}
	// What is known of a way is known since the start alone: that somebody came by
	// one speaks for those of which nothing is known, never for one that is off or fails.
	if !out.Can && untried {
		out.Can, err = r.Known.StrangersCommented(ctx, q.Site.ID)
	}
	return out, err
}

// closed reports that a site takes nobody's comments, which is what its admins want.
func closed(site discuss.Site) bool { return site.ReadOnly() || site.Settings.Moderation.ClosedAll }

// byMail is how an account of the site's own can be made: it ends with a link in a mail.
func (r Room) byMail(ctx context.Context, site discuss.Site) (state, why string, err error) {
	switch {
	case !site.Settings.Registration:
		return wayWithheld, "", nil
	case !r.Relay:
		return wayFails, "No mail server is set up, so nobody gets the link that completes a registration.", nil
	}
	s, err := r.Mails.RelayState(ctx)
	switch {
	case err != nil:
		return "", "", err
	case s.Works():
		return wayWorks, "", nil
	case !s.Refused.IsZero():
		return wayFails, "The mail server said: " + s.Why, nil
	}
	return wayUntried, "", nil
}

// byProvider is how the last sign-ins by a provider went, under the site's own registration or the instance's.
func (r Room) byProvider(site discuss.ID, own []auth.Keys, id string) (state, why string) {
	scope := discuss.ID(0)
	for _, k := range own {
		if k.Provider == id {
			scope = site
		}
	}
	h := r.Auth.Health(scope, id)
	switch {
	case h.Failing():
		return wayFails, h.Why
	case !h.Used.IsZero():
		return wayWorks, ""
	}
	return wayUntried, ""
}
